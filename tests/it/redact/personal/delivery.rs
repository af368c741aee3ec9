//! Webhook bodies and the places of personal data in them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{Policy, marker};

const FILES: [&str; 2] = [include_str!("messages.txt"), include_str!("events.txt")];
/// The root of the places in the files.
const ROOT: &str = "/entry/0/changes/0/value";

pub(super) struct Delivery {
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    places: Vec<Place>,
}

/// A place in a body where there is personal data.
struct Place {
    pointer: String,
    kind: &'static str,
    /// The phone number or user id in it.
    of: &'static str,
}

/// Reads both files. Their first lines describe the format.
pub(super) fn deliveries() -> Vec<Delivery> {
    let blocks = FILES.iter().flat_map(|file| file.split("\n= ").skip(1));
    blocks.map(Delivery::read).collect()
}

impl Delivery {
    fn read(block: &'static str) -> Self {
        let mut lines = block.lines();
        let (title, body) = (lines.next().unwrap(), lines.next().unwrap());
        let places = lines.filter(|line| !line.is_empty()).map(|line| {
            let mut words = line.split(' ');
            Place {
                pointer: format!("{ROOT}/{}", words.next().unwrap()),
                kind: words.next().unwrap(),
                of: words.next().unwrap_or_default(),
            }
        });
        Self {
            title,
            body,
            places: places.collect(),
        }
    }

    pub(super) fn value(&self) -> Value {
        serde_json::from_str(self.body).unwrap()
    }

    /// Returns the body with each of the places replaced.
    pub(super) fn expected(&self, policy: Policy) -> Value {
        let mut body = self.value();
        for place in &self.places {
            *body.pointer_mut(&place.pointer).unwrap() = place.replacement(policy).into();
        }
        body
    }

    pub(super) fn phone_numbers(&self) -> impl Iterator<Item = &'static str> {
        let numbers = self.places.iter().filter(|place| place.is_phone_number());
        numbers.map(|place| place.of)
    }

    /// Returns texts that the redacted body must not contain.
    pub(super) fn telling(&self) -> Vec<String> {
        let body = self.value();
        let rest = self.expected(Policy::Mask).to_string();
        let mut telling = Vec::new();
        for place in &self.places {
            let value = body.pointer(&place.pointer).unwrap();
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            if place.is_phone_number() {
                telling.extend(spellings(place.of));
            }
            // A title of an error is its message too, which stays.
            telling.extend((value.len() > 5 && !rest.contains(&value)).then_some(value));
        }
        telling
    }
}

impl Place {
    fn is_phone_number(&self) -> bool {
        matches!(self.kind, "number" | "message" | "call") && !self.of.is_empty()
    }

    fn replacement(&self, policy: Policy) -> String {
        let id = |prefix: &str, label: &str| match policy {
            Policy::Pseudonyms => format!("{prefix}:{}", policy.phone_number(self.of)),
            Policy::Mask => marker(label),
        };
        match self.kind {
            "number" => policy.phone_number(self.of),
            "message" => id("wamid", "message_id"),
            "call" => id("wacid", "call_id"),
            "user" => policy.user_id(self.of),
            label => marker(label),
        }
    }
}

/// Returns the digits, their end, and their base64 at all three alignments.
fn spellings(digits: &str) -> Vec<String> {
    let mut spellings = vec![digits.to_owned(), digits[digits.len() - 7..].to_owned()];
    for before in 0..3 {
        let bytes = [&[0; 2][..before], digits.as_bytes()].concat();
        let encoded = STANDARD.encode(&bytes);
        let known = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        spellings.push(encoded[known].to_owned());
    }
    spellings
}
