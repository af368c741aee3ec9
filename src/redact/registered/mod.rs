//! Values that the user named: found however they are written.

mod base64;
mod encoding;
mod needles;

use alloc::{boxed::Box, vec::Vec};

use zeroize::Zeroizing;

use super::{
    Alphabet, RedactorBuilder,
    unit::{Ahead, Known, Wait},
};
pub(super) use encoding::Encoding;

/// The least of a value that is known by where the text ends behind it, in bytes.
const LEAST: usize = RedactorBuilder::MIN_VALUE;

/// This much of a value is enough to know it by, in bytes of the value.
const ENOUGH_OF_VALUE: usize = 32;
/// This much of a value as it is written is enough to know it by, in bytes of text.
const ENOUGH_OF_TEXT: usize = 96;

/// One text to look for, in several encodings.
pub(super) struct Registered {
    value: Zeroizing<Box<str>>,
    encodings: &'static [Encoding],
}

/// How much of a registered value has been read.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    /// Its place in the list of all.
    value: u16,
    encoding: Encoding,
    /// How much of the value, in bytes.
    read: usize,
}

/// The beginning of a value that stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    pub(super) progress: Progress,
    /// How long it is in the text, in bytes.
    pub(super) length: usize,
}

impl Registered {
    /// The value itself, and its base64 at three alignments.
    pub(super) fn all(value: &str) -> Vec<Self> {
        let itself = Self {
            value: Zeroizing::new(value.into()),
            encodings: Encoding::of_text(value),
        };
        let encoded = base64::fragments(value.as_bytes()).map(|fragment| Self {
            value: fragment,
            encodings: &[Encoding::Base64],
        });
        [itself].into_iter().chain(encoded).collect()
    }

    /// Whether the value stands in this marker, where it would be found again.
    pub(super) fn occurs_in(&self, marker: &str) -> bool {
        marker.contains(&**self.value)
    }

    /// The bytes to search for: each way in which the value may be written begins with one.
    pub(super) fn needles(&self) -> Vec<Vec<u8>> {
        needles::of(&self.value, self.encodings)
    }

    /// The longest beginning of the value that stands here, where it is long enough to be no chance.
    pub(super) fn judge(&self, index: u16, ahead: Ahead<'_>) -> Known<Option<Beginning>> {
        if !self.may_begin(ahead.byte(0)?) {
            return Ok(None);
        }
        let mut longest: Option<Beginning> = None;
        for encoding in self.encodings {
            let found = self.beginning(index, *encoding, ahead)?;
            if found
                .is_some_and(|found| longest.is_none_or(|longest| found.length > longest.length))
            {
                longest = found;
            }
        }
        Ok(longest)
    }

    /// Whether the value, however it is written, may begin with this. Under each key all values are
    /// looked for, and most are ruled out here.
    fn may_begin(&self, byte: Option<u8>) -> bool {
        let first = self.value.bytes().next().unwrap_or_default();
        byte == Some(first) || byte == Some(b'%') || !first.is_ascii_alphanumeric()
    }

    fn beginning(
        &self,
        index: u16,
        encoding: Encoding,
        ahead: Ahead<'_>,
    ) -> Known<Option<Beginning>> {
        let mut found = Beginning {
            progress: Progress {
                value: index,
                encoding,
                read: 0,
            },
            length: 0,
        };
        let read = |found: &Beginning| found.progress.read;
        while read(&found) < self.value.len().min(ENOUGH_OF_VALUE) && found.length < ENOUGH_OF_TEXT
        {
            let Some((value, text)) = self.step(found.progress, ahead.from(found.length))? else {
                let cut_off = ahead.is_end(found.length) && read(&found) >= LEAST;
                return Ok(cut_off.then_some(found));
            };
            found.progress.read = read(&found).saturating_add(value);
            found.length = found.length.saturating_add(text);
        }
        Ok(Some(found))
    }

    /// The next part of the value, as long as it stands here: its length in the value and in the
    /// text.
    fn step(&self, progress: Progress, ahead: Ahead<'_>) -> Known<Option<(usize, usize)>> {
        let rest = self.value.get(progress.read..).unwrap_or_default();
        progress.encoding.step(rest, ahead)
    }

    /// The next part, in the encoding so far or, where that does not fit, in another; how long it is
    /// in the text.
    fn step_in_any(&self, progress: &mut Progress, ahead: Ahead<'_>) -> Known<Option<usize>> {
        for encoding in [progress.encoding].iter().chain(self.encodings) {
            let other = Progress {
                encoding: *encoding,
                ..*progress
            };
            if let Some((value, text)) = self.step(other, ahead)? {
                *progress = Progress {
                    read: other.read.saturating_add(value),
                    ..other
                };
                return Ok(Some(text));
            }
        }
        Ok(None)
    }
}

impl Progress {
    /// Reads on for as long as the text agrees with the value.
    pub(super) fn advance(&mut self, values: &[Registered], ahead: Ahead<'_>) -> (usize, bool) {
        let mut length = 0_usize;
        let Some(registered) = values.get(usize::from(self.value)) else {
            return (0, true);
        };
        loop {
            if self.read >= registered.value.len() {
                if self.encoding != Encoding::Base64 {
                    return (length, true);
                }
                // The last characters of base64 hold bits of the value and of what follows it.
                let rest = ahead.from(length);
                let run = Alphabet::ANY_BASE64.run(rest.text());
                return (length.saturating_add(run), rest.byte(run).is_ok());
            }
            match registered.step_in_any(self, ahead.from(length)) {
                Err(Wait) => return (length, false),
                Ok(None) => return (length, true),
                Ok(Some(text)) => length = length.saturating_add(text),
            }
        }
    }
}
