//! Reproducible pseudo-random numbers.

/// `SplitMix64`.
pub(crate) struct Random(pub(crate) u64);

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn pick<'p, T: ?Sized>(&mut self, all: &[&'p T]) -> &'p T {
        all[usize::try_from(self.below(all.len() as u64)).expect("an index")]
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        let first = char::from(b'1' + u8::try_from(self.below(9)).expect("a digit"));
        let rest = (1..length).map(|_| char::from(b'0' + (self.next() % 10) as u8));
        let rest: String = rest.collect();
        format!("{first}{rest}")
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.of(b"0123456789abcdef", length)
    }

    pub(crate) fn alphanumeric(&mut self, length: usize) -> String {
        self.of(&BASE64URL[..62], length)
    }

    pub(crate) fn base64url(&mut self, length: usize) -> String {
        self.of(BASE64URL, length)
    }

    pub(crate) fn uuid(&mut self) -> String {
        [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-")
    }

    /// Returns a timestamp on the day of the generated log.
    pub(crate) fn timestamp(&mut self) -> String {
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        let micros = self.below(1_000_000);
        format!("2026-03-14T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
    }

    fn of(&mut self, alphabet: &[u8], length: usize) -> String {
        let letter = |number: u64| char::from(alphabet[number as usize % alphabet.len()]);
        (0..length).map(|_| letter(self.next())).collect()
    }
}
