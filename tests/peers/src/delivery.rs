//! Random deliveries, genuine and tampered.

use std::{fmt, iter};

use fastrand::Rng;
use hubseal::{AppSecret, Signature, testing::sample};

/// The largest body, which no memory budget rejects.
const LARGEST: usize = 64 * 1024;

/// Sizes near SHA-256 blocks and at the ends of the range.
const EDGES: [usize; 12] = [
    0,
    1,
    55,
    56,
    63,
    64,
    65,
    119,
    127,
    128,
    LARGEST - 1,
    LARGEST,
];

/// A received body and signature, and the applied change.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) secret: String,
    pub(crate) body: Vec<u8>,
    pub(crate) signature: String,
    /// The applied change. `None` for a genuine delivery.
    tampering: Option<&'static str>,
    chunk_size: usize,
}

impl Delivery {
    /// Returns a genuine delivery and every tampered variant of it.
    pub(crate) fn genuine_and_tampered(random: &mut Rng, number: u64) -> Vec<Self> {
        let known = secret(random);
        let other_secret = iter::repeat_with(|| secret(random))
            .find(|other| *other != known)
            .expect("the iterator is endless");
        let body = body(random, number);
        let genuine = Self {
            signature: sign(&known, &body),
            chunk_size: random.usize(1..=body.len().max(1)),
            secret: known,
            body,
            tampering: None,
        };
        let tampered = |how, change: &dyn Fn(&mut Self)| {
            let mut delivery = Self {
                tampering: Some(how),
                ..genuine.clone()
            };
            change(&mut delivery);
            delivery
        };

        let digit = "sha256=".len() + random.usize(..64);
        let mut deliveries = vec![
            tampered("one digit of the signature changed", &|delivery| {
                let signature = &mut delivery.signature;
                let other = if signature[digit..].starts_with('0') {
                    "1"
                } else {
                    "0"
                };
                signature.replace_range(digit..=digit, other);
            }),
            tampered("signature truncated", &|delivery| {
                delivery.signature.truncate(digit);
            }),
            tampered("signed with another secret", &|delivery| {
                delivery.signature = sign(&other_secret, &delivery.body);
            }),
            tampered("newline appended", &|delivery| delivery.body.push(b'\n')),
        ];
        if !genuine.body.is_empty() {
            let at = random.usize(..genuine.body.len());
            deliveries.extend([
                // This bit keeps ASCII within ASCII, so most text stays text.
                tampered("one bit of the body changed", &|delivery| {
                    delivery.body[at] ^= 1
                }),
                tampered("last byte removed", &|delivery| {
                    delivery.body.pop();
                }),
                tampered("body removed", &|delivery| delivery.body.clear()),
            ]);
        }
        deliveries.insert(0, genuine);
        deliveries
    }

    pub(crate) fn genuine(&self) -> bool {
        self.tampering.is_none()
    }

    pub(crate) fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        self.body.chunks(self.chunk_size)
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secret, body, .. } = self;
        let start = String::from_utf8_lossy(&body[..body.len().min(80)]);
        let how = self.tampering.unwrap_or("genuine");
        write!(
            f,
            "{how}, secret {secret:?}, {} bytes, {start:?}",
            body.len()
        )
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    let secret = AppSecret::new(secret).expect("validated before");
    Signature::sign(&secret, body).to_string()
}

/// Usually of Meta's form, otherwise any accepted secret. HMAC hashes secrets of more than 64
/// bytes.
fn secret(random: &mut Rng) -> String {
    loop {
        let secret: String = match random.u8(..4) {
            0 => (0..random.usize(1..=200))
                .map(|_| random.char('!'..='~'))
                .collect(),
            1 => (0..random.usize(1..=50)).map(|_| random.char(..)).collect(),
            _ => (0..32)
                .map(|_| char::from(b"0123456789abcdef"[random.usize(..16)]))
                .collect(),
        };
        if AppSecret::new(secret.as_str()).is_ok() {
            return secret;
        }
    }
}

fn body(random: &mut Rng, number: u64) -> Vec<u8> {
    let edge = usize::try_from(number)
        .ok()
        .and_then(|number| EDGES.get(number));
    let size = edge.copied().unwrap_or_else(|| match random.u8(..8) {
        0 => random.usize(..=LARGEST),
        1..4 => random.usize(..=8 * 1024),
        _ => random.usize(..=1024),
    });
    match random.u8(..5) {
        0 => (0..size).map(|_| random.u8(..)).collect(),
        1 => sample::of_size(size).to_vec(),
        2 => text(size, || random.char(..).to_string()),
        3 => text(size, || escape(random)),
        _ => text(size, || {
            random.choice(BLANKS).unwrap_or_default().to_owned()
        }),
    }
}

/// Characters that libraries may alter: line ends, byte-order mark, white space, NUL.
const BLANKS: [&str; 10] = [
    "\r\n", "\n", "\r", "\u{feff}", " ", "\t", "\0", "\u{a0}", "\u{2028}", "a",
];

/// The JSON escapes of a character.
fn escape(random: &mut Rng) -> String {
    let letter = random.char(..);
    let mut units = [0; 2];
    let units = letter.encode_utf16(&mut units).iter();
    match random.u8(..5) {
        0 => units.map(|unit| format!("\\u{unit:04x}")).collect(),
        1 => units.map(|unit| format!("\\u{unit:04X}")).collect(),
        2 => random
            .choice([r#"\""#, r"\\", r"\/", "/", r"\n"])
            .unwrap_or_default()
            .to_owned(),
        _ => letter.to_string(),
    }
}

/// Joins as many complete parts as fit.
fn text(size: usize, mut part: impl FnMut() -> String) -> Vec<u8> {
    let mut text = String::new();
    loop {
        let next = part();
        if text.len() + next.len() > size {
            return text.into_bytes();
        }
        text.push_str(&next);
    }
}
