//! Allocations while bodies are received and verified.

use allocation_counter::measure;
use hubseal::{Endpoint, KeyRing, MemoryBudget, Outcome, PayloadLimit, RejectionKind, Verifier};

use crate::common::{PREVIOUS_SECRET, endpoint, kind, receive, secret};

/// Returns an endpoint that has reported a request. The first one registers its log events and metrics.
fn endpoint_in_use() -> Endpoint {
    let endpoint = endpoint()
        .add_observer(|_: &Outcome<'_>| {})
        .build()
        .unwrap();
    receive(&endpoint, b"", &[]).unwrap().finish().unwrap();
    assert!(receive(&endpoint, b"", &[("content-length", "-")]).is_err());
    endpoint
}

#[test]
fn verify_of_borrowed_body_does_not_allocate() {
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
                    Some(RejectionKind::SignatureMismatch)
                );
                assert_eq!(
                    kind(verifier.verify("sha256=", &body)),
                    Some(RejectionKind::SignatureMalformed)
                );
            });
            assert_eq!(counted.count_total, 0, "{size} bytes");
        }
    }
}

#[test]
fn rejects_invalid_head_without_allocating() {
    let endpoint = endpoint_in_use();
    let huge = [
        ("x-hub-signature-256", format!("sha256={:064}", 0)),
        ("content-length", "1073741824".to_owned()),
    ];
    let unsigned = [("content-length", "2")];
    let counted = measure(|| {
        let head = hubseal::RequestHead::new("POST", &unsigned);
        assert_eq!(
            kind(endpoint.receive(&head)),
            Some(RejectionKind::SignatureMissing)
        );
        let head = hubseal::RequestHead::new("POST", &huge);
        assert_eq!(
            kind(endpoint.receive(&head)),
            Some(RejectionKind::PayloadTooLarge)
        );
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn does_not_copy_single_chunk_body() {
    let endpoint = endpoint_in_use();
    let body = bytes::Bytes::from(vec![b'a'; 700]);
    let address = body.as_ptr();
    let mut body_verifier = receive(&endpoint, &body, &[("content-length", "700")]).unwrap();

    let counted = measure(|| {
        body_verifier.push(body).unwrap();
        let verified = body_verifier.finish().unwrap();
        assert_eq!(verified.as_ptr(), address);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn single_chunk_delivery_does_not_allocate() {
    let endpoint = endpoint_in_use();
    let body = bytes::Bytes::from(vec![b'a'; 700]);
    let headers = [
        (
            "x-hub-signature-256",
            endpoint.verifier().sign(&body).to_string(),
        ),
        ("content-length", "700".to_owned()),
    ];
    let counted = measure(|| {
        let head = hubseal::RequestHead::new("POST", &headers);
        let mut body_verifier = endpoint.receive(&head).unwrap();
        body_verifier.push(body).unwrap();
        assert_eq!(body_verifier.finish().unwrap().len(), 700);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn does_not_copy_single_chunk_of_unknown_length() {
    let endpoint = endpoint_in_use();
    let body = bytes::Bytes::from(vec![b'a'; 700]);
    let address = body.as_ptr();
    let body_verifier = receive(&endpoint, &body, &[]).unwrap();

    let counted = measure(|| {
        let verified = body_verifier.finish_with(body).unwrap();
        assert_eq!(verified.as_ptr(), address);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn hashes_chunked_body_incrementally() {
    let endpoint = endpoint_in_use();
    let mut body_verifier = receive(&endpoint, b"ab", &[]).unwrap();
    let counted = measure(|| body_verifier.push("a").unwrap());
    // One for the buffer and one for the HMAC state.
    assert_eq!(counted.count_total, 2, "{counted:?}");
    let counted = measure(|| body_verifier.push("b").unwrap());
    assert_eq!(counted.count_total, 0, "{counted:?}");
    assert!(body_verifier.finish().is_ok());
}

#[test]
fn allocates_by_received_not_declared_length() {
    let endpoint = endpoint_in_use();
    let declared = [("content-length", "4194304")];
    let chunk = bytes::Bytes::from(vec![b'a'; 1_000]);
    let counted = measure(|| {
        let mut body_verifier = receive(&endpoint, b"", &declared).unwrap();
        for _ in 0..10 {
            body_verifier.push(chunk.clone()).unwrap();
        }
    });
    // The buffer of at most twice the received bytes, the previous buffer, and the HMAC state.
    assert!(counted.bytes_max < 3 * 10_000 + 1_024, "{counted:?}");
}

#[test]
fn preallocates_declared_length_for_half_the_budget_only() {
    let endpoint = endpoint_in_use();
    let declared = [("content-length", "4194304")];
    let chunk = bytes::Bytes::from(vec![b'a'; 100_000]);
    let counted = measure(|| {
        let body_verifiers: Vec<_> = (0..20)
            .map(|_| {
                let mut body_verifier = receive(&endpoint, b"", &declared).unwrap();
                body_verifier.push(chunk.clone()).unwrap();
                body_verifier
            })
            .collect();
        drop(body_verifiers);
    });
    // Four buffers of 4 MiB are half of 32 MiB. The others have twice the received bytes.
    let most = 4 * 4_194_304 + 16 * 200_000 + 65_536;
    assert!(counted.bytes_max < most, "{counted:?}");
}

#[test]
fn does_not_copy_chunk_rejected_by_budget() {
    let endpoint = endpoint()
        .payload_limit(PayloadLimit::new(1 << 20))
        .memory_budget(MemoryBudget::new(2 << 20))
        .build()
        .unwrap();
    let mut other = receive(&endpoint, b"", &[]).unwrap();
    other.push(vec![0; 1 << 20]).unwrap();
    // The first report registers log events and metrics.
    assert!(receive(&endpoint, b"", &[]).unwrap().push("{").is_ok());
    assert!(
        receive(&endpoint, b"", &[])
            .unwrap()
            .finish_with("{")
            .is_err()
    );
    let mut body_verifier = receive(&endpoint, b"", &[]).unwrap();
    body_verifier.push("a").unwrap();
    let chunk = bytes::Bytes::from(vec![b'a'; 65_536]);
    let counted = measure(|| {
        assert_eq!(
            kind(body_verifier.push(chunk)),
            Some(RejectionKind::BudgetExhausted)
        );
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn large_declared_body_gets_exact_size_buffer() {
    let endpoint = endpoint_in_use();
    let body = vec![b'a'; 1 << 20];
    let declared = [("content-length", "1048576")];
    let mut verified = None;
    let counted = measure(|| {
        let mut body_verifier = receive(&endpoint, &body, &declared).unwrap();
        for chunk in body.chunks(7_001) {
            body_verifier
                .push(bytes::Bytes::copy_from_slice(chunk))
                .unwrap();
        }
        verified = Some(body_verifier.finish().unwrap());
    });
    // While it grows, the old and the new buffer exist together.
    assert!(counted.bytes_max < (1 << 20) + 98_304, "{counted:?}");
    assert!(counted.bytes_current < (1 << 20) + 1_024, "{counted:?}");
}

#[cfg(feature = "json")]
#[test]
fn updates_copy_no_part_of_the_body() {
    let verifier = Verifier::new(secret());
    for text_bytes in [100, 10_000] {
        let text = "a".repeat(text_bytes);
        let messages: Vec<_> = (0..1_000)
            .map(|number| {
                format!(r#"{{"id":"wamid.{number}","type":"text","text":{{"body":"{text}"}}}}"#)
            })
            .collect();
        let messages = messages.join(",");
        let body =
            format!(r#"{{"entry":[{{"changes":[{{"value":{{"messages":[{messages}]}}}}]}}]}}"#);
        let delivery = verifier
            .verify(verifier.sign(&body).to_string(), body.as_str())
            .unwrap();

        let counted = measure(|| {
            let updates = delivery.updates().unwrap();
            assert_eq!(
                updates
                    .messages()
                    .filter(|message| message.kind() == Some("text"))
                    .count(),
                1_000
            );
        });
        // A message takes 100 bytes in a list that grows by doubling. The rest is the parser's own.
        assert!(
            counted.bytes_max < 1_000 * 100 * 2,
            "{text_bytes}: {counted:?}"
        );
        assert_eq!(counted.bytes_current, 0);
    }
}

#[cfg(feature = "json")]
#[test]
fn updates_copy_an_escaped_account_id_once() {
    let verifier = Verifier::new(secret());
    let id = "\\u0037".repeat(2_000);
    let changes = [r#"{"value":{}}"#; 1_000].join(",");
    let body = format!(r#"{{"entry":[{{"id":"{id}","changes":[{changes}]}}]}}"#);
    let delivery = verifier
        .verify(verifier.sign(&body).to_string(), body.as_str())
        .unwrap();

    let counted = measure(|| {
        let updates = delivery.updates().unwrap();
        let id = Some("7".repeat(2_000));
        let mut changes = updates.changes();
        assert!(changes.all(|change| change.account_id() == id.as_deref()));
    });
    // A change takes 150 bytes in a list that grows by doubling.
    assert!(counted.bytes_max < 1_000 * 150 * 2 + 10_000, "{counted:?}");
}
