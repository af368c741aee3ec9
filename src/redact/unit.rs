//! Lookahead: the text after a position, read in units. A unit is one character that is raw,
//! percent-encoded or escaped.

/// The decision needs more text.
pub(super) struct Wait;

/// A decision, or `Wait` if it needs more text.
pub(super) type Known<T> = Result<T, Wait>;

/// The text from a position on. More may follow.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'t> {
    text: &'t [u8],
    /// Whether the end of `text` counts as the end of the whole text.
    complete: bool,
}

/// One encoded character.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) length: usize,
    pub(super) form: Form,
    /// The decoded byte or UTF-16 code unit. `None` for backslashes alone.
    value: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Raw,
    /// This number of backslashes, then a letter, quote or slash.
    Escape(u8),
    /// This number of backslashes, then `u` and four digits.
    Unicode(u8),
    /// `%`, then this many times `25`, then two digits.
    Percent(u8),
    /// Backslashes that escape nothing.
    Backslashes,
}

/// A longer run of backslashes is read in units of this length.
pub(super) const MAX_BACKSLASHES: usize = 16;
/// The maximum depth of percent-encoding. `%252541` has depth 2.
const MAX_DEPTH: u8 = 2;

impl<'t> Ahead<'t> {
    /// Creates a lookahead of at most `window` bytes. A rule treats the end of the window as the end
    /// of the text.
    pub(super) fn new(text: &'t [u8], window: usize, ended: bool) -> Self {
        match text.get(..window) {
            Some(text) => Self {
                text,
                complete: true,
            },
            None => Self {
                text,
                complete: ended,
            },
        }
    }

    /// Creates a lookahead without a window.
    pub(super) fn unbounded(text: &'t [u8], ended: bool) -> Self {
        Self {
            text,
            complete: ended,
        }
    }

