//! One delivery in progress: length checks, memory and final rejections.

use std::time::Duration;

use bytes::Bytes;
use hubseal::{
    BodyVerifier, ConfigError, Endpoint, MemoryBudget, PayloadLimit, Rejection, RejectionKind,
    RequestHead, SignatureFailureStatus,
};

use crate::common::{endpoint, kind, receive};

const KIB: usize = 1024;

#[test]
fn payload_limit_is_inclusive() {
    let endpoint = endpoint().build().unwrap();
    let body = vec![b'a'; 4_194_304];
    let mut body_verifier = receive(&endpoint, &body, &[]).unwrap();
    for chunk in body.chunks(100_000) {
        body_verifier.push(chunk.to_vec()).unwrap();
    }
    assert_eq!(body_verifier.finish().unwrap().into_inner(), body);

    let mut body_verifier = receive(&endpoint, &body, &[]).unwrap();
    body_verifier.push(body).unwrap();
    assert_eq!(
        kind(body_verifier.push("a")),
        Some(RejectionKind::PayloadTooLarge)
    );

    let whole = vec![b'a'; 4_194_305];
    let body_verifier = receive(&endpoint, &whole, &[]).unwrap();
    assert_eq!(
        kind(body_verifier.finish_with(whole)),
        Some(RejectionKind::PayloadTooLarge)
    );
}

#[test]
fn checks_declared_length_before_reading() {
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
            Some(RejectionKind::PayloadTooLarge),
            "{too_large}"
        );
    }
    for malformed in [
        "", " ", "-1", "+1", "1 ", "0x10", "1e3", "1,1", "1.0", "\u{661}",
    ] {
        assert_eq!(
            declare(malformed),
            Some(RejectionKind::LengthMismatch),
            "{malformed:?}"
        );
    }
    let twice = [("content-length", "2"), ("Content-Length", "2")];
    assert_eq!(
        kind(receive(&endpoint, b"", &twice)),
        Some(RejectionKind::LengthMismatch)
    );
}

#[test]
fn equal_rejections_compare_equal_in_head_and_body() {
    let endpoint = endpoint()
        .signature_failure_status(SignatureFailureStatus::Flows)
        .payload_limit(PayloadLimit::new(4))
        .build()
        .unwrap();
    let by_its_head = receive(&endpoint, b"12345", &[("content-length", "5")]);
    let mut body_verifier = receive(&endpoint, b"12345", &[]).unwrap();
    assert_eq!(body_verifier.push("12345").err(), by_its_head.err());
}

#[test]
fn rejects_body_of_other_than_declared_length() {
    let endpoint = endpoint().build().unwrap();
    let declared = [("content-length", "5")];

    let mut short = receive(&endpoint, b"1234", &declared).unwrap();
    short.push("1234").unwrap();
    assert_eq!(kind(short.finish()), Some(RejectionKind::LengthMismatch));

    let mut long = receive(&endpoint, b"12345", &declared).unwrap();
    long.push("12345").unwrap();
    assert_eq!(kind(long.push("6")), Some(RejectionKind::LengthMismatch));
    assert_eq!(kind(long.finish()), Some(RejectionKind::LengthMismatch));
}

#[test]
fn rejection_is_final_and_frees_buffer_at_once() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = limited(200 * KIB, &budget);
    let mut body_verifier = receive(&endpoint, b"", &[]).unwrap();
    body_verifier.push(vec![0; 100 * KIB]).unwrap();
    assert_eq!(budget.available(), (1024 - 200) * KIB);

    let too_large = body_verifier.push(vec![0; 101 * KIB]);
    assert_eq!(kind(too_large), Some(RejectionKind::PayloadTooLarge));
    assert_eq!(
        budget.available(),
        1024 * KIB,
        "before the body verifier is dropped"
    );
    assert_eq!(
        kind(body_verifier.push("")),
        Some(RejectionKind::PayloadTooLarge)
    );
    assert_eq!(
        kind(body_verifier.finish()),
        Some(RejectionKind::PayloadTooLarge)
    );
}

/// Builds an endpoint with a payload limit in bytes.
fn limited(limit: usize, budget: &MemoryBudget) -> Endpoint {
    let builder = endpoint().payload_limit(PayloadLimit::new(limit));
    builder.memory_budget(budget.clone()).build().unwrap()
}

