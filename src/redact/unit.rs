//! Text ahead, read one character as it is written at a time: raw, percent-encoded or escaped.

/// More text is needed before anything can be said.
pub(super) struct Wait;

/// What is known so far.
pub(super) type Known<T> = Result<T, Wait>;

/// The text from some position on, of which more may come.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'t> {
    text: &'t [u8],
    /// Whether nothing comes behind it, as far as the reader is concerned.
    complete: bool,
}

/// One character as it is written.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) length: usize,
    pub(super) form: Form,
    /// What it stands for: a byte, or a code unit of UTF-16. Backslashes alone stand for nothing.
    value: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Raw,
    /// Backslashes, this many, and a letter, quote or slash.
    Escape(u8),
    /// Backslashes, this many, `u` and four digits.
    Unicode(u8),
    /// `%`, this many times `25`, and two digits.
    Percent(u8),
    /// Backslashes before nothing that they escape.
    Backslashes,
}

/// A run of backslashes longer than this is read in parts of this length.
pub(super) const MAX_BACKSLASHES: usize = 16;
/// How deep percent-encoding is followed: `%252541` is depth 2.
const MAX_DEPTH: u8 = 2;

impl<'t> Ahead<'t> {
    /// The text ahead, of which a reader sees `window` bytes at most: where the window ends, the
    /// text ends.
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

    /// The text ahead without a window.
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

    /// The byte at `at`; none where the text ends before.
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

    /// Whether the text ends at `at`, or what shows of it.
    pub(super) fn is_end(self, at: usize) -> bool {
        self.complete && at >= self.text.len()
    }

    /// Whether something is cut off at `at`: the text ends there, or says that there was more.
    pub(super) fn is_cut_off(self, at: usize) -> Known<bool> {
        Ok(self.is_end(at) || self.equals(at, b"...")? || self.equals(at, "…".as_bytes())?)
    }

    /// Whether `expected` stands at `at`, in any case.
    pub(super) fn has(self, at: usize, expected: &[u8]) -> Known<bool> {
        for (index, letter) in (at..).zip(expected) {
            if !self.is(index, |byte| byte.eq_ignore_ascii_case(letter))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether what stands here is what follows a string of JSON.
    pub(super) fn is_behind_a_string(self) -> Known<bool> {
        let next = self.byte(0)?;
        Ok(next.is_none_or(|byte| b" \t\r\n,:}]".contains(&byte)))
    }

    /// Whether exactly `expected` stands at `at`.
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

    /// Whether `value` stands at `at`, in this many hexadecimal digits of either case.
    pub(super) fn is_hexadecimal(self, at: usize, value: u16, digits: usize) -> Known<bool> {
        Ok(self.hexadecimal(at, digits)? == Some(value))
    }

    /// How many bytes from `at` on pass the test, up to `most`.
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

    /// The unit at `at`; none where the text ends before.
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

    /// What it stands for, where that is ASCII.
    pub(super) fn ascii(self) -> Option<u8> {
        u8::try_from(self.value?).ok().filter(u8::is_ascii)
    }

    pub(super) fn stands_for(self, character: u8) -> bool {
        self.ascii() == Some(character)
    }

    pub(super) fn is_raw(self, character: u8) -> bool {
        self.form == Form::Raw && self.stands_for(character)
    }

    /// Whether it is what stands between two words of a header: a space, a tab, or the plus of a form.
    pub(super) fn separates_words(self) -> bool {
        self.stands_for(b' ') || self.stands_for(b'\t') || self.is_raw(b'+')
    }

    /// Whether it ends a line.
    pub(super) fn is_line_end(self) -> bool {
        matches!(self.ascii(), Some(b'\n' | b'\r'))
    }
}
