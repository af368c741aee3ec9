//! One delivery under way: counting, memory, and what happens after an objection.

use std::time::Duration;

use bytes::Bytes;
use hubseal::{Head, Kind, MemoryBudget, PayloadLimit, SignatureStatus};

use crate::common::{endpoint, kind, receive};

const KIB: usize = 1024;

#[test]
fn a_body_of_the_limit_passes_and_one_byte_more_does_not() {
    let endpoint = endpoint().build().unwrap();
    let body = vec![b'a'; 4_194_304];
    let mut intake = receive(&endpoint, &body, &[]).unwrap();
    for piece in body.chunks(100_000) {
        intake.push(piece.to_vec()).unwrap();
    }
    assert_eq!(intake.finish().unwrap().into_inner(), body);

    let mut intake = receive(&endpoint, &body, &[]).unwrap();
    intake.push(body).unwrap();
    assert_eq!(kind(intake.push("a")), Some(Kind::PayloadTooLarge));
}

#[test]
fn a_declared_length_is_held_against_the_limit_before_anything_is_read() {
    let endpoint = endpoint().build().unwrap();
    let declare = |length| kind(receive(&endpoint, b"", &[("content-length", length)]));
    for fits in ["0", "4194304", "0004194304"] {
        assert_eq!(declare(fits), None, "{fits}");
    }
    for too_large in [
        "4194305",
        "1073741824",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ] {
        assert_eq!(
            declare(too_large),
            Some(Kind::PayloadTooLarge),
            "{too_large}"
        );
    }
    for malformed in [
        "", " ", "-1", "+1", "1 ", "0x10", "1e3", "1,1", "1.0", "\u{661}",
    ] {
        assert_eq!(
            declare(malformed),
            Some(Kind::LengthMismatch),
            "{malformed:?}"
        );
    }
    let twice = [("content-length", "2"), ("Content-Length", "2")];
    assert_eq!(
        kind(receive(&endpoint, b"", &twice)),
        Some(Kind::LengthMismatch)
    );
}

#[test]
fn two_refusals_for_one_reason_are_equal_wherever_they_come_from() {
    let endpoint = endpoint()
        .signature_status(SignatureStatus::Flows)
        .payload_limit(PayloadLimit::new(4))
        .build()
        .unwrap();
    let by_its_head = receive(&endpoint, b"12345", &[("content-length", "5")]);
    let mut intake = receive(&endpoint, b"12345", &[]).unwrap();
    assert_eq!(intake.push("12345").err(), by_its_head.err());
}

#[test]
fn a_body_is_of_exactly_the_length_it_declared() {
    let endpoint = endpoint().build().unwrap();
    let declared = [("content-length", "5")];

    let mut short = receive(&endpoint, b"1234", &declared).unwrap();
    short.push("1234").unwrap();
    assert_eq!(kind(short.finish()), Some(Kind::LengthMismatch));

    let mut long = receive(&endpoint, b"123456", &declared).unwrap();
    long.push("12345").unwrap();
    assert_eq!(kind(long.push("6")), Some(Kind::LengthMismatch));
    assert_eq!(kind(long.finish()), Some(Kind::LengthMismatch));
}

#[test]
fn an_objection_stays_and_frees_the_body_at_once() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = endpoint()
        .payload_limit(PayloadLimit::new(200 * KIB))
        .memory_budget(budget.clone())
        .build()
        .unwrap();
    let mut intake = receive(&endpoint, b"", &[]).unwrap();
    intake.push(vec![0; 100 * KIB]).unwrap();
    assert_eq!(budget.available(), (1024 - 100) * KIB);

    assert_eq!(
        kind(intake.push(vec![0; 101 * KIB])),
        Some(Kind::PayloadTooLarge)
    );
    assert_eq!(
        budget.available(),
        1024 * KIB,
        "freed while the intake still lives"
    );
    assert_eq!(kind(intake.push("")), Some(Kind::PayloadTooLarge));
    assert_eq!(kind(intake.finish()), Some(Kind::PayloadTooLarge));
}

#[test]
fn a_request_is_free_up_to_64_kib_and_pays_for_all_of_itself_beyond() {
    let budget = MemoryBudget::new(64 * KIB + 10);
    let endpoint = endpoint().memory_budget(budget.clone()).build().unwrap();
    let body = vec![b'a'; 64 * KIB + 10];
    let mut intake = receive(&endpoint, &body, &[]).unwrap();

    intake.push(vec![b'a'; 64 * KIB]).unwrap();
    assert_eq!(budget.available(), 64 * KIB + 10);
    intake.push("aaa").unwrap();
    assert_eq!(budget.available(), 7);
    intake.push("aaaaaaa").unwrap();
    assert_eq!(budget.available(), 0);
    assert!(intake.finish().is_ok());
    assert_eq!(budget.available(), 64 * KIB + 10);

    let mut intake = receive(&endpoint, &body, &[]).unwrap();
    let rejection = intake.push(vec![b'a'; 64 * KIB + 11]).err().unwrap();
    assert_eq!(
        (rejection.kind(), rejection.status()),
        (Kind::BudgetExhausted, 503)
    );
    assert_eq!(rejection.reply().headers(), [("retry-after", "10")]);
    assert_eq!(budget.available(), 64 * KIB + 10);
}