/// Begins an unfinished delivery of this many bytes.
fn hold(endpoint: &Endpoint, bytes: usize) -> Result<BodyVerifier, Rejection> {
    let mut body_verifier = receive(endpoint, b"", &[]).unwrap();
    body_verifier
        .push(vec![b'a'; bytes])
        .map(|()| body_verifier)
}

#[test]
fn charges_unfinished_bodies_from_first_byte() {
    let budget = MemoryBudget::new(64 * KIB);
    let endpoint = limited(32 * KIB, &budget);
    let mut held = Vec::new();
    let refused = loop {
        match hold(&endpoint, 1) {
            Ok(body_verifier) => held.push(body_verifier),
            Err(rejection) => break rejection,
        }
        assert!(held.len() <= 64 * KIB, "the budget is never exhausted");
    };
    assert_eq!(refused.kind(), RejectionKind::BudgetExhausted);
    assert_eq!(budget.available(), 0);
    drop(held);
    assert_eq!(budget.available(), 64 * KIB);
}

#[test]
fn charges_buffer_of_at_most_twice_received_bytes() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = limited(200 * KIB, &budget);
    // Less than half of the shared part is free, so no declared length is charged early.
    let _half = hold(&endpoint, 130 * KIB).unwrap();
    for (declared, chunks) in [
        (None, [1, 99, 7_000, 9_000, 100_000]),
        (Some(120_000), [1, 3, 40_000, 50_000, 1]),
    ] {
        let length = declared.map(|declared: usize| declared.to_string());
        let more: Vec<_> = length
            .iter()
            .map(|length| ("content-length", &**length))
            .collect();
        let mut body_verifier = receive(&endpoint, b"", &more).unwrap();
        let mut arrived = 0;
        for chunk in chunks {
            body_verifier.push(vec![b'a'; chunk]).unwrap();
            arrived += chunk;
            let charged = (1024 - 200) * KIB - budget.available();
            let most = (2 * arrived).min(declared.unwrap_or(200 * KIB));
            assert!(
                (arrived..=most).contains(&charged),
                "{charged} for {arrived}"
            );
        }
        drop(body_verifier);
        assert_eq!(budget.available(), (1024 - 200) * KIB);
    }
}

#[test]
fn charges_declared_length_while_half_of_budget_is_free() {
    // Large bodies share 400 KiB of the budget.
    let budget = MemoryBudget::new(800 * KIB);
    let endpoint = limited(100 * KIB, &budget);
    let begin = |bytes| {
        let declared = [("content-length", "102400")];
        let mut body_verifier = receive(&endpoint, b"", &declared).unwrap();
        body_verifier
            .push(vec![b'a'; bytes])
            .map(|()| body_verifier)
    };
    let charged = || budget.capacity() - budget.available();

    let _short = begin(32 * KIB - 1).unwrap();
    assert_eq!(charged(), 64 * KIB - 2, "not before 32 KiB");
    let early = begin(32 * KIB).unwrap();
    assert_eq!(charged(), 164 * KIB - 2);
    let late = begin(32 * KIB).unwrap();
    assert_eq!(charged(), 228 * KIB - 2, "less than half would stay free");
    drop((early, late));
    let _early = begin(32 * KIB).unwrap();
    assert_eq!(charged(), 164 * KIB - 2);
}

#[test]
fn large_bodies_cannot_use_reserve_of_small_ones() {
    let budget = MemoryBudget::new(256 * KIB);
    let endpoint = limited(128 * KIB, &budget);
    let _large = hold(&endpoint, 100 * KIB).unwrap();
    assert_eq!(
        budget.available(),
        128 * KIB,
        "a large body is charged its buffer"
    );
    assert_eq!(
        kind(hold(&endpoint, 16 * KIB + 1)),
        Some(RejectionKind::BudgetExhausted)
    );
    let small: Vec<_> = (0..8).map(|_| hold(&endpoint, 16 * KIB).unwrap()).collect();
    assert_eq!(budget.available(), 0);
    assert_eq!(
        kind(hold(&endpoint, 1)),
        Some(RejectionKind::BudgetExhausted)
    );
    drop(small);
    assert_eq!(budget.available(), 128 * KIB);
}

