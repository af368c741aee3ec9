//! Examples of the document, with hand-written results.

mod keys;
mod personal;
mod readings;
mod tokens;
mod values;
mod yours;

use super::super::configurations::{
    Configuration, built_in, custom, last_two, masked, with_pseudonyms, without_families,
};

/// Text, and what it becomes.
type Table = &'static [(&'static str, &'static str)];

/// What differs, each with what it should have become.
pub(in super::super) fn differences(
    redact: impl Fn(&Configuration, &[u8]) -> Vec<u8>,
) -> Vec<String> {
    let tables = [
        (
            built_in(),
            [tokens::TABLE, keys::TABLE, values::TABLE, readings::TABLE].concat(),
        ),
        (custom(), yours::TABLE.to_vec()),
        (without_families(), yours::WITHOUT_FAMILIES.to_vec()),
        (masked(), personal::MASKED.to_vec()),
        (last_two(), personal::LAST_TWO.to_vec()),
        (with_pseudonyms(), personal::UNDER_PSEUDONYMS.to_vec()),
    ];
    let mut differences = Vec::new();
    for (configuration, table) in tables {
        for (text, expected) in table {
            let redacted = redact(&configuration, text.as_bytes());
            let redacted = String::from_utf8_lossy(&redacted);
            if redacted != expected {
                differences.push(format!("{text}\n  is    {redacted}\n  wants {expected}"));
            }
        }
    }
    differences
}

#[test]
fn documented_table_holds() {
    let differences = differences(|configuration, text| configuration.rules.redact(text));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