    pub(super) fn text(self) -> &'t [u8] {
        self.text
    }

    pub(super) fn from(self, at: usize) -> Self {
        Self {
            text: self.text.get(at..).unwrap_or_default(),
            ..self
        }
    }

    /// Returns the byte at `at`, or `None` if the text ends before it.
    pub(super) fn byte(self, at: usize) -> Known<Option<u8>> {
        match self.text.get(at) {
            Some(byte) => Ok(Some(*byte)),
            None if self.complete => Ok(None),
            None => Err(Wait),
        }
    }

    pub(super) fn is(self, at: usize, test: impl FnOnce(u8) -> bool) -> Known<bool> {
        Ok(self.byte(at)?.is_some_and(test))
    }

    /// Returns whether the text or the window ends at `at`.
    pub(super) fn is_end(self, at: usize) -> bool {
        self.complete && at >= self.text.len()
    }

    /// Returns whether the text is cut off at `at`: it ends there, or an ellipsis follows.
    pub(super) fn is_cut_off(self, at: usize) -> Known<bool> {
        Ok(self.is_end(at) || self.equals(at, b"...")? || self.equals(at, "…".as_bytes())?)
    }

    /// Returns whether `expected` is at `at`, ignoring ASCII case.
    pub(super) fn has(self, at: usize, expected: &[u8]) -> Known<bool> {
        for (index, letter) in (at..).zip(expected) {
            if !self.is(index, |byte| byte.eq_ignore_ascii_case(letter))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns whether the next byte can follow a JSON string.
    pub(super) fn is_behind_a_string(self) -> Known<bool> {
        let next = self.byte(0)?;
        Ok(next.is_none_or(|byte| b" \t\r\n,:}]".contains(&byte)))
    }

    /// Returns whether exactly `expected` is at `at`.
    pub(super) fn equals(self, at: usize, expected: &[u8]) -> Known<bool> {
        let rest = self.text.get(at..).unwrap_or_default();
        let differs = rest.iter().zip(expected).any(|(byte, other)| byte != other);
        if differs || rest.len() < expected.len() && self.complete {
            Ok(false)
        } else if rest.len() < expected.len() {
            Err(Wait)
        } else {
            Ok(true)
        }
    }

    /// Returns whether the `digits` hexadecimal digits at `at` encode `value`.
    pub(super) fn is_hexadecimal(self, at: usize, value: u16, digits: usize) -> Known<bool> {
        Ok(self.hexadecimal(at, digits)? == Some(value))
    }

    /// Returns how many bytes from `at` on pass the test, at most `most`.
    pub(super) fn run(self, at: usize, most: usize, test: impl Fn(u8) -> bool) -> Known<usize> {
        let rest = self.text.get(at..).unwrap_or_default();
        let passing = rest.iter().take(most).take_while(|byte| test(**byte));
        let length = passing.count();
        if length == most || length < rest.len() || self.complete {
            Ok(length)
        } else {
            Err(Wait)
        }
    }

    /// Returns the unit at `at`, or `None` if the text ends before it.
    pub(super) fn unit(self, at: usize) -> Known<Option<Unit>> {
        Ok(match self.byte(at)? {
            None => None,
            Some(b'%') => Some(self.percent(at)?),
            Some(b'\\') => Some(self.escape(at)?),
            Some(byte) => Some(Unit::raw(byte)),
        })
    }

    fn percent(self, at: usize) -> Known<Unit> {
        for depth in (0..=MAX_DEPTH).rev() {
            let digits = at
                .saturating_add(1)
                .saturating_add(usize::from(depth).saturating_mul(2));
            let nested = b"2525"
                .get(..usize::from(depth).saturating_mul(2))
                .unwrap_or_default();
            if !self.has(at.saturating_add(1), nested)? {
                continue;
            }
            if let Some(value) = self.hexadecimal(digits, 2)? {
                return Ok(Unit {
                    length: digits.saturating_add(2).saturating_sub(at),
                    form: Form::Percent(depth),
                    value: Some(value),
                });
            }
        }
        Ok(Unit::raw(b'%'))
    }

    fn escape(self, at: usize) -> Known<Unit> {
        let count = self.run(at, MAX_BACKSLASHES, |byte| byte == b'\\')?;
        let alone = Unit {
            length: count,
            form: Form::Backslashes,
            value: None,
        };
        let letter = at.saturating_add(count);
        let (Ok(slashes), true) = (u8::try_from(count), count < MAX_BACKSLASHES) else {
            return Ok(alone);
        };
        let Some(byte) = self.byte(letter)? else {
            return Ok(alone);
        };
        let value = match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'"' | b'\'' | b'/' => byte,
            b'u' => {
                let value = self.hexadecimal(letter.saturating_add(1), 4)?;
                return Ok(value.map_or(alone, |value| Unit {
                    length: count.saturating_add(5),
                    form: Form::Unicode(slashes),
                    value: Some(value),
                }));
            }
            _ => return Ok(alone),
        };
        Ok(Unit {
            length: count.saturating_add(1),
            form: Form::Escape(slashes),
            value: Some(value.into()),
        })
    }

    fn hexadecimal(self, at: usize, digits: usize) -> Known<Option<u16>> {
        let mut value = 0_u16;
        for index in (at..).take(digits) {
            let digit = self
                .byte(index)?
                .and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit.and_then(|digit| u16::try_from(digit).ok()) else {
                return Ok(None);
            };
            value = value << 4 | digit;
        }
        Ok(Some(value))
    }
}

impl Unit {
    fn raw(byte: u8) -> Self {
        Self {
            length: 1,
            form: Form::Raw,
            value: Some(byte.into()),
        }
    }

    /// Returns the decoded character if it is ASCII.
    pub(super) fn ascii(self) -> Option<u8> {
        u8::try_from(self.value?).ok().filter(u8::is_ascii)
    }

    pub(super) fn stands_for(self, character: u8) -> bool {
        self.ascii() == Some(character)
    }

    pub(super) fn is_raw(self, character: u8) -> bool {
        self.form == Form::Raw && self.stands_for(character)
    }

    /// Returns whether the unit separates the words of a header: a space, a tab, or the `+` of form
    /// encoding.
    pub(super) fn separates_words(self) -> bool {
        self.stands_for(b' ') || self.stands_for(b'\t') || self.is_raw(b'+')
    }

    pub(super) fn is_line_end(self) -> bool {
        matches!(self.ascii(), Some(b'\n' | b'\r'))
    }
}
