//! What stands before a position: whether a token may begin there.

use super::{
    Alphabet,
    extent::{Quote, QuoteForm},
    found::MARKER,
    unit::MAX_BACKSLASHES,
};

/// The text before a position, as far as a rule may look back.
#[derive(Clone, Copy)]
pub(super) struct Behind<'t>(&'t [u8]);

/// How much of the text before a position a rule may look at, in bytes.
pub(super) const MAX_BEHIND: usize = 48;

/// The most digits and semicolons of a terminal's colour.
pub(super) const MAX_COLOUR: usize = 12;

/// The bytes before a `+` or `/` that tell whether it is one of base64.
const BASE64_SAMPLE: usize = 32;

impl<'t> Behind<'t> {
    /// The end of `before`.
    pub(super) fn new(before: &'t [u8]) -> Self {
        Self(last(before, MAX_BEHIND))
    }

    /// Whether `expected` stands directly before, in any case.
    pub(super) fn ends_with(self, expected: &[u8]) -> bool {
        last(self.0, expected.len()).eq_ignore_ascii_case(expected)
    }

    /// What stands before the last `length` bytes.
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

    /// Whether exactly `expected` stands directly before.
    pub(super) fn has_suffix(self, expected: &[u8]) -> bool {
        self.0.ends_with(expected)
    }

    /// The length of a bar, however it is written, that stands directly before.
    pub(super) fn bar(self) -> Option<usize> {
        let (_, length) = self.unit().filter(|(character, _)| *character == b'|')?;
        // Of an escape's backslashes, the unit has one.
        let more = if length == 6 {
            self.before(length).backslashes()
        } else {
            0
        };
        (more.saturating_add(1) < MAX_BACKSLASHES).then(|| length.saturating_add(more))
    }

    /// The last byte.
    pub(super) fn byte(self) -> Option<u8> {
        self.0.last().copied()
    }

    /// Whether a word ends here: what follows is the middle of it.
    pub(super) fn is_in_word(self) -> bool {
        self.byte()
            .is_some_and(|byte| Alphabet::WORD.contains(byte))
            && !self.ends_escape()
    }

    /// Whether a token may begin here.
    pub(super) fn is_boundary(self) -> bool {
        match self.byte() {
            Some(b'%') => false,
            Some(b'_') => true,
            Some(b'+' | b'/') => !self.before(1).is_base64(),
            _ => !self.is_in_word(),
        }
    }

    /// The character that a unit directly before stands for, and the unit's length.
    pub(super) fn unit(self) -> Option<(u8, usize)> {
        let written = |prefix: &[u8], digits: usize| {
            let before = self.before(digits);
            (last(before.0, prefix.len()) == prefix).then_some(())?;
            let value = core::str::from_utf8(last(self.0, digits)).ok()?;
            // `from_str_radix` takes a sign.
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

    /// The quote that stands directly before.
    pub(super) fn quote(self) -> Option<Quote> {
        let (character, length) = self.unit()?;
        // What is a whole unit of them does not belong to the quote.
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

    /// Whether a key may begin here that has no quotes. Where `dotted`, it may be that of a field.
    pub(super) fn is_no_part_of_a_key(self, dotted: bool) -> bool {
        let joins = |byte| byte == b'-' || byte == b'.' && !dotted;
        !self.is_in_word() && !self.byte().is_some_and(joins) && !self.has_suffix(MARKER)
    }

    /// How many of the bytes that follow belong to an escape that began before: replacing them
    /// would leave half of it.
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

    /// Whether the last byte, a word character, ends an escape or a percent-encoded byte.
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

    /// Whether a terminal's colour ends here: escape, `[`, some digits, `m`.
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

    /// Whether this is the end of something long in base64, by the mixture of its letters.
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

/// `digits` where that many hexadecimal digits begin the text, else none.
fn hexadecimal(text: &[u8], digits: usize) -> usize {
    let all = text
        .get(..digits)
        .is_some_and(|text| text.iter().all(u8::is_ascii_hexdigit));
    if all { digits } else { 0 }
}
