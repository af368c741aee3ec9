//! The tables of the probe agree with the attack suite.

use hubseal::{
    AppSecret, VerifyToken,
    testing::{Target, attack_suite},
};

use super::{
    classify::{BY_LABEL, UNUSUAL_DELIVERIES, UNUSUAL_HANDSHAKES, WRONG_TOKEN},
    kind::Kind,
};

#[test]
fn every_label_of_the_tables_is_a_case_of_the_attack_suite() {
    let secret = AppSecret::new("c1e8b0a53f7d4926a85b60d2917e43fc").unwrap();
    let token = VerifyToken::new("correct-horse").unwrap();
    let cases = attack_suite(&Target::new("/webhook", &secret, &token));
    let labels = BY_LABEL.iter().map(|(label, _)| label);
    for label in labels
        .chain(WRONG_TOKEN)
        .chain(UNUSUAL_DELIVERIES)
        .chain(UNUSUAL_HANDSHAKES)
    {
        assert!(
            cases.iter().any(|case| case.label == *label),
            "no such case: {label}"
        );
    }
}

#[test]
fn kinds_have_names_of_their_own_and_are_in_order_of_severity() {
    let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.id()).collect();
    assert!(Kind::ALL.is_sorted_by_key(|kind| kind.severity()));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Kind::ALL.len());
}
