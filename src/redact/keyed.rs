//! Values that stand under a key: `access_token=…`, `"pin": 123456`, `Cookie: …`.

mod between;
mod value;

use alloc::{boxed::Box, vec, vec::Vec};

pub(super) use between::{Between, MAX_BLANKS, Separator, is_blank};
pub(super) use value::Value;

use super::{
    behind::Behind,
    found::{Found, MarkerId},
    unit::{Ahead, Known},
};

/// A key, and what a value under it looks like.
pub(super) struct Keyed {
    /// What stands before the anchor, in lower case.
    before: &'static str,
    /// The anchor and the rest of the key, in lower case.
    rest: Box<str>,
    /// The spellings of the anchor that are searched for.
    anchors: Vec<Box<str>>,
    value: Value,
    marker: MarkerId,
}

impl Keyed {
    /// The key `before` + `anchor` + `rest`, all in lower case.
    pub(super) fn new(
        [before, anchor, rest]: [&'static str; 3],
        value: Value,
        marker: MarkerId,
    ) -> Self {
        let anchors = vec![
            anchor.into(),
            anchor.to_ascii_uppercase().into(),
            capitalised(before, anchor),
        ];
        Self {
            before,
            rest: [anchor, rest].concat().into(),
            anchors,
            value,
            marker,
        }
    }

    /// The same, with its anchor as it is and in no other spelling.
    pub(super) fn exactly(key: [&'static str; 3], value: Value, marker: MarkerId) -> Self {
        let anchors = vec![key[1].into()];
        Self {
            anchors,
            ..Self::new(key, value, marker)
        }
    }

    /// A key of the user's.
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
            // Words that stand in much text: what follows them tells.
            Value::Code => &["=", "\"", "'", "\\", "%"],
            Value::Pin => &["=", ":", "\"", "'", "\\", "%"],
            _ => &[""],
        };
        let needle = |anchor: &str, next: &&str| [anchor, *next].concat().into_bytes();
        let anchors = self.anchors.iter();
        anchors
            .flat_map(|anchor| follow.iter().map(move |next| needle(anchor, next)))
            .collect()
    }

    pub(super) fn judge(&self, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        if !behind.ends_with(self.before.as_bytes()) || !ahead.has(0, self.rest.as_bytes())? {
            return Ok(None);
        }
        let common = self.value.has_common_key();
        if common && behind.is_in_word() {
            return Ok(None);
        }
        let key = self.value.end_of_key(self.rest.len(), ahead)?;
        let Some(between) = Between::read(ahead, key, !common)? else {
            return Ok(None);
        };
        self.value.judge(behind, ahead, &between, self.marker)
    }
}

fn capitalised(before: &str, anchor: &str) -> Box<str> {
    let mut head = before.is_empty();
    let letter = |letter: char| {
        let new = if head {
            letter.to_ascii_uppercase()
        } else {
            letter
        };
        head = matches!(letter, '-' | '_');
        new
    };
    anchor.chars().map(letter).collect()
}
