//! Registered values, which are found in several encodings.

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

/// The minimum length of a match that the end of the text cuts off, in bytes of the value.
const LEAST: usize = RedactorBuilder::MIN_VALUE;

/// The length of a prefix that decides a match, in bytes of the value.
const ENOUGH_OF_VALUE: usize = 32;
/// The length of an encoded prefix that decides a match, in bytes of the text.
const ENOUGH_OF_TEXT: usize = 96;

/// A string to find in several encodings.
pub(super) struct Registered {
    value: Zeroizing<Box<str>>,
    encodings: &'static [Encoding],
}

/// The state of reading a registered value.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    /// The index of the value in `Rules::values`.
    value: u16,
    encoding: Encoding,
    /// The matched length, in bytes of the value.
    read: usize,
}

/// A match of the first characters of a value.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    pub(super) progress: Progress,
    /// The length of the match, in bytes of the text.
    pub(super) length: usize,
}

impl Registered {
    /// Returns the value itself, and its base64 fragments at three alignments.
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

    /// Returns whether the marker contains the value, so that the output would be redacted again.
    pub(super) fn occurs_in(&self, marker: &str) -> bool {
        marker.contains(&**self.value)
    }

    /// Returns the search needles. Each encoded form of the value begins with one of them.
    pub(super) fn needles(&self) -> Vec<Vec<u8>> {
        needles::of(&self.value, self.encodings)
    }

    /// Returns the longest match of the value's prefix here, if it is long enough to be no coincidence.
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

    /// Returns whether an encoded form of the value may begin with this byte. All values are tried
    /// after each key, and this check quickly rejects most of them.
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

    /// Matches the next characters of the value. Returns their lengths in the value and in the text.
    fn step(&self, progress: Progress, ahead: Ahead<'_>) -> Known<Option<(usize, usize)>> {
        let rest = self.value.get(progress.read..).unwrap_or_default();
        progress.encoding.step(rest, ahead)
    }

    /// Matches the next characters in the current encoding, or else in another one. Returns their
    /// length in the text.
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
    /// Reads while the text matches the value. Returns the length, and whether the match ends there.
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
                // The next base64 character can contain bits of the value, so replace the rest of the run.
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
