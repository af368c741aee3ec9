//! Redaction by the library and by one regular expression.

use std::borrow::Cow;

use hubseal::redact::{PersonalData, Redactor};
use regex::bytes::{Captures, Regex, RegexBuilder};

use crate::{
    rules,
    secrets::{APP_SECRET, VERIFY_TOKEN},
};

/// Returns the library's redactor with the registered secrets of the corpus.
///
/// # Panics
/// Panics if the library refuses a registered value.
#[must_use]
pub fn redactor(personal: Option<PersonalData>) -> Redactor {
    let mut builder = Redactor::builder()
        .register("app_secret", APP_SECRET)
        .register("verify_token", VERIFY_TOKEN);
    if let Some(policy) = personal {
        builder = builder.personal_data(policy);
    }
    builder.build().expect("a few rules")
}

fn compile(pattern: &str) -> Regex {
    RegexBuilder::new(&format!("(?-u:{pattern})"))
        .dfa_size_limit(DFA_SIZE)
        .build()
        .expect("an expression")
}

/// Large enough for the whole DFA. With the default of 2 MiB, rebuilding the cache takes most of the
/// time of the alternation.
const DFA_SIZE: usize = 64 << 20;

/// All rules in one expression.
pub struct Alternation {
    regex: Regex,
    /// The marker after each group. Groups capture the text to keep.
    markers: Vec<Vec<u8>>,
}

impl Alternation {
    #[must_use]
    pub fn new(personal: bool) -> Self {
        let mut markers = Vec::new();
        let mut patterns = Vec::new();
        let mut all = rules::secrets();
        if personal {
            all.extend(rules::personal());
        }
        for rule in all {
            // A rule without a group gets an empty one, which identifies it.
            let pattern = match compile(&rule.pattern).captures_len() {
                1 => format!("()(?:{})", rule.pattern),
                _ => rule.pattern,
            };
            let marker = format!("[redacted:{}]", rule.marker).into_bytes();
            markers.resize(markers.len() + compile(&pattern).captures_len() - 1, marker);
            patterns.push(pattern);
        }
        let regex = compile(&patterns.join("|"));
        Self { regex, markers }
    }

    #[must_use]
    pub fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        self.regex.replace_all(text, |captures: &Captures<'_>| {
            let mut groups = captures.iter().skip(1).zip(&self.markers);
            let found = groups.find_map(|(group, marker)| Some((group?, marker)));
            let (group, marker) = found.expect("each rule has a group");
            [group.as_bytes(), marker].concat()
        })
    }
}
