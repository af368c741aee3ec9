//! The compilation of all rules.

use alloc::{boxed::Box, collections::BTreeSet, format, vec::Vec};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{
    registered::Registered,
    rules::{Label, LabelledValue, Rule, Rules, Settings},
    text::{head, run, tail},
    tokens::{BARS, TOKENS},
};
use crate::redact::{
    RuleError,
    keys::{Look, PERSONAL, SECRETS},
};

/// The labels of markers that no row of a table has.
const LABELS: [&str; 3] = ["header", "message_id", "call_id"];

/// The maximum number of patterns of a SIMD search.
const MAX_SIMD: usize = 64;

/// The maximum number of needles in the fastest kind of searcher, whose size grows with them.
const MAX_FAST: usize = 2_000;

impl Rules {
    /// Compiles the built-in rules, those of the settings, and those of the registered values.
    pub(in crate::redact) fn new(
        settings: &Settings,
        registered: &[LabelledValue],
    ) -> Result<Self, RuleError> {
        let mut new = Compiler::default();
        for label in LABELS {
            new.label(label);
        }
        for (label, look, names) in SECRETS {
            let label = new.label(label);
            names
                .split(' ')
                .for_each(|name| new.key(name, Rule::Key(*look, label)));
        }
        for (index, (label, prefixes, _)) in TOKENS.iter().enumerate() {
            let label = new.label(label);
            for prefix in prefixes.split(' ') {
                new.needles(&[prefix], Rule::Token(index, label));
                new.fragments.insert(prefix.into());
            }
        }
        let (app, threads) = (new.label("app_access_token"), new.label("access_token"));
        new.needles(&BARS, Rule::Bar { app, threads });
        // The first one, a bar as it is, is searched for by itself.
        let bars = BARS
            .iter()
            .skip(1)
            .flat_map(|bar| [(*bar).into(), bar.replace('c', "C").into()]);
        new.fragments.extend(bars);
        let bearer = new.label("bearer");
        new.needles(&["bearer"], Rule::Bearer(bearer));
        new.fragment(b"earer");
        for (label, key) in &settings.keys {
            let label = new.label(label);
            new.key(key, Rule::Key(Look::Secret, label));
        }
        let mut values = Vec::new();
        for (label, text) in registered {
            let label = new.label(label);
            for value in Registered::all(text) {
                new.value(&value, values.len());
                values.push((value, label));
            }
        }
        if settings.personal.is_some() {
            for (label, look, names) in PERSONAL {
                let label = new.label(label);
                names
                    .split(' ')
                    .for_each(|name| new.needles(&[name], Rule::Key(*look, label)));
            }
            for (prefix, label) in [("wamid.", "message_id"), ("wacid.", "call_id")] {
                let label = new.label(label);
                new.needles(&[prefix], Rule::MessageId(label));
            }
            let number = new.label("phone_number");
            new.needles(&["+", "%2b", "252b", "u002b"], Rule::Plus(number));
            // They would be in most records.
            new.fragments.clear();
        }
        let patterns = settings.patterns.iter();
        let patterns: Vec<_> = patterns
            .map(|(label, own)| (own.clone(), new.label(label)))
            .collect();
        let in_value = |marker: &str| values.iter().any(|(value, _)| value.occurs_in(marker));
        let in_pattern = |marker: &str| {
            patterns
                .iter()
                .any(|(own, _)| own.is_match(marker.as_bytes()))
        };
        if new
            .markers
            .iter()
            .any(|marker| in_value(marker) || in_pattern(marker))
        {
            return Err(RuleError::OccursInMarker);
        }
        let needles = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((new.needles.len() <= MAX_FAST).then_some(AhoCorasickKind::DFA))
            .build(&new.needles);
        Ok(Self {
            fragments: new.groups().map_err(|_| RuleError::TooMany)?,
            needles: needles.map_err(|_| RuleError::TooMany)?,
            of_needles: new.rules,
            markers: new.markers,
            values,
            patterns,
            personal: settings.personal.clone(),
        })
    }
}

/// The rules that are compiled so far.
#[derive(Default)]
struct Compiler {
    needles: Vec<Vec<u8>>,
    rules: Vec<Rule>,
    markers: Vec<Box<str>>,
    fragments: BTreeSet<Vec<u8>>,
}

impl Compiler {
    fn label(&mut self, label: &str) -> Label {
        let marker = format!("[redacted:{label}]");
        let known = self.markers.iter().position(|known| **known == *marker);
        known.unwrap_or_else(|| {
            self.markers.push(marker.into());
            self.markers.len().saturating_sub(1)
        })
    }

    fn needles(&mut self, needles: &[impl AsRef<[u8]>], rule: Rule) {
        for needle in needles {
            self.needles.push(needle.as_ref().to_vec());
            self.rules.push(rule);
        }
    }

    /// Compiles the fragments.
    fn groups(&self) -> Result<Vec<AhoCorasick>, aho_corasick::BuildError> {
        let group = |group: &[Vec<u8>]| {
            let mut builder = AhoCorasick::builder();
            builder.match_kind(MatchKind::LeftmostFirst).build(group)
        };
        let fragments: Vec<_> = self.fragments.iter().cloned().collect();
        fragments.chunks(MAX_SIMD).map(group).collect()
    }

    /// Adds the needles of a registered value.
    fn value(&mut self, value: &Registered, index: usize) {
        let needles = value.needles();
        self.needles(&needles, Rule::Value(index));
        for needle in needles {
            match run(&needle, |byte| byte.is_ascii_alphanumeric()) {
                // Hexadecimal digits may be in either case.
                0 => self.fragment(&needle),
                plain => drop(self.fragments.insert(head(&needle, plain + 1).to_vec())),
            }
        }
    }

    /// Adds a fragment in lower and in upper case.
    fn fragment(&mut self, fragment: &[u8]) {
        self.fragments.insert(fragment.to_ascii_lowercase());
        self.fragments.insert(fragment.to_ascii_uppercase());
    }

    /// Adds a key with `_` or `-` between its words, or with nothing.
    fn key(&mut self, key: &str, rule: Rule) {
        let mut words = key.split(['_', '-', '.']).map(str::as_bytes);
        if let Some(word) = words.clone().find(|word| word.len() > 4) {
            // Without the first letter, which may be in upper case alone.
            self.fragment(head(tail(word, 1), 5));
        } else if let Some(word) = words.next_back() {
            // A short word is common: what follows it is a part.
            let title = [head(word, 1).to_ascii_uppercase(), tail(word, 1).to_vec()].concat();
            for end in b"=:\"'\\% \t\x1b" {
                self.fragments.insert([&*title, &[*end]].concat());
                self.fragment(&[word, &[*end]].concat());
            }
        }
        let mut spellings = ["_", "-", ""]
            .map(|mark| key.replace(['_', '-'], mark))
            .to_vec();
        spellings.dedup();
        self.needles(&spellings, rule);
    }
}
