//! Slow reference implementation of `docs/redaction.md`: one loop over the positions of the whole
//! text, which applies the rules in the order of the document.

mod between;
mod blanks;
mod keys;
mod personal;
mod place;
mod registered;
pub(super) mod table;
mod tokens;
mod unit;
mod value;

use std::ops::Range;

use hubseal::redact::{Alphabet, Family, PersonalData};

use self::{keys::Key, personal::Policy, place::Place, registered::Registered, tokens::Shape};

/// What is searched for.
#[derive(Default)]
pub(super) struct Rules {
    registered: Vec<Registered>,
    own: Vec<Own>,
    app_ids: Vec<u64>,
    without: Vec<Family>,
    personal: Option<Policy>,
}

enum Own {
    Key(Key),
    Shape(Shape),
}

/// Pieces of text from left to right, and what each of them becomes.
pub(super) type Replacements = Vec<(Range<usize>, Vec<u8>)>;

impl Rules {
    pub(super) fn register(mut self, label: &str, value: &str) -> Self {
        self.registered.push(Registered::new(label, value));
        self
    }

    pub(super) fn key(mut self, label: &str, key: &str) -> Self {
        self.own.push(Own::Key(Key::custom(label, key)));
        self
    }

    pub(super) fn shape(
        mut self,
        label: &str,
        anchor: &str,
        alphabet: Alphabet,
        at_least: usize,
    ) -> Self {
        let shape = Shape::new(label, anchor, alphabet, at_least);
        self.own.push(Own::Shape(shape));
        self
    }

    pub(super) fn app_id(mut self, app_id: u64) -> Self {
        self.app_ids.push(app_id);
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "as for the redactor")]
    pub(super) fn personal_data(mut self, personal: PersonalData) -> Self {
        self.personal = Some(Policy::of(&personal));
        self
    }

    pub(super) fn without(mut self, family: Family) -> Self {
        self.without.push(family);
        self
    }

    pub(super) fn redact(&self, text: &[u8]) -> Vec<u8> {
        let mut redacted = Vec::new();
        let mut copied = 0;
        for (range, with) in self.replacements(text) {
            redacted.extend_from_slice(&text[copied..range.start]);
            redacted.extend(with);
            copied = range.end;
        }
        redacted.extend_from_slice(&text[copied..]);
        redacted
    }

    pub(super) fn replacements(&self, text: &[u8]) -> Replacements {
        let table = keys::of_the_page(&self.without);
        let personal = self.personal.map_or_else(Vec::new, Policy::keys);
        let mut replacements = Vec::new();
        let mut floor = 0;
        let mut at = 0;
        while at < text.len() {
            if let Some(found) =
                self.first_that_fits(&table, &personal, &Place::new(text, floor, at))
            {
                floor = found.last().unwrap().0.end;
                at = floor;
                replacements.extend(found);
            } else {
                at += 1;
            }
        }
        replacements
    }

    /// In the order of the page.
    fn first_that_fits(
        &self,
        table: &[Key],
        personal: &[Key],
        place: &Place<'_>,
    ) -> Option<Replacements> {
        let registered = || Registered::find_one(&self.registered, place);
        let token = || tokens::find(place, &self.app_ids, &self.without);
        let of = |keys: &[Key]| {
            keys.iter()
                .find_map(|key| key.find(place, &self.registered))
        };
        let own = || {
            self.own.iter().find_map(|own| match own {
                Own::Key(key) => key.find(place, &self.registered),
                Own::Shape(shape) => shape.find(place),
            })
        };
        let personal_data = || self.personal?.find(place);
        registered()
            .or_else(token)
            .or_else(|| of(table))
            .or_else(own)
            .or_else(|| of(personal))
            .or_else(personal_data)
    }
}

fn marker(label: &str) -> Vec<u8> {
    format!("[redacted:{label}]").into_bytes()
}
