//! What a secret is known by, whatever was made of it.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest, Sha256, block_api::compress256};

/// How long a piece must be to be no chance, in bytes.
const PIECE: usize = 8;

/// What is searched for.
pub struct Watched {
    pieces: HashMap<Vec<u8>, &'static str>,
    /// With which two bytes a piece begins: most places are ruled out by them.
    begins: Vec<bool>,
    length: usize,
}

fn first_two(piece: &[u8]) -> usize {
    usize::from(piece[0]) << 8 | usize::from(piece[1])
}

impl Watched {
    /// Every eight bytes of a secret: as it is, in hexadecimal and in base64.
    #[must_use]
    pub fn secret(secret: &[u8]) -> Self {
        let mut watched = Self::exactly("as it is", secret, PIECE);
        watched.add("in hexadecimal", hex::encode(secret).as_bytes());
        watched.add("in hexadecimal", hex::encode_upper(secret).as_bytes());
        for before in 0..3 {
            let encoded = STANDARD_NO_PAD.encode([&[0].repeat(before), secret].concat());
            // Six bits a character: those that hold bits of the secret alone.
            let own = (before * 8).div_ceil(6)..(before + secret.len()) * 8 / 6;
            watched.add("in base64", &encoded.as_bytes()[own]);
        }
        watched
    }

    /// The same of a key of HMAC-SHA256, and all that HMAC derives from it.
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

    /// Pieces of `length` bytes of `bytes`, in no other form.
    #[must_use]
    pub fn exactly(form: &'static str, bytes: &[u8], length: usize) -> Self {
        let mut watched = Self {
            pieces: HashMap::new(),
            begins: vec![false; 1 << 16],
            length,
        };
        watched.add(form, bytes);
        watched
    }

    /// What both look for.
    ///
    /// # Panics
    /// Where their pieces are not of one length.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        assert_eq!(self.length, other.length, "pieces of one length");
        self.pieces.extend(other.pieces);
        for (begins, others) in self.begins.iter_mut().zip(other.begins) {
            *begins |= others;
        }
        self
    }

    fn add(&mut self, form: &'static str, bytes: &[u8]) {
        let pieces = bytes.windows(self.length);
        // The same byte over and over may be anything.
        let telling = pieces.filter(|piece| piece.iter().any(|byte| *byte != piece[0]));
        for piece in telling {
            self.begins[first_two(piece)] = true;
            self.pieces.entry(piece.to_vec()).or_insert(form);
        }
    }

    /// The pieces that occur in `bytes`; those that follow each other are one.
    pub(crate) fn occur_in(&self, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut found: Vec<(&str, usize, usize)> = Vec::new();
        for (at, piece) in bytes.windows(self.length).enumerate() {
            if !self.begins[first_two(piece)] {
                continue;
            }
            let Some(form) = self.pieces.get(piece) else {
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

/// What SHA-256 begins with (FIPS 180-4, section 5.3.3).
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
