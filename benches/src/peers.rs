//! Redaction by the library and by regular expressions, and plain searches as a lower limit.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind, packed};
use hubseal::redact::{PersonalData, Redactor};
use regex::bytes::{Captures, Regex, RegexBuilder};

use crate::{
    rules::{Rule, built_in, fragment, registered},
    secrets::{APP_SECRET, VERIFY_TOKEN},
};

/// Whether the secrets of the corpus are registered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Values {
    None,
    Registered,
}

/// Returns the library's redactor. With `personal`, it also masks personal data.
///
/// # Panics
/// Panics if the library refuses a registered value.
#[must_use]
pub fn redactor(values: Values, personal: bool) -> Redactor {
    let mut builder = Redactor::builder();
    if values == Values::Registered {
        builder = builder
            .register("app_secret", APP_SECRET)
            .register("verify_token", VERIFY_TOKEN);
    }
    if personal {
        builder = builder.personal_data(PersonalData::Mask);
    }
    builder.build().expect("a few rules")
}

fn rules(values: Values) -> Vec<Rule> {
    let mut rules = built_in();
    if values == Values::Registered {
        rules.extend(registered());
    }
    rules
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

/// One expression for each rule, applied one after another.
pub struct EachRule(Vec<(Regex, Vec<u8>)>);

impl EachRule {
    #[must_use]
    pub fn new(values: Values) -> Self {
        let compiled = rules(values).into_iter().map(|rule| {
            let regex = compile(&rule.pattern);
            let groups: String = (1..regex.captures_len())
                .map(|group| format!("${{{group}}}"))
                .collect();
            (
                regex,
                format!("{groups}[redacted:{}]", rule.marker).into_bytes(),
            )
        });
        Self(compiled.collect())
    }

    #[must_use]
    pub fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let mut text = Cow::Borrowed(text);
        for (regex, replacement) in &self.0 {
            if let Cow::Owned(replaced) = regex.replace_all(&text, replacement.as_slice()) {
                text = Cow::Owned(replaced);
            }
        }
        text
    }
}

/// All rules in one expression.
pub struct Alternation {
    regex: Regex,
    /// The marker after each group. Groups capture the text to keep.
    markers: Vec<Vec<u8>>,
}

impl Alternation {
    #[must_use]
    pub fn new(values: Values) -> Self {
        let mut markers = Vec::new();
        let mut patterns = Vec::new();
        for rule in rules(values) {
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

/// Searches for literals only, without any decision.
pub struct Anchors {
    pub automaton: AhoCorasick,
    /// Several, because one searcher takes at most 64 patterns.
    pub packed: Vec<packed::Searcher>,
}

const ANCHORS: &str = "_token _TOKEN -token -TOKEN -Token sToken yToken _secret _SECRET -secret \
    -SECRET -Secret pSecret tSecret t_proof T_PROOF t-proof T-PROOF t-Proof uthoriz UTHORIZ \
    code= code: code\" code' code\\ code% ookie OOKIE pin= pin: pin\" pin' pin\\ pin% ub_sig \
    UB_SIG ub-sig UB-SIG ub-Sig EAA EAB EAC EAD EAE EAF IGAA IGQ THAA %7C %7c %257C %257c \
    %25257C %25257c u007c u007C earer EARER";

impl Anchors {
    #[must_use]
    pub fn new(values: Values) -> Self {
        let mut anchors: Vec<Vec<u8>> = ANCHORS.split_whitespace().map(Into::into).collect();
        anchors.push(b"pin ".into());
        if values == Values::Registered {
            for value in [APP_SECRET, VERIFY_TOKEN] {
                anchors.push(value.as_bytes()[..4].into());
                let encoded = (0..3).map(|before| fragment(value.as_bytes(), before));
                anchors.extend(encoded.map(|encoded| encoded.as_bytes()[..4].to_vec()));
            }
        }
        let packed = anchors.chunks(64).map(|anchors| {
            let searcher = packed::Config::new().builder().extend(anchors).build();
            searcher.expect("a processor with vectors")
        });
        Self {
            packed: packed.collect(),
            automaton: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(&anchors)
                .expect("a few literals"),
        }
    }
}
