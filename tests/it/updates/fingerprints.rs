//! Fingerprints of messages and statuses.

use std::collections::HashSet;

use hubseal::{
    AppSecret, Fingerprint, Verifier,
    updates::{Message, Status},
};
use serde_json::Value;

use super::{
    samples::{self, CUSTOMER},
    signed,
};
use crate::common::{PREVIOUS_SECRET, secret};

#[test]
fn finds_duplicates_in_another_batch() {
    let delivery = |messages: &[&str], statuses: &[&str]| {
        let messages: Vec<_> = messages.iter().map(|id| samples::text(id)).collect();
        let statuses: Vec<_> = statuses
            .iter()
            .map(|name| samples::status("wamid.1", name))
            .collect();
        samples::one(&messages, &statuses)
    };
    let mut handled = HashSet::new();
    let mut count_new = |body: &Value, secret| {
        let (verifier, body) = (Verifier::new(secret), body.to_string());
        let header = verifier.sign(&body).to_string();
        let body = verifier.verify(header, body.as_bytes()).unwrap();
        let updates = body.updates().unwrap();
        let messages = updates.messages().map(Message::fingerprint);
        let statuses = updates.statuses().map(Status::fingerprint);
        messages
            .chain(statuses)
            .filter(|fingerprint| handled.insert(*fingerprint))
            .count()
    };
    let first = delivery(&["wamid.1", "wamid.2"], &["sent", "read"]);
    assert_eq!(count_new(&first, secret()), 4);
    let again = delivery(&["wamid.3", "wamid.2", "wamid.1"], &["read", "failed"]);
    assert_eq!(count_new(&again, secret()), 2);
    let rotated = AppSecret::new(PREVIOUS_SECRET).unwrap();
    assert_eq!(count_new(&first, rotated), 0);
}

/// Services store fingerprints, so a new version must compute the same ones.
#[test]
fn fingerprint_of_update_does_not_change_between_versions() {
    let statuses = samples::statuses();
    let body = signed(&samples::one(&[samples::text("wamid.a")], &statuses));
    let updates = body.updates().unwrap();
    let message = updates.messages().next().unwrap();
    assert_eq!(
        message.fingerprint(),
        Fingerprint::new(["message", "wamid.a"])
    );
    let fingerprints: Vec<_> = updates.statuses().map(Status::fingerprint).collect();
    let expected = [
        ["wamid.a", "sent", ""],
        ["wamid.a", "delivered", ""],
        ["wamid.a", "read", ""],
        ["wamid.b", "failed", ""],
        ["wamid.c", "read", CUSTOMER],
        ["wamid.c", "read", "US.13491208655302741918"],
    ];
    let expected =
        expected.map(|[id, name, person]| Fingerprint::new(["status", id, name, person]));
    assert_eq!(fingerprints, expected);
}
