//! Values after a key: `access_token=…`, `"pin": 123456`, `Cookie: …`.

mod between;
mod looks;
mod value;

use alloc::{boxed::Box, string::String, vec, vec::Vec};

pub(super) use between::{Between, Separator, blanks};
pub(super) use value::Value;

use super::{
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId},
    unit::{Ahead, Known, Unit},
};

/// The rule for a key and its values.
pub(super) struct Keyed {
    /// The part of the key before the anchor, in lower case.
    before: &'static str,
    /// The anchor and the rest of the key, in lower case.
    rest: Box<str>,
    /// The searched spellings of the anchor.
    anchors: Vec<Box<str>>,
    value: Value,
    pub(super) marker: MarkerId,
}

impl Keyed {
    /// Creates the rule for the key `before` + `anchor` + `rest`, all in lower case.
    pub(super) fn new(
        [before, anchor, rest]: [&'static str; 3],
        value: Value,
        marker: MarkerId,
    ) -> Self {
        // In order: Meta's spelling, an environment variable, then headers in three spellings. The last
        // one is also that of a command-line option.
        let hyphenated = anchor.replace('_', "-");
        let anchors = [
            anchor.into(),
            anchor.to_ascii_uppercase(),
            hyphenated.to_ascii_uppercase(),
            capitalised(&hyphenated),
            hyphenated,
        ];
        let anchors = anchors.map(String::into_boxed_str).into();
        Self {
            before,
            rest: [anchor, rest].concat().into(),
            anchors,
            value,
            marker,
        }
    }

    /// Creates the same rule for exactly this spelling of the anchor.
    pub(super) fn exactly(key: [&'static str; 3], value: Value, marker: MarkerId) -> Self {
        let anchors = vec![key[1].into()];
        Self {
            anchors,
            ..Self::new(key, value, marker)
        }
    }

    /// Creates the rule for a key that the application adds.
    pub(super) fn own(key: &str, marker: MarkerId) -> Self {
        let rest = key.to_ascii_lowercase();
        let anchors = vec![
            key.into(),
            rest.as_str().into(),
            key.to_ascii_uppercase().into(),
        ];
        Self {
            before: "",
            rest: rest.into(),
            anchors,
            value: Value::Secret,
            marker,
        }
    }

    pub(super) fn needles(&self) -> Vec<Vec<u8>> {
        let follow: &[&str] = match self.value {
            // Both keys are common words, so the needle includes the next character.
            Value::Code => &["=", ":", "\"", "'", "\\", "%"],
            Value::Pin => &["=", ":", " ", "\"", "'", "\\", "%"],
            _ => &[""],
        };
        let needle = |anchor: &str, next: &&str| [anchor, *next].concat().into_bytes();
        let anchors = self.anchors.iter();
        anchors
            .flat_map(|anchor| follow.iter().map(move |next| needle(anchor, next)))
            .collect()
    }

    /// `marker` is the text of this rule's marker.
    pub(super) fn judge(
        &self,
        marker: &[u8],
        behind: Behind<'_>,
        ahead: Ahead<'_>,
    ) -> Known<Option<Found>> {
        if !behind.ends_with(self.before.as_bytes()) || !self.goes_on(ahead)? {
            return Ok(None);
        }
        let common = self.value.has_common_key();
        if common && behind.is_in_word() {
            return Ok(None);
        }
        let key = self.value.end_of_key(self.rest.len(), ahead)?;
        if self.value == Value::Pin && !ahead.unit(key)?.is_some_and(may_follow_pin) {
            return Ok(None);
        }
        let Some(between) = Between::read(ahead, key, Some(self.value))? else {
            return Ok(None);
        };
        let found = self.value.judge(behind, ahead, &between, self.marker)?;
        if found.is_some() {
            return Ok(found);
        }
        // A marker seldom looks like a secret. Without this match, a key between this one and its marker
        // would replace the marker with another one.
        let is_done = self.value.is_marked(&between, ahead, marker)?;
        Ok(is_done.then(|| between.found(Extent::Here, marker.len(), false, self.marker)))
    }

    /// Returns whether the text begins with the rest of the key. Ignores ASCII case and the difference
    /// between `-` and `_`.
    fn goes_on(&self, ahead: Ahead<'_>) -> Known<bool> {
        for (at, letter) in self.rest.bytes().enumerate() {
            let same = |byte: u8| match letter {
                b'_' | b'-' => matches!(byte, b'_' | b'-'),
                _ => byte.eq_ignore_ascii_case(&letter),
            };
            if !ahead.is(at, same)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Accepts a space but no tab, because a tab begins another column.
fn may_follow_pin(unit: Unit) -> bool {
    matches!(unit.ascii(), Some(b'=' | b':' | b' ' | b'"' | b'\''))
}

/// Capitalises each word but the first, whose first letter is in `Keyed::before`.
fn capitalised(anchor: &str) -> String {
    let mut head = false;
    let letter = |letter: char| {
        let new = if head {
            letter.to_ascii_uppercase()
        } else {
            letter
        };
        head = letter == '-';
        new
    };
    anchor.chars().map(letter).collect()
}
