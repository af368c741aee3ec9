//! The updates of a verified body, compared with a naive reader of `serde_json::Value`.
//!
//! The input is the body.
#![no_main]

use std::sync::LazyLock;

use hubseal::{RejectionKind, Verifier};
use hubseal_fuzz::known::secret;
use serde::de::IgnoredAny;
use serde_json::Value;

#[path = "../../tests/it/updates/oracle.rs"]
mod oracle;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(secret()));

libfuzzer_sys::fuzz_target!(|body: &[u8]| check(body));

fn check(body: &[u8]) {
    let header = VERIFIER.sign(body).to_string();
    let verified = VERIFIER.verify(header, body).unwrap();
    let updates = verified.updates();

    let is_json = std::str::from_utf8(body)
        .is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    let is_object = is_json && body.trim_ascii_start().starts_with(b"{");
    // A `Value` has no number that an `f64` cannot hold, no half of a surrogate pair, and no depth above 127.
    let parsed = serde_json::from_slice::<Value>(body);
    let updates = match updates {
        Ok(updates) => updates,
        Err(rejection) => {
            assert_eq!(rejection.kind(), RejectionKind::JsonMismatch);
            assert!(!is_object || parsed.is_err());
            return;
        }
    };
    assert!(is_object);
    // The counts of `Updates` and `Change` are the only digits that are shown.
    let shown = format!(
        "{:?}{:?}",
        updates.messages().collect::<Vec<_>>(),
        updates.statuses().collect::<Vec<_>>(),
    );
    assert!(
        !shown.contains(|shown: char| shown.is_ascii_digit()),
        "{shown}"
    );
    if let Ok(parsed) = parsed {
        assert_eq!(Some(oracle::listed(&updates)), oracle::expected(&parsed));
    }
}
