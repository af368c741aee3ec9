//! Registered values, in every encoding.

use std::collections::BTreeSet;

use super::{
    Replacements, marker,
    place::{Place, run},
    unit::percent_sign,
};

pub(super) struct Registered {
    label: String,
    encodings: Vec<Encoding>,
}

/// What must be written one after the other.
struct Encoding {
    pieces: Vec<Piece>,
    is_base64: bool,
}

/// A byte, a character or six bits, and the ways to write it.
struct Piece {
    spellings: Vec<Spelling>,
    /// How much it counts.
    size: usize,
    /// Whether a match may be cut behind it.
    ends_character: bool,
}

/// Bytes, and of each whether its case does not matter.
struct Spelling(Vec<(u8, bool)>);

#[derive(Clone, Copy)]
struct Match {
    counted: usize,
    length: usize,
}

impl Registered {
    pub(super) fn new(label: &str, value: &str) -> Self {
        let mut encodings = vec![
            by_byte(value, |byte| vec![itself(byte)]),
            by_byte(value, |byte| vec![percent_unit(0, byte)]),
        ];
        for depth in 0..=2 {
            encodings.push(by_byte(value, |byte| percent(byte, depth)));
        }
        for level in [1, 2] {
            encodings.push(json(value, level));
        }
        for alignment in 0..=2 {
            encodings.push(base64(value.as_bytes(), alignment));
        }
        Self {
            label: label.to_owned(),
            encodings,
        }
    }

    /// Nothing is asked for that the window could hide: a match as long as 96 bytes fits.
    pub(super) fn find(&self, place: &Place<'_>) -> Option<Replacements> {
        let lengths = self
            .encodings
            .iter()
            .filter_map(|encoding| encoding.longest(place.rest()));
        let length = lengths.max()?;
        Some(vec![(place.at..place.at + length, marker(&self.label))])
    }
}

impl Encoding {
    fn longest(&self, text: &[u8]) -> Option<usize> {
        let whole: usize = self.pieces.iter().map(|piece| piece.size).sum();
        let suffices = |found: &Match| {
            found.counted == whole
                || found.counted >= 32
                || found.length >= 96
                || found.counted >= 8 && found.length == text.len()
        };
        let matches = self.matches(text).into_iter().filter(suffices);
        let longest = matches.max_by_key(|found| found.length)?;
        let is_swallowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
        let behind = if self.is_base64 && longest.counted == whole {
            run(&text[longest.length..], is_swallowed)
        } else {
            0
        };
        Some(longest.length + behind)
    }

    /// Every beginning of the encoding that stands in the text, cut at a character.
    fn matches(&self, text: &[u8]) -> Vec<Match> {
        let mut matches = Vec::new();
        let mut reached = BTreeSet::from([0]);
        let mut counted = 0;
        for piece in &self.pieces {
            let behind_piece = |at: usize| {
                let lengths = piece
                    .spellings
                    .iter()
                    .map(move |s| s.length_in(&text[at..]));
                lengths.flatten().map(move |length| at + length)
            };
            reached = reached.into_iter().flat_map(behind_piece).collect();
            if reached.is_empty() {
                break;
            }
            counted += piece.size;
            if piece.ends_character {
                matches.extend(reached.iter().map(|length| Match {
                    counted,
                    length: *length,
                }));
            }
        }
        matches
    }
}

impl Spelling {
    fn exactly(bytes: &[u8]) -> Self {
        Self(bytes.iter().map(|byte| (*byte, false)).collect())
    }

    fn followed_by_digits(mut self, digits: &str) -> Self {
        self.0.extend(digits.bytes().map(|digit| (digit, true)));
        self
    }

    /// How long it is, where `text` begins with it.
    fn length_in(&self, text: &[u8]) -> Option<usize> {
        let written = text.get(..self.0.len())?;
        let agrees = written
            .iter()
            .zip(&self.0)
            .all(|(byte, (spelled, in_any_case))| {
                byte == spelled || *in_any_case && byte.eq_ignore_ascii_case(spelled)
            });
        agrees.then_some(written.len())
    }
}