#[test]
fn small_bodies_use_whole_budget_and_leave_reserve_on_growth() {
    let budget = MemoryBudget::new(64 * KIB);
    let endpoint = limited(32 * KIB, &budget);
    let mut first = hold(&endpoint, 16 * KIB).unwrap();
    let others: Vec<_> = (0..3).map(|_| hold(&endpoint, 16 * KIB).unwrap()).collect();
    assert_eq!(budget.available(), 0);
    assert_eq!(kind(first.push("a")), Some(RejectionKind::BudgetExhausted));
    drop((first, others));

    let mut grown = hold(&endpoint, 16 * KIB).unwrap();
    grown.push("a").unwrap();
    assert_eq!(
        budget.available(),
        32 * KIB,
        "charged 32 KiB of the shared half"
    );
    let _reserve = (
        hold(&endpoint, 16 * KIB).unwrap(),
        hold(&endpoint, 16 * KIB).unwrap(),
    );
    assert_eq!(budget.available(), 0);
}

#[test]
fn single_chunk_body_is_not_charged() {
    let budget = MemoryBudget::new(64 * KIB);
    let endpoint = limited(32 * KIB, &budget);
    let _all: Vec<_> = (0..4).map(|_| hold(&endpoint, 16 * KIB).unwrap()).collect();
    assert_eq!(budget.available(), 0);
    for size in [0, 1, 700, 32 * KIB] {
        let body = Bytes::from(vec![b'a'; size]);
        let declared = size.to_string();
        let mut body_verifier =
            receive(&endpoint, &body, &[("content-length", &declared)]).unwrap();
        body_verifier.push(body.clone()).unwrap();
        assert!(body_verifier.finish().is_ok(), "{size}");
        let undeclared = receive(&endpoint, &body, &[]).unwrap();
        assert!(undeclared.finish_with(body).is_ok(), "{size}");
    }
}

#[test]
fn verifies_declared_body_at_its_last_byte() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = limited(200 * KIB, &budget);
    let body = vec![b'a'; 100 * KIB];
    let declared = [("content-length", "102400")];
    for chunk in [100 * KIB, 30 * KIB, 1_000] {
        let mut genuine = receive(&endpoint, &body, &declared).unwrap();
        for chunk in body.chunks(chunk) {
            assert!(!genuine.is_complete());
            genuine.push(chunk.to_vec()).unwrap();
        }
        assert!(genuine.is_complete());
        assert_eq!(
            budget.available(),
            1024 * KIB,
            "verified bytes are not charged"
        );
        genuine.push("").unwrap();
        assert_eq!(genuine.finish().unwrap().into_inner(), body);

        let mut forged = receive(&endpoint, b"another", &declared).unwrap();
        let pushed = body
            .chunks(chunk)
            .try_for_each(|chunk| forged.push(chunk.to_vec()));
        assert_eq!(kind(pushed), Some(RejectionKind::SignatureMismatch));
        assert_eq!(
            budget.available(),
            1024 * KIB,
            "before the body verifier is dropped"
        );
        assert!(!forged.is_complete());
        assert_eq!(
            kind(forged.finish()),
            Some(RejectionKind::SignatureMismatch)
        );
    }
}

#[test]
fn every_outcome_frees_memory_budget() {
    let budget = MemoryBudget::new(1024 * KIB);
    let endpoint = limited(512 * KIB, &budget);
    let body = Bytes::from(vec![b'a'; 100 * KIB]);
    let begin = |signed: &[u8]| {
        let mut body_verifier = receive(&endpoint, signed, &[]).unwrap();
        body_verifier.push(body.clone()).unwrap();
        assert_eq!(budget.available(), (1024 - 200) * KIB);
        body_verifier
    };
    let whole = || assert_eq!(budget.available(), 1024 * KIB);

    assert!(begin(&body).finish().is_ok());
    whole();
    assert!(begin(&[&body[..], b"a"].concat()).finish_with("a").is_ok());
    whole();
    assert!(begin(b"another body").finish().is_err());
    whole();
    let _ = begin(&body).deadline_passed();
    whole();
    let _ = begin(&body).body_failed("reset");
    whole();
    drop(begin(&body));
    whole();
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _body_verifier = begin(&body);
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(unwound.is_err());
    whole();
}

#[test]
fn endpoints_can_share_one_budget() {
    let budget = MemoryBudget::new(256 * KIB);
    let (one, other) = (limited(128 * KIB, &budget), limited(128 * KIB, &budget));
    let _held = hold(&one, 128 * KIB).unwrap();
    assert_eq!(
        kind(hold(&other, 65 * KIB)),
        Some(RejectionKind::BudgetExhausted)
    );
}