#[test]
fn an_ordinary_delivery_is_served_while_the_budget_is_gone() {
    let budget = MemoryBudget::new(65 * KIB);
    let endpoint = endpoint().memory_budget(budget.clone()).build().unwrap();
    let mut hog = receive(&endpoint, b"", &[]).unwrap();
    hog.push(vec![0; 65 * KIB]).unwrap();
    assert_eq!(budget.available(), 0);

    let mut ordinary = receive(&endpoint, &[b'a'; 700], &[]).unwrap();
    ordinary.push(vec![b'a'; 700]).unwrap();
    assert!(ordinary.finish().is_ok());

    let mut large = receive(&endpoint, b"", &[]).unwrap();
    assert_eq!(
        kind(large.push(vec![0; 65 * KIB])),
        Some(Kind::BudgetExhausted)
    );
}

#[test]
fn the_budget_comes_back_on_every_path() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = endpoint().memory_budget(budget.clone()).build().unwrap();
    let body = Bytes::from(vec![b'a'; 100 * KIB]);
    let begin = |signed: &[u8]| {
        let mut intake = receive(&endpoint, signed, &[]).unwrap();
        intake.push(body.clone()).unwrap();
        assert_eq!(budget.available(), (1024 - 100) * KIB);
        intake
    };
    let whole = || assert_eq!(budget.available(), 1024 * KIB);

    assert!(begin(&body).finish().is_ok());
    whole();
    assert!(begin(b"another body").finish().is_err());
    whole();
    let _ = begin(&body).deadline_passed();
    whole();
    let _ = begin(&body).body_failed();
    whole();
    drop(begin(&body));
    whole();
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _intake = begin(&body);
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(unwound.is_err());
    whole();
}

#[test]
fn endpoints_can_share_one_budget() {
    let budget = MemoryBudget::new(164 * KIB);
    let one = endpoint().memory_budget(budget.clone()).build().unwrap();
    let other = endpoint().memory_budget(budget).build().unwrap();
    let mut held = receive(&one, b"", &[]).unwrap();
    held.push(vec![0; 164 * KIB]).unwrap();
    let mut refused = receive(&other, b"", &[]).unwrap();
    assert_eq!(
        kind(refused.push(vec![0; 65 * KIB])),
        Some(Kind::BudgetExhausted)
    );
}

#[test]
fn a_head_is_judged_in_the_documented_order() {
    let endpoint = endpoint().build().unwrap();
    let signature = endpoint.verifier().sign("").to_string();
    let bad_length = ("content-length", "x");
    let coded = ("content-encoding", "gzip");
    let signed = ("x-hub-signature-256", &*signature);
    let judge = |method: &str, headers: &[(&str, &str)]| {
        kind(endpoint.receive(&Head::new(method, headers)))
    };
    assert_eq!(
        judge("PUT", &[coded, bad_length]),
        Some(Kind::MethodNotAllowed)
    );
    assert_eq!(
        judge("POST", &[coded, bad_length]),
        Some(Kind::SignatureMissing)
    );
    assert_eq!(
        judge("POST", &[coded, bad_length, signed]),
        Some(Kind::ContentEncoded)
    );
    assert_eq!(
        judge("POST", &[bad_length, signed]),
        Some(Kind::LengthMismatch)
    );
    assert_eq!(judge("GET", &[signed]), Some(Kind::MethodNotAllowed));
}

#[test]
fn content_codings_are_told_from_identity() {
    let endpoint = endpoint().build().unwrap();
    let coded = |value| kind(receive(&endpoint, b"", &[("content-encoding", value)]));
    for plain in [
        "identity",
        "IDENTITY",
        " identity ",
        "identity, identity",
        "",
        ",",
    ] {
        assert_eq!(coded(plain), None, "{plain:?}");
    }
    for coding in [
        "gzip",
        "x-gzip",
        "br",
        "identity,gzip",
        "gzip,identity",
        "identity;q=1",
        "\u{e9}",
    ] {
        assert_eq!(coded(coding), Some(Kind::ContentEncoded), "{coding:?}");
    }
}

#[test]
fn kinds_have_distinct_names_and_only_statuses_of_the_table() {
    let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Kind::ALL.len());
    let table = [400, 401, 403, 405, 408, 413, 415, 422, 500, 503];
    assert!(Kind::ALL.iter().all(|kind| table.contains(&kind.status())));
    assert!(Kind::ALL.is_sorted_by_key(|kind| kind.status()));
}

#[test]
fn a_body_has_ten_seconds_unless_it_is_given_others() {
    let usual = endpoint().build().unwrap().read_deadline();
    assert_eq!(usual, Duration::from_secs(10));
    let brief = Duration::from_millis(250);
    assert_eq!(
        endpoint()
            .read_deadline(brief)
            .build()
            .unwrap()
            .read_deadline(),
        brief
    );
}