fn itself(byte: u8) -> Spelling {
    Spelling::exactly(&[byte])
}

fn percent_unit(depth: usize, byte: u8) -> Spelling {
    Spelling::exactly(percent_sign(depth)).followed_by_digits(&format!("{byte:02x}"))
}

/// The spellings of each byte; a match is cut behind the last byte of a character.
fn by_byte(value: &str, spellings: impl Fn(u8) -> Vec<Spelling>) -> Encoding {
    let bytes = value.bytes().enumerate();
    let pieces = bytes.map(|(index, byte)| Piece {
        spellings: spellings(byte),
        size: 1,
        ends_character: value.is_char_boundary(index + 1),
    });
    Encoding {
        pieces: pieces.collect(),
        is_base64: false,
    }
}

fn percent(byte: u8, depth: usize) -> Vec<Spelling> {
    if byte.is_ascii_alphanumeric() {
        return vec![itself(byte)];
    }
    let mut spellings = vec![itself(byte), percent_unit(depth, byte)];
    if byte == b' ' {
        spellings.push(itself(b'+'));
    }
    spellings
}

fn json(value: &str, level: u32) -> Encoding {
    let pieces = value.chars().map(|character| Piece {
        spellings: json_spellings(character, level),
        size: character.len_utf8(),
        ends_character: true,
    });
    Encoding {
        pieces: pieces.collect(),
        is_base64: false,
    }
}

fn json_spellings(character: char, level: u32) -> Vec<Spelling> {
    let itself = Spelling::exactly(character.to_string().as_bytes());
    if character.is_ascii_alphanumeric() {
        return vec![itself];
    }
    let usual = 2_usize.pow(level - 1);
    let behind = |backslashes: usize, character: u8| {
        Spelling::exactly(&[vec![b'\\'; backslashes], vec![character]].concat())
    };
    let mut unicode = Spelling::exactly(&[]);
    for code_unit in character.encode_utf16(&mut [0; 2]) {
        unicode.0.extend(behind(usual, b'u').0);
        unicode = unicode.followed_by_digits(&format!("{code_unit:04x}"));
    }
    let mut spellings = vec![unicode];
    match character {
        '"' => spellings.push(behind(2_usize.pow(level) - 1, b'"')),
        '\\' => spellings.push(Spelling::exactly(&vec![b'\\'; 2_usize.pow(level)])),
        '\u{8}' => spellings.push(behind(usual, b'b')),
        '\u{c}' => spellings.push(behind(usual, b'f')),
        '\n' => spellings.push(behind(usual, b'n')),
        '\r' => spellings.push(behind(usual, b'r')),
        '\t' => spellings.push(behind(usual, b't')),
        '/' => spellings.extend([itself, behind(usual, b'/')]),
        '\0'..'\u{20}' => (),
        _ => spellings.push(itself),
    }
    spellings
}

/// The characters that depend on the value alone, behind `alignment` unknown bytes.
fn base64(value: &[u8], alignment: usize) -> Encoding {
    let bits: Vec<u8> = value
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let unknown_bits = 8 * alignment;
    let shared_bits = unknown_bits.next_multiple_of(6) - unknown_bits;
    let pieces = bits[shared_bits..].chunks_exact(6).map(|six| Piece {
        spellings: base64_spellings(six.iter().fold(0, |value, bit| value << 1 | bit)),
        size: 1,
        ends_character: true,
    });
    Encoding {
        pieces: pieces.collect(),
        is_base64: true,
    }
}

fn base64_spellings(six_bits: u8) -> Vec<Spelling> {
    match six_bits {
        0..26 => vec![itself(b'A' + six_bits)],
        26..52 => vec![itself(b'a' + six_bits - 26)],
        52..62 => vec![itself(b'0' + six_bits - 52)],
        62 => vec![itself(b'+'), itself(b'-'), percent_unit(0, b'+')],
        _ => vec![
            itself(b'/'),
            itself(b'_'),
            percent_unit(0, b'/'),
            Spelling::exactly(br"\/"),
        ],
    }
}
