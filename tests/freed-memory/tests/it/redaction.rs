//! Redactors: registered values, redacted texts and the pseudonym key.

use std::{hint::black_box, io::Write};

use hubseal::{
    AccessToken, AppSecret, VerifyToken,
    redact::{PersonalData, PseudonymKey, Redactor, RuleError},
};
use hubseal_freed_memory::{Watched, left_by};

const VALUE: &str = "7gT4-Jx8s.Kq/mW2%Zq93Lw6Yh0Vb";

fn redactor() -> Redactor {
    let builder = Redactor::builder().register("value", VALUE);
    let builder = builder.app_secret(&AppSecret::new(VALUE).unwrap());
    let builder = builder.verify_token(&VerifyToken::new(VALUE).unwrap());
    let builder = builder.access_token(&AccessToken::new(VALUE).unwrap());
    builder.build().unwrap()
}

#[test]
fn registered_value_leaves_only_its_4_search_bytes() {
    let use_it = || {
        let redactor = redactor();
        assert!(
            redactor
                .redact("value=7gT4-other")
                .starts_with("value=7gT4")
        );
        drop(black_box(redactor.clone()));
    };
    assert_eq!(left_by(&Watched::secret(VALUE.as_bytes()), use_it), []);

    let first_four = Watched::exactly("raw", &VALUE.as_bytes()[..4], 4);
    assert_ne!(left_by(&first_four, use_it), [], "documented");
    let first_five = Watched::exactly("raw", &VALUE.as_bytes()[..5], 5);
    assert_eq!(left_by(&first_five, use_it), []);
    let all_others = Watched::exactly("raw", &VALUE.as_bytes()[1..], 5);
    assert_eq!(left_by(&all_others, use_it), []);
}

#[test]
fn wipes_refused_values() {
    let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
        let confused = Redactor::builder().register(VALUE, "label").build();
        assert_eq!(black_box(confused).err(), Some(RuleError::Label));
        let refused = Redactor::builder()
            .register("value", VALUE)
            .register("", "")
            .build();
        drop(black_box(format!("{:?}", refused.err())));
    });
    assert_eq!(found, []);
}

/// Enough capacity for the output, so that it never moves. The value is not in it.
fn output() -> Vec<u8> {
    Vec::with_capacity(500)
}

#[test]
fn wipes_text_held_back_by_writer() {
    let redactor = redactor();
    for cut in 1..VALUE.len() {
        let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
            let mut writer = redactor.writer(output());
            writer.write_all(b"before ").unwrap();
            writer.write_all(&VALUE.as_bytes()[..cut]).unwrap();
            writer.flush().unwrap();
            writer.write_all(&VALUE.as_bytes()[cut..]).unwrap();
            writer.write_all(b" behind\nnext ").unwrap();
            assert_eq!(*writer.get_ref(), b"before [redacted:value] behind\n");
            drop(black_box(writer));
        });
        assert_eq!(found, [], "split at {cut}");
    }
}

#[test]
fn wipes_text_of_line_that_is_cut() {
    let redactor = redactor();
    let filler = "word ".repeat(Redactor::MAX_RECORD / 5);
    let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
        let mut writer = redactor.writer(Vec::with_capacity(2 * filler.len()));
        for chunk in [&filler[..100], VALUE, &filler, "\n"] {
            writer.write_all(chunk.as_bytes()).unwrap();
        }
        drop(black_box(writer.finish().unwrap()));
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_formatted_value() {
    let redactor = redactor();
    let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
        drop(black_box(redactor.display(VALUE).to_string()));
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_replaced_values() {
    let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
        let redactor = redactor();
        redactor
            .replace_values([("other", "another value")])
            .unwrap();
        assert!(
            redactor
                .replace_values([("value", VALUE), ("short", "1")])
                .is_err()
        );
        drop(black_box(redactor));
    });
    assert_eq!(found, []);
}

#[test]
fn redaction_leaves_no_secret() {
    let redactor = redactor();
    let text = ["value=", VALUE, " access_token=", VALUE].concat();
    let found = left_by(&Watched::secret(VALUE.as_bytes()), || {
        drop(black_box(redactor.redact(&text)));
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_pseudonym_key() {
    const KEY: &[u8] = b"4c9e1b7f of the freed memory 2d6";
    let found = left_by(&Watched::key(KEY), || {
        let key = PseudonymKey::new(KEY).unwrap().with_id("2027").unwrap();
        assert!(key.phone_number("16505551234").is_some());
        let policy = PersonalData::Pseudonyms(*black_box(Box::new(key)));
        let redactor = Redactor::builder().personal_data(policy).build().unwrap();
        assert!(
            redactor
                .redact(r#"{"from":"16505551234"}"#)
                .contains("wa:2027:")
        );
        drop(black_box(redactor));
        assert!(PseudonymKey::new(&KEY[..15]).is_err());
    });
    assert_eq!(found, []);
}
