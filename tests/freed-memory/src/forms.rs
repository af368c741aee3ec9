//! Encodings and derived forms of a secret.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest, Sha256, block_api::compress256};

/// How long a fragment must be to exclude coincidence, in bytes.
const FRAGMENT: usize = 8;

/// The fragments to search for.
pub struct Watched {
    fragments: HashMap<Vec<u8>, &'static str>,
    /// The first two bytes of all fragments, which exclude most positions quickly.
    begins: Vec<bool>,
    length: usize,
}

fn first_two(fragment: &[u8]) -> usize {
    usize::from(fragment[0]) << 8 | usize::from(fragment[1])
}

impl Watched {
    /// Every eight bytes of a secret: raw, in hexadecimal and in base64.
    #[must_use]
    pub fn secret(secret: &[u8]) -> Self {
        let mut watched = Self::exactly("raw", secret, FRAGMENT);
        watched.add("in hexadecimal", hex::encode(secret).as_bytes());
        watched.add("in hexadecimal", hex::encode_upper(secret).as_bytes());
        for before in 0..3 {
            let encoded = STANDARD_NO_PAD.encode([&[0].repeat(before), secret].concat());
            // Only those base64 characters that depend on the secret alone.
            let own = (before * 8).div_ceil(6)..(before + secret.len()) * 8 / 6;
            watched.add("in base64", &encoded.as_bytes()[own]);
        }
        watched
    }

    /// The same for a key of HMAC-SHA256, and for everything that HMAC derives from it.
    #[must_use]
    pub fn key(key: &[u8]) -> Self {
        let mut watched = Self::secret(key);
        let mut block = [0; 64];
        if key.len() <= block.len() {
            block[..key.len()].copy_from_slice(key);
        } else {
            let hash = Sha256::digest(key);
            watched.add("hash of the key", &hash);
            block[..hash.len()].copy_from_slice(&hash);
        }
        let used = key.len().min(if key.len() > 64 { 32 } else { 64 });
        for (pad, padded, state) in [
            (0x36, "inner pad", "inner state"),
            (0x5c, "outer pad", "outer state"),
        ] {
            let block = block.map(|byte| byte ^ pad);
            watched.add(padded, &block[..used]);
            let mut words = INITIAL;
            compress256(&mut words, &[block]);
            watched.add(state, &words.map(u32::to_ne_bytes).concat());
            watched.add(state, &words.map(u32::to_be_bytes).concat());
        }
        watched
    }

    /// Fragments of `length` bytes of `bytes`, in raw form only.
    #[must_use]
    pub fn exactly(form: &'static str, bytes: &[u8], length: usize) -> Self {
        let mut watched = Self {
            fragments: HashMap::new(),
            begins: vec![false; 1 << 16],
            length,
        };
        watched.add(form, bytes);
        watched
    }

    /// Searches for the fragments of both.
    ///
    /// # Panics
    /// Panics if their fragments have different lengths.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        assert_eq!(self.length, other.length, "fragments of one length");
        self.fragments.extend(other.fragments);
        for (begins, others) in self.begins.iter_mut().zip(other.begins) {
            *begins |= others;
        }
        self
    }

    fn add(&mut self, form: &'static str, bytes: &[u8]) {
        let fragments = bytes.windows(self.length);
        // A repeated byte can be a coincidence.
        let telling = fragments.filter(|fragment| fragment.iter().any(|byte| *byte != fragment[0]));
        for fragment in telling {
            self.begins[first_two(fragment)] = true;
            self.fragments.entry(fragment.to_vec()).or_insert(form);
        }
    }

    /// Returns the fragments in `bytes`. Adjacent fragments are joined.
    pub(crate) fn occur_in(&self, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut found: Vec<(&str, usize, usize)> = Vec::new();
        for (at, fragment) in bytes.windows(self.length).enumerate() {
            if !self.begins[first_two(fragment)] {
                continue;
            }
            let Some(form) = self.fragments.get(fragment) else {
                continue;
            };
            let end = at + self.length;
            match found.last_mut() {
                Some((last, _, until)) if last == form && *until + 1 == end => *until = end,
                _ => found.push((form, at, end)),
            }
        }
        let found = found.into_iter();
        found
            .map(|(form, start, end)| (form, bytes[start..end].to_vec()))
            .collect()
    }
}

/// Initial hash value of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
