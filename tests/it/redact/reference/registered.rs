//! Registered values, in every encoding.

mod encodings;

use self::encodings::{Encoding, Kind};
use super::{
    Replacements, marker,
    place::{Place, rest_of_escape, run},
};

pub(super) struct Registered {
    label: String,
    encodings: Vec<Encoding>,
}

/// A beginning of the value, as it stands in the text.
#[derive(Clone, Copy, Debug, Default)]
struct Agreement {
    characters: usize,
    /// How much of the value that is, in bytes.
    value: usize,
    text: usize,
}

impl Registered {
    pub(super) fn new(label: &str, value: &str) -> Self {
        Self {
            label: label.to_owned(),
            encodings: encodings::of(value),
        }
    }

    pub(super) fn find(&self, place: &Place<'_>) -> Option<Replacements> {
        let length = self.length(place.ahead(), place.rest())?;
        let stays = rest_of_escape(place.behind(), place.rest());
        let start = place.at + stays.min(length);
        Some(vec![(start..place.at + length, marker(&self.label))])
    }

    /// How much of `rest` it is, where `shown` is all of that to decide by.
    pub(super) fn length(&self, shown: &[u8], rest: &[u8]) -> Option<usize> {
        let mut most: Option<(&Encoding, Agreement)> = None;
        for encoding in &self.encodings {
            let Some(found) = encoding.begins(shown) else {
                continue;
            };
            if most.is_none_or(|(_, most)| found.text > most.text) {
                most = Some((encoding, found));
            }
        }
        let (encoding, mut found) = most?;
        while let Some(next) = self.next(encoding, found, rest) {
            found = next;
        }
        let is_whole = found.characters == encoding.characters.len();
        if encoding.kind == Kind::Base64 && is_whole {
            found.text += run(&rest[found.text..], |byte| {
                byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte)
            });
        }
        Some(found.text)
    }

    /// One character more, if need be in another encoding.
    fn next(&self, encoding: &Encoding, found: Agreement, text: &[u8]) -> Option<Agreement> {
        let others = self
            .encodings
            .iter()
            .filter(|other| encoding.kind != Kind::Base64 && other.kind != Kind::Base64);
        std::iter::once(encoding)
            .chain(others)
            .find_map(|encoding| encoding.next(found, text))
    }
}

impl Encoding {
    /// As much of the value as is enough, if there is.
    fn begins(&self, text: &[u8]) -> Option<Agreement> {
        let mut found = Agreement::default();
        loop {
            let is_whole = found.characters == self.characters.len();
            if is_whole || found.value >= 32 || found.text >= 96 {
                return Some(found);
            }
            match self.next(found, text) {
                Some(next) => found = next,
                None => {
                    let is_cut_off = found.value >= 8 && found.text == text.len();
                    return is_cut_off.then_some(found);
                }
            }
        }
    }

    fn next(&self, found: Agreement, text: &[u8]) -> Option<Agreement> {
        let character = self.characters.get(found.characters)?;
        let spellings = character.spellings.iter();
        let length = spellings
            .filter_map(|spelling| spelling.length_in(&text[found.text..]))
            .next()?;
        let next = Agreement {
            characters: found.characters + 1,
            value: found.value + character.size,
            text: found.text + length,
        };
        if self.is_bound_backslash(found.characters, &text[found.text..][..length]) {
            return self.behind_backslashes(next, text);
        }
        Some(next)
    }

    /// A lot of 16 is a unit; any fewer belong to the character behind them.
    fn behind_backslashes(&self, first: Agreement, text: &[u8]) -> Option<Agreement> {
        let mut found = first;
        let mut count = 1;
        while count < 16 {
            let character = self.characters.get(found.characters);
            if character.is_none_or(|character| !character.is_ascii) {
                break;
            }
            let length = character?
                .spellings
                .iter()
                .find_map(|spelling| spelling.length_in(&text[found.text..]))?;
            let is_backslash =
                self.is_bound_backslash(found.characters, &text[found.text..][..length]);
            found = Agreement {
                characters: found.characters + 1,
                value: found.value + 1,
                text: found.text + length,
            };
            if !is_backslash {
                break;
            }
            count += 1;
        }
        Some(found)
    }

    fn is_bound_backslash(&self, character: usize, written: &[u8]) -> bool {
        matches!(self.kind, Kind::Percent)
            && self.characters[character].is_ascii
            && written == b"\\"
    }
}
