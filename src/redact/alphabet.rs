//! Sets of ASCII characters.

/// A set of ASCII characters, for the shape of a token.
///
/// # Examples
/// ```
/// use hubseal::redact::Alphabet;
///
/// let base64url = Alphabet::ALPHANUMERIC.and(b"-_");
/// assert!(base64url.contains(b'_') && !base64url.contains(b'+'));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alphabet(u128);

impl Alphabet {
    /// `A`–`Z`, `a`–`z`, `0`–`9`.
    pub const ALPHANUMERIC: Self = Self(0)
        .with_range(b'0', b'9')
        .with_range(b'A', b'Z')
        .with_range(b'a', b'z');

    /// `0`–`9`, `A`–`F`, `a`–`f`.
    pub const HEXADECIMAL: Self = Self(0)
        .with_range(b'0', b'9')
        .with_range(b'A', b'F')
        .with_range(b'a', b'f');

    pub(super) const WORD: Self = Self::ALPHANUMERIC.and(b"_");
    pub(super) const BASE64URL: Self = Self::ALPHANUMERIC.and(b"-_");
    pub(super) const BASE64: Self = Self::ALPHANUMERIC.and(b"+/");
    pub(super) const ANY_BASE64: Self = Self::ALPHANUMERIC.and(b"+/-_=");

    /// Adds these characters to the alphabet. Bytes above 127 are ignored.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Alphabet;
    ///
    /// assert!(Alphabet::HEXADECIMAL.and(b"-").contains(b'-'));
    /// ```
    #[must_use]
    pub const fn and(self, characters: &[u8]) -> Self {
        let mut set = self;
        let mut rest = characters;
        while let [first, others @ ..] = rest {
            set = set.with_range(*first, *first);
            rest = others;
        }
        set
    }

    /// Returns whether the alphabet contains this byte.
    ///
    /// # Examples
    /// ```
    /// use hubseal::redact::Alphabet;
    ///
    /// assert!(Alphabet::HEXADECIMAL.contains(b'f') && !Alphabet::HEXADECIMAL.contains(b'g'));
    /// ```
    #[must_use]
    pub const fn contains(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
    }

    /// Returns how many leading bytes of `text` are in this alphabet.
    pub(super) fn run(self, text: &[u8]) -> usize {
        text.iter()
            .position(|byte| !self.contains(*byte))
            .unwrap_or(text.len())
    }

    const fn with_range(self, first: u8, last: u8) -> Self {
        let mut set = self.0;
        let mut byte = first;
        while byte <= last && byte < 128 {
            set |= 1 << byte;
            byte = byte.saturating_add(1);
        }
        Self(set)
    }
}
