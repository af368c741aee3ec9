//! Duplicates and deliveries that are not checked for them.

use hubseal::End;

use super::{assert_verified, observed};
use crate::{
    common::endpoint,
    guarded::{deliver, unchecked, with_guard},
};

#[test]
fn reports_duplicate_once() {
    let (endpoint, record) = observed(with_guard(endpoint()));
    assert_eq!(deliver(&endpoint, ["{}"]), [2]);
    assert_verified(&record.take(), 2);
    for _ in 0..2 {
        assert_eq!(deliver(&endpoint, ["{}"]), [0]);
        match *record.take() {
            [(end @ End::Duplicate { key }, 2)] => {
                assert_eq!((key.as_str(), end.rejection_kind()), ("current", None));
                assert_eq!(end.as_str(), "duplicate");
                assert_eq!(end.to_string(), "duplicate of a handled delivery");
            }
            ref other => panic!("{other:?}"),
        }
    }
}

#[test]
fn reports_delivery_without_check_for_duplicates() {
    let (endpoint, record) = observed(unchecked(endpoint()));
    assert_eq!(deliver(&endpoint, ["{}", "{}"]), [2, 2]);
    for (end, body_bytes) in record.take() {
        let End::Verified {
            key,
            replay_unchecked: true,
        } = end
        else {
            panic!("{end:?}");
        };
        assert_eq!((key.as_str(), body_bytes), ("current", 2));
        assert_eq!((end.as_str(), end.rejection_kind()), ("verified", None));
        assert_eq!(end.to_string(), "verified, but not checked for duplicates");
    }
}
