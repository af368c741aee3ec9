//! Encodings of a registered value.

use super::super::unit::percent_sign;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Percent,
    PercentAll,
    Json,
    Base64,
}

/// What must be written one after the other.
#[derive(Debug)]
pub(super) struct Encoding {
    pub(super) kind: Kind,
    pub(super) characters: Vec<Character>,
}

/// A character of the value or of its base64, and the ways to write it: the first that fits.
#[derive(Debug)]
pub(super) struct Character {
    pub(super) spellings: Vec<Spelling>,
    /// How much it counts.
    pub(super) size: usize,
    pub(super) ascii: Option<u8>,
}

impl Character {
    pub(super) fn is(&self, byte: u8) -> bool {
        self.ascii == Some(byte)
    }
}

/// Bytes, and of each whether its case does not matter.
#[derive(Debug, Default)]
pub(super) struct Spelling(Vec<(u8, bool)>);

/// In the order of the page.
pub(super) fn of(value: &str) -> Vec<Encoding> {
    let mut encodings = Vec::new();
    for depth in 0..=2 {
        let percent = |character| percent(character, depth);
        encodings.push(each(Kind::Percent, value, percent));
    }
    let all = |character| vec![percent_units(character, 0)];
    encodings.push(each(Kind::PercentAll, value, all));
    for level in [1, 2] {
        let json = |character| json(character, level);
        encodings.push(each(Kind::Json, value, json));
    }
    for alignment in 0..=2 {
        encodings.push(base64(value.as_bytes(), alignment));
    }
    encodings
}

fn each(kind: Kind, value: &str, spellings: impl Fn(char) -> Vec<Spelling>) -> Encoding {
    let characters = value.chars().map(|character| Character {
        spellings: spellings(character),
        size: character.len_utf8(),
        ascii: u8::try_from(character).ok().filter(u8::is_ascii),
    });
    Encoding {
        kind,
        characters: characters.collect(),
    }
}

impl Spelling {
    fn followed_by(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes.iter().map(|byte| (*byte, false)));
        self
    }

    fn followed_by_digits(mut self, digits: &str) -> Self {
        self.0.extend(digits.bytes().map(|digit| (digit, true)));
        self
    }

    /// How long it is, where `text` begins with it.
    pub(super) fn length_in(&self, text: &[u8]) -> Option<usize> {
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

fn exactly(bytes: &[u8]) -> Spelling {
    Spelling::default().followed_by(bytes)
}

fn itself(character: char) -> Spelling {
    exactly(character.to_string().as_bytes())
}

fn percent_units(character: char, depth: usize) -> Spelling {
    let mut spelling = Spelling::default();
    for byte in character.to_string().bytes() {
        spelling = spelling
            .followed_by(percent_sign(depth))
            .followed_by_digits(&format!("{byte:02x}"));
    }
    spelling
}

fn percent(character: char, depth: usize) -> Vec<Spelling> {
    match character {
        _ if character.is_ascii_alphanumeric() => vec![itself(character)],
        ' ' => vec![percent_units(' ', depth), itself(' '), itself('+')],
        _ => vec![percent_units(character, depth), itself(character)],
    }
}

fn json(character: char, level: u32) -> Vec<Spelling> {
    if character.is_ascii_alphanumeric() {
        return vec![itself(character)];
    }
    let usual = 2_usize.pow(level - 1);
    let behind = |backslashes: usize, character: u8| {
        exactly(&[vec![b'\\'; backslashes], vec![character]].concat())
    };
    let mut unicode = Spelling::default();
    for code_unit in character.encode_utf16(&mut [0; 2]) {
        unicode = unicode
            .followed_by(&vec![b'\\'; usual])
            .followed_by(b"u")
            .followed_by_digits(&format!("{code_unit:04x}"));
    }
    let mut spellings = vec![unicode];
    match character {
        '"' => spellings.push(behind(2 * usual - 1, b'"')),
        '\\' => spellings.push(exactly(&vec![b'\\'; 2 * usual])),
        '\u{8}' => spellings.push(behind(usual, b'b')),
        '\u{c}' => spellings.push(behind(usual, b'f')),
        '\n' => spellings.push(behind(usual, b'n')),
        '\r' => spellings.push(behind(usual, b'r')),
        '\t' => spellings.push(behind(usual, b't')),
        '/' => spellings.extend([itself('/'), behind(usual, b'/')]),
        _ if character.is_ascii_control() => (),
        _ => spellings.push(itself(character)),
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
    let characters = bits[shared_bits..].chunks_exact(6).map(|six| Character {
        spellings: base64_spellings(six.iter().fold(0, |value, bit| value << 1 | bit)),
        size: 1,
        ascii: None,
    });
    Encoding {
        kind: Kind::Base64,
        characters: characters.collect(),
    }
}

fn base64_spellings(six_bits: u8) -> Vec<Spelling> {
    let spellings: &[&[u8]] = match six_bits {
        0..26 => return vec![exactly(&[b'A' + six_bits])],
        26..52 => return vec![exactly(&[b'a' + six_bits - 26])],
        52..62 => return vec![exactly(&[b'0' + six_bits - 52])],
        62 => &[b"+", b"-", b"%2B", b"%2b"],
        _ => &[b"/", b"_", b"%2F", b"%2f", br"\/"],
    };
    spellings.iter().map(|spelling| exactly(spelling)).collect()
}
