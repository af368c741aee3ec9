//! Registered values in every encoding.

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

/// How much text was enough to decide, and how much it is.
#[derive(Clone, Copy)]
struct Length {
    decided: usize,
    whole: usize,
}

impl Registered {
    pub(super) fn new(label: &str, value: &str) -> Self {
        Self {
            label: label.to_owned(),
            encodings: encodings::of(value),
        }
    }

    /// Of all that begin here, the one with most text to decide by.
    pub(super) fn find_one(all: &[Self], place: &Place<'_>) -> Option<Replacements> {
        let (value, whole) = Self::most(all, place.ahead(), place.rest())?;
        let stays = rest_of_escape(place.behind(), place.rest());
        let start = place.at + stays.min(whole);
        Some(vec![(start..place.at + whole, marker(&value.label))])
    }

    /// The same, and how much of `rest` it is, where `shown` is all of that to decide by.
    pub(super) fn most<'r>(
        all: &'r [Self],
        shown: &[u8],
        rest: &[u8],
    ) -> Option<(&'r Self, usize)> {
        let mut most: Option<(&Self, Length)> = None;
        for value in all {
            let Some(length) = value.length(shown, rest) else {
                continue;
            };
            if most.is_none_or(|(_, most)| length.decided > most.decided) {
                most = Some((value, length));
            }
        }
        most.map(|(value, length)| (value, length.whole))
    }

    fn length(&self, shown: &[u8], rest: &[u8]) -> Option<Length> {
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
        let decided = found.text;
        let mut current = encoding;
        while let Some((other, next)) = self.next(current, found, rest) {
            (current, found) = (other, next);
        }
        let is_whole = found.characters == encoding.characters.len();
        if encoding.kind == Kind::Base64 && is_whole {
            found.text += run(&rest[found.text..], |byte| {
                byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte)
            });
        }
        let whole = found.text;
        Some(Length { decided, whole })
    }

    /// One character more, if need be in another encoding: then that is the one to go on with.
    fn next<'e>(
        &'e self,
        encoding: &'e Encoding,
        found: Agreement,
        text: &[u8],
    ) -> Option<(&'e Encoding, Agreement)> {
        let is_base64 = |encoding: &Encoding| encoding.kind == Kind::Base64;
        let others = self.encodings.iter();
        std::iter::once(encoding)
            .chain(others.filter(|other| !is_base64(encoding) && !is_base64(other)))
            .find_map(|encoding| Some((encoding, encoding.next(found, text)?)))
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
            let Some(next) = self.next(found, text) else {
                let is_cut_off = found.value >= 8 && found.text == text.len();
                return is_cut_off.then_some(found);
            };
            found = next;
        }
    }

    fn next(&self, found: Agreement, text: &[u8]) -> Option<Agreement> {
        let character = self.characters.get(found.characters)?;
        let mut spellings = character.spellings.iter();
        let rest = &text[found.text..];
        let length = spellings.find_map(|spelling| spelling.length_in(rest))?;
        let next = Agreement {
            characters: found.characters + 1,
            value: found.value + character.size,
            text: found.text + length,
        };
        let is_backslash = self.kind == Kind::Percent && character.is(b'\\');
        if is_backslash && &text[found.text..next.text] == b"\\" {
            return self.next_behind_backslashes(found, text);
        }
        Some(next)
    }

    /// A lot of 16 is a unit; any fewer belong to the character behind them.
    fn next_behind_backslashes(&self, found: Agreement, text: &[u8]) -> Option<Agreement> {
        let rest = &self.characters[found.characters..];
        let backslashes = rest.iter().take_while(|character| character.is(b'\\'));
        let count = backslashes.count().min(16);
        let mut expected = vec![b'\\'; count];
        if count < 16 {
            expected.push(rest.get(count)?.ascii?);
        }
        text[found.text..]
            .starts_with(&expected)
            .then_some(Agreement {
                characters: found.characters + expected.len(),
                value: found.value + expected.len(),
                text: found.text + expected.len(),
            })
    }
}
