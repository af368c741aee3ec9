//! Lookbehind: the text before a position.

use super::{
    Alphabet,
    extent::{Quote, QuoteForm},
    found::MARKER,
    unit::MAX_BACKSLASHES,
};

/// The last [`MAX_BEHIND`] bytes before a position.
#[derive(Clone, Copy)]
pub(super) struct Behind<'t>(&'t [u8]);

/// The maximum lookbehind of a rule, in bytes.
pub(super) const MAX_BEHIND: usize = 48;

/// The maximum number of digits and semicolons in a terminal colour sequence.
pub(super) const MAX_COLOUR: usize = 12;

/// The number of bytes before a `+` or `/` that are checked for base64.
const BASE64_SAMPLE: usize = 32;

impl<'t> Behind<'t> {
    /// Keeps the last [`MAX_BEHIND`] bytes of `before`.
    pub(super) fn new(before: &'t [u8]) -> Self {
        Self(last(before, MAX_BEHIND))
    }

    /// Returns whether the text ends with `expected`, ignoring ASCII case.
    pub(super) fn ends_with(self, expected: &[u8]) -> bool {
        last(self.0, expected.len()).eq_ignore_ascii_case(expected)
    }

    /// Returns the text without its last `length` bytes.
    pub(super) fn before(self, length: usize) -> Self {
        Self(
            self.0
                .get(..self.0.len().saturating_sub(length))
                .unwrap_or_default(),
        )
    }

    pub(super) fn digits(self) -> usize {
        self.0
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    }

    pub(super) fn backslashes(self) -> usize {
        self.0
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count()
    }

    /// Returns whether the text ends with exactly `expected`.
    pub(super) fn has_suffix(self, expected: &[u8]) -> bool {
        self.0.ends_with(expected)
    }

    /// Returns the length of the `|` at the end of the text, which may be encoded.
    pub(super) fn bar(self) -> Option<usize> {
        let (_, length) = self.unit().filter(|(character, _)| *character == b'|')?;
        // A unit of six bytes is a `\u` escape and includes only one of its backslashes.
        let more = if length == 6 {
            self.before(length).backslashes()
        } else {
            0
        };
        (more.saturating_add(1) < MAX_BACKSLASHES).then(|| length.saturating_add(more))
    }

    pub(super) fn byte(self) -> Option<u8> {
        self.0.last().copied()
    }

    /// Returns whether a word character at this position would continue a word.
    pub(super) fn is_in_word(self) -> bool {
        self.byte()
            .is_some_and(|byte| Alphabet::WORD.contains(byte))
            && !self.ends_escape()
    }

    /// Returns whether a token may begin at this position.
    pub(super) fn is_boundary(self) -> bool {
        match self.byte() {
            Some(b'%') => false,
            Some(b'_') => true,
            Some(b'+' | b'/') => !self.before(1).is_base64(),
            _ => !self.is_in_word(),
        }
    }

    /// Decodes the last unit. Returns its character and its length.
    pub(super) fn unit(self) -> Option<(u8, usize)> {
        let written = |prefix: &[u8], digits: usize| {
            let before = self.before(digits);
            (last(before.0, prefix.len()) == prefix).then_some(())?;
            let value = core::str::from_utf8(last(self.0, digits)).ok()?;
            // `from_str_radix` would accept a sign.
            value
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then_some(())?;
            let value = u8::try_from(u16::from_str_radix(value, 16).ok()?).ok()?;
            Some((value, prefix.len().saturating_add(digits)))
        };
        written(b"%", 2)
            .or_else(|| written(b"%25", 2))
            .or_else(|| written(b"%2525", 2))
            .or_else(|| written(b"\\u", 4))
            .or_else(|| Some((self.byte()?, 1)))
    }

    /// Returns the quote at the end of the text.
    pub(super) fn quote(self) -> Option<Quote> {
        let (character, length) = self.unit()?;
        // A run of `MAX_BACKSLASHES` is a unit of its own and does not escape the quote.
        let backslashes = |behind: usize| self.before(behind).backslashes() % MAX_BACKSLASHES;
        let form = match length {
            1 => QuoteForm::Nested(backslashes(1).trailing_ones()),
            6 if backslashes(5) == 0 => return None,
            6 => QuoteForm::Unicode,
            // `%22`, `%2522`, `%252522`
            length => QuoteForm::Percent(u8::try_from(length.saturating_sub(3) / 2).ok()?),
        };
        Quote::new(character, form)
    }