#[test]
fn missing_announced_body_is_not_configured() {
    let endpoint = endpoint().build().unwrap();
    let missing = |headers: &[(&str, &str)]| {
        kind(
            receive(&endpoint, b"", headers)
                .unwrap()
                .finish_without_body(),
        )
    };
    assert_eq!(
        missing(&[("content-length", "2")]),
        Some(RejectionKind::NotConfigured)
    );
    assert_eq!(
        missing(&[("transfer-encoding", "chunked")]),
        Some(RejectionKind::NotConfigured)
    );
    assert_eq!(missing(&[("transfer-encoding", "identity")]), None);
    assert_eq!(missing(&[("content-length", "0")]), None);
    assert_eq!(missing(&[]), None);
}

#[test]
fn refuses_contradictory_settings() {
    let refused = |builder: hubseal::EndpointBuilder| builder.build().err().unwrap();
    let limit = |bytes| endpoint().payload_limit(PayloadLimit::new(bytes));
    let budget = |bytes| endpoint().memory_budget(MemoryBudget::new(bytes));

    // A large body can use half of the budget.
    assert!(budget(8_388_608).build().is_ok());
    let error = refused(budget(8_388_606));
    let expected = ConfigError::PayloadLimitExceedsBudget {
        limit: 4_194_304,
        available: 4_194_303,
    };
    assert_eq!(error, expected);
    let message = error.to_string();
    assert!(
        message.contains("4194304") && message.contains("raise the budget"),
        "{message}"
    );
    // A small body can use either half.
    assert!(
        budget(2)
            .payload_limit(PayloadLimit::new(1))
            .build()
            .is_ok()
    );
    assert!(matches!(
        refused(budget(0).payload_limit(PayloadLimit::new(1))),
        ConfigError::PayloadLimitExceedsBudget { .. }
    ));
    assert_eq!(refused(limit(0)), ConfigError::PayloadLimitIsZero);
    let limited = budget(2_000).payload_limit(PayloadLimit::new(700)).build();
    let limited = limited.unwrap();
    assert_eq!(limited.payload_limit(), PayloadLimit::new(700));
    assert_eq!(limited.memory_budget().capacity(), 2_000);
    let instant = endpoint().read_deadline(Duration::ZERO);
    assert_eq!(refused(instant), ConfigError::ReadDeadlineIsZero);
}

#[test]
fn checks_head_in_documented_order() {
    let endpoint = endpoint().build().unwrap();
    let signature = endpoint.verifier().sign("").to_string();
    let bad_length = ("content-length", "x");
    let coded = ("content-encoding", "gzip");
    let signed = ("x-hub-signature-256", &*signature);
    let judge = |method: &str, headers: &[(&str, &str)]| {
        kind(endpoint.receive(&RequestHead::new(method, headers)))
    };
    assert_eq!(
        judge("PUT", &[coded, bad_length]),
        Some(RejectionKind::MethodNotAllowed)
    );
    assert_eq!(
        judge("POST", &[coded, bad_length]),
        Some(RejectionKind::SignatureMissing)
    );
    assert_eq!(
        judge("POST", &[coded, bad_length, signed]),
        Some(RejectionKind::ContentEncoded)
    );
    assert_eq!(
        judge("POST", &[bad_length, signed]),
        Some(RejectionKind::LengthMismatch)
    );
    assert_eq!(
        judge("GET", &[signed]),
        Some(RejectionKind::MethodNotAllowed)
    );
}

#[test]
fn rejects_content_encoding_other_than_identity() {
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
        assert_eq!(
            coded(coding),
            Some(RejectionKind::ContentEncoded),
            "{coding:?}"
        );
    }
}

#[test]
fn kinds_have_distinct_names_and_documented_statuses() {
    let mut names: Vec<_> = RejectionKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RejectionKind::ALL.len());
    let table = [400, 401, 403, 405, 408, 413, 415, 422, 429, 500, 503];
    assert!(
        RejectionKind::ALL
            .iter()
            .all(|kind| table.contains(&kind.status()))
    );
    assert!(RejectionKind::ALL.is_sorted_by_key(|kind| kind.status()));
}

#[test]
fn read_deadline_defaults_to_ten_seconds() {
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
