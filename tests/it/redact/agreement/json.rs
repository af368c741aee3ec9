//! Redaction keeps JSON valid and changes only redacted values.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};
use serde_json::Value;

use super::{
    Checked, Configuration, configuration, defined, fast, readable,
    texts::{KEYS, utf8},
};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        3 => prop_oneof![any::<i64>(), 0..1_000_000_i64].prop_map(Value::from),
        1 => any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        6 => utf8().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let key = prop_oneof![
            4 => select(KEYS).prop_map(str::to_owned),
            1 => select(&["id", "entry", "from", "", "a\"b", "c\\"][..]).prop_map(str::to_owned),
            1 => utf8(),
        ];
        prop_oneof![
            1 => vec(inner.clone(), 0..5).prop_map(Value::Array),
            3 => btree_map(key, inner.clone(), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            1 => inner.prop_map(|value| Value::String(value.to_string())),
        ]
    })
}

/// Or a pseudonym.
fn has_marker(text: &str) -> bool {
    let marks = ["[redacted:", "wa:", "user:"];
    marks.iter().any(|mark| text.contains(mark))
}

/// Whether only contents of strings and whole numbers have become markers.
fn is_alike(original: &Value, redacted: &Value) -> bool {
    match (original, redacted) {
        (Value::Array(original), Value::Array(redacted)) => {
            let mut pairs = original.iter().zip(redacted);
            original.len() == redacted.len() && pairs.all(|(o, r)| is_alike(o, r))
        }
        (Value::Object(original), Value::Object(redacted)) => {
            let has_new_key = redacted.keys().any(|key| has_marker(key));
            let is_known = |(key, value): (&String, &Value)| {
                let known = original.get(key);
                known.map_or(has_marker(key), |known| is_alike(known, value))
            };
            redacted.iter().all(is_known)
                && (has_new_key || original.keys().all(|key| redacted.contains_key(key)))
        }
        (Value::String(_) | Value::Number(_), Value::String(text)) if has_marker(text) => true,
        _ => original == redacted,
    }
}

fn json_stays_json(
    redact: fn(&Configuration, &[u8]) -> Vec<u8>,
    configuration: &Configuration,
    original: &Value,
) -> Checked {
    for text in [
        serde_json::to_string(original).unwrap(),
        serde_json::to_string_pretty(original).unwrap(),
    ] {
        let redacted = redact(configuration, text.as_bytes());
        let parsed = serde_json::from_slice::<Value>(&redacted);
        prop_assert!(
            parsed
                .as_ref()
                .is_ok_and(|parsed| is_alike(original, parsed)),
            "of {text}\nbecame {}\n{:?}",
            readable(&redacted),
            parsed.err()
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn redaction_keeps_json_structure(configuration in configuration(), value in json()) {
        json_stays_json(fast, configuration, &value)?;
    }

    #[test]
    fn reference_keeps_json_structure(configuration in configuration(), value in json()) {
        json_stays_json(defined, configuration, &value)?;
    }
}