    /// Returns whether an unquoted key may begin here. `dotted` allows a `.` before it, as in
    /// `message.from`.
    pub(super) fn is_no_part_of_a_key(self, dotted: bool) -> bool {
        let joins = |byte| byte == b'-' || byte == b'.' && !dotted;
        !self.is_in_word() && !self.byte().is_some_and(joins) && !self.has_suffix(MARKER)
    }

    /// Returns how many bytes of `following` complete an escape that began before this position.
    /// Replacing them would leave half an escape.
    pub(super) fn unfinished_escape(self, following: &[u8]) -> usize {
        let digits = self
            .0
            .iter()
            .rev()
            .take(3)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        for known in 0..=digits {
            let before = self.before(known);
            if before.byte() == Some(b'u') && before.before(1).ends_in_odd_backslashes() {
                return hexadecimal(following, 4_usize.saturating_sub(known));
            }
        }
        if !self.ends_in_odd_backslashes() {
            return 0;
        }
        match following {
            [b'u', digits @ ..] if hexadecimal(digits, 4) > 0 => 5,
            [b'b' | b'f' | b'n' | b'r' | b't' | b'/' | b'"' | b'\'', ..] => 1,
            _ => 0,
        }
    }

    fn ends_in_odd_backslashes(self) -> bool {
        self.backslashes() % 2 == 1
    }

    /// Returns whether the last byte, a word character, ends an escape, a percent-encoded byte or a
    /// colour.
    fn ends_escape(self) -> bool {
        if let [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] = self.0 {
            return true;
        }
        if self.ends_colour() {
            return true;
        }
        let digits = |length| last(self.0, length).iter().all(u8::is_ascii_hexdigit);
        let behind = |length, prefix: &[u8]| self.before(length).0.ends_with(prefix);
        digits(2)
            && [&b"%"[..], b"%25", b"%2525", b"\\x"]
                .iter()
                .any(|prefix| behind(2, prefix))
            || digits(4) && behind(4, b"\\u")
    }

    /// Returns whether the text ends with a terminal colour: ESC, `[`, digits or `;`, and `m`.
    fn ends_colour(self) -> bool {
        let Some(digits) = self.0.strip_suffix(b"m") else {
            return false;
        };
        let is_digit = |byte: &&u8| byte.is_ascii_digit() || **byte == b';';
        let count = digits.iter().rev().take_while(is_digit).count();
        let before = digits
            .get(..digits.len().saturating_sub(count))
            .unwrap_or_default();
        let escapes: [&[u8]; 4] = [b"\x1b[", b"\\u001b[", b"\\u001B[", b"\\x1b["];
        count <= MAX_COLOUR && escapes.iter().any(|escape| before.ends_with(escape))
    }

    /// Guesses whether the text ends in base64 data, from its mix of letters and digits.
    fn is_base64(self) -> bool {
        let sample = last(self.0, BASE64_SAMPLE);
        let count = |test: fn(&u8) -> bool| sample.iter().filter(|byte| test(byte)).count();
        sample.len() == BASE64_SAMPLE
            && sample.iter().all(|byte| Alphabet::BASE64.contains(*byte))
            && count(u8::is_ascii_uppercase) >= 6
            && count(u8::is_ascii_lowercase) >= 6
            && count(u8::is_ascii_digit) >= 2
    }
}

fn last(text: &[u8], length: usize) -> &[u8] {
    text.get(text.len().saturating_sub(length)..)
        .unwrap_or_default()
}

/// Returns `digits` if the text begins with that many hexadecimal digits, otherwise 0.
fn hexadecimal(text: &[u8], digits: usize) -> usize {
    let all = text
        .get(..digits)
        .is_some_and(|text| text.iter().all(u8::is_ascii_hexdigit));
    if all { digits } else { 0 }
}
