//! What is allocated, and what is not.

use allocation_counter::measure;
use hubseal::{KeyRing, Kind, MemoryBudget, Verifier};

use crate::common::{PREVIOUS_SECRET, endpoint, kind, receive, secret};

#[test]
fn a_one_shot_verification_of_a_borrowed_body_allocates_nothing() {
    let previous = hubseal::AppSecret::new(PREVIOUS_SECRET).unwrap();
    let ring = KeyRing::new([("current", secret()), ("previous", previous)]).unwrap();
    for verifier in [Verifier::new(secret()), Verifier::new(ring)] {
        for size in [0, 1, 64, 700, 4_096, 65_536, 3 << 20] {
            let body = vec![b'{'; size];
            let genuine = verifier.sign(&body).to_string();
            let forged = format!("sha256={:064}", 0);

            let counted = measure(|| {
                assert!(verifier.verify(&genuine, &body).is_ok());
                assert_eq!(
                    kind(verifier.verify(&forged, &body)),
                    Some(Kind::SignatureMismatch)
                );
                assert_eq!(
                    kind(verifier.verify("sha256=", &body)),
                    Some(Kind::SignatureMalformed)
                );
            });
            assert_eq!(counted.count_total, 0, "{size} bytes");
        }
    }
}

#[test]
fn a_hopeless_head_is_refused_without_an_allocation() {
    let endpoint = endpoint().build().unwrap();
    let huge = [
        ("x-hub-signature-256", format!("sha256={:064}", 0)),
        ("content-length", "1073741824".to_owned()),
    ];
    let unsigned = [("content-length", "2")];
    let counted = measure(|| {
        let head = hubseal::Head::new("POST", &unsigned);
        assert_eq!(kind(endpoint.receive(&head)), Some(Kind::SignatureMissing));
        let head = hubseal::Head::new("POST", &huge);
        assert_eq!(kind(endpoint.receive(&head)), Some(Kind::PayloadTooLarge));
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_body_in_one_piece_is_neither_copied_nor_moved() {
    let endpoint = endpoint().build().unwrap();
    let body = bytes::Bytes::from(vec![b'a'; 700]);
    let address = body.as_ptr();
    let mut intake = receive(&endpoint, &body, &[("content-length", "700")]).unwrap();

    let counted = measure(|| {
        intake.push(body).unwrap();
        let verified = intake.finish().unwrap();
        assert_eq!(verified.as_ptr(), address);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_delivery_in_one_piece_allocates_nothing_from_head_to_verdict() {
    let endpoint = endpoint().build().unwrap();
    let body = bytes::Bytes::from(vec![b'a'; 700]);
    let headers = [
        (
            "x-hub-signature-256",
            endpoint.verifier().sign(&body).to_string(),
        ),
        ("content-length", "700".to_owned()),
    ];
    let counted = measure(|| {
        let head = hubseal::Head::new("POST", &headers);
        let mut intake = endpoint.receive(&head).unwrap();
        intake.push(body).unwrap();
        assert_eq!(intake.finish().unwrap().len(), 700);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn what_comes_in_pieces_is_hashed_as_it_comes() {
    let endpoint = endpoint().build().unwrap();
    let mut intake = receive(&endpoint, b"ab", &[]).unwrap();
    intake.push("a").unwrap();
    let counted = measure(|| intake.push("b").unwrap());
    // A list of segments, one for each piece, and the state of HMAC.
    assert_eq!(counted.count_total, 4, "{counted:?}");
    assert!(intake.finish().is_ok());
}

#[test]
fn what_is_allocated_follows_what_arrives_and_not_what_is_declared() {
    let endpoint = endpoint().build().unwrap();
    let declared = [("content-length", "4194304")];
    let piece = bytes::Bytes::from(vec![b'a'; 1_000]);
    let counted = measure(|| {
        let mut intake = receive(&endpoint, b"", &declared).unwrap();
        for _ in 0..10 {
            intake.push(piece.clone()).unwrap();
        }
    });
    // Ten pieces of 1,000 bytes: at most one segment of 8 KiB more than that, and the lists.
    assert!(counted.bytes_max < 10_000 + 8 * 1024 + 2_048, "{counted:?}");
}

#[test]
fn a_piece_that_the_budget_refuses_is_not_copied() {
    let endpoint = endpoint()
        .memory_budget(MemoryBudget::new(0))
        .build()
        .unwrap();
    let mut intake = receive(&endpoint, b"", &[]).unwrap();
    intake.push("a").unwrap();
    let piece = bytes::Bytes::from(vec![b'a'; 65_536]);
    let counted = measure(|| {
        assert_eq!(kind(intake.push(piece)), Some(Kind::BudgetExhausted));
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_large_body_in_tiny_pieces_takes_little_more_than_its_size() {
    let endpoint = endpoint()
        .memory_budget(MemoryBudget::default())
        .build()
        .unwrap();
    let piece = bytes::Bytes::from_static(b"1234567");
    let size = 1 << 20;
    let counted = measure(|| {
        let mut intake = receive(&endpoint, b"", &[]).unwrap();
        for _ in 0..size / piece.len() {
            intake.push(piece.clone()).unwrap();
        }
    });
    assert!(
        counted.bytes_max < size as u64 + 8 * 1024 + 16_384,
        "{counted:?}"
    );
}
