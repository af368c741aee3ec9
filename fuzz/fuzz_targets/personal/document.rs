//! Documents, and the expected result for each value.

use arbitrary::{Result, Unstructured};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::text::{hostile, quiet, written};

/// From ranges reserved for fiction.
const NUMBERS: [&str; 4] = ["12125550142", "442079460018", "12125550100", "5551234"];
const USERS: [&str; 2] = ["US.13491208655302741918", "DE.ENT.11815799212886844830"];
/// Business ids, which must stay unchanged.
const BUSINESS: [&str; 3] = ["102290129340398", "106540352242922", "1234567890"];

const PEOPLE: [&str; 9] = [
    "wa_id",
    "recipient_id",
    "display_phone_number",
    "phone",
    "from",
    "to",
    "user",
    "input",
    "customer",
];
/// Keys whose values are always phone numbers.
const ALWAYS_NUMBERS: [&str; 4] = ["wa_id", "recipient_id", "display_phone_number", "phone"];
const TEXTS: [(&str, &str); 9] = [
    ("name", "name"),
    ("first_name", "name"),
    ("username", "name"),
    ("body", "text"),
    ("caption", "text"),
    ("title", "text"),
    ("payload", "text"),
    ("city", "contact"),
    ("vcard", "contact"),
];
const CONTAINERS: [&str; 7] = [
    "entry", "changes", "value", "contacts", "profile", "text", "metadata",
];
const OTHERS: [&str; 6] = [
    "type",
    "status",
    "timestamp",
    "field",
    "messaging_product",
    "x",
];

pub(super) enum Node {
    Object(Vec<(&'static str, Node)>),
    Array(Vec<Node>),
    /// The original value and its expected result.
    Leaf(String, Becomes),
}

/// The expected result for a value.
pub(super) enum Becomes {
    Itself,
    Marker(&'static str),
    Phone(&'static str),
    /// A number inside a sentence.
    Said(&'static str),
    User(&'static str),
    /// A message or call id that contains the number.
    Message(&'static str, &'static str),
}

impl Node {
    pub(super) fn document(entropy: &mut Unstructured<'_>) -> Result<Self> {
        Self::object(entropy, 5)
    }

    fn object(entropy: &mut Unstructured<'_>, depth: u8) -> Result<Self> {
        let mut members = Vec::new();
        while !entropy.is_empty() && members.len() < 8 {
            match entropy.int_in_range(0..=11)? {
                0 => break,
                1 | 2 => {
                    let key = *entropy.choose(&PEOPLE)?;
                    members.push((key, Self::person(entropy, key)?));
                }
                3 | 4 => {
                    let (key, label) = *entropy.choose(&TEXTS)?;
                    members.push((key, Self::text_of(entropy, label)?));
                }
                5 => members.push(("id", Self::message_id(entropy)?)),
                6 => {
                    let key = *entropy.choose(&["id", "phone_number_id"])?;
                    let id = entropy.choose(&BUSINESS)?;
                    members.push((key, Self::Leaf(format!("\"{id}\""), Becomes::Itself)));
                }
                7 => {
                    let number = *entropy.choose(&NUMBERS)?;
                    members.push((
                        "id",
                        Self::Leaf(format!("\"{number}\""), Becomes::Phone(number)),
                    ));
                    let behind = *entropy.choose(&["messages", "context"])?;
                    members.push((behind, Self::Array(Vec::new())));
                }
                8 | 9 if depth > 0 => {
                    let key = *entropy.choose(&CONTAINERS)?;
                    let inner = if entropy.arbitrary()? {
                        Self::object(entropy, depth - 1)?
                    } else {
                        Self::Array(vec![Self::object(entropy, depth - 1)?])
                    };
                    members.push((key, inner));
                }
                _ => {
                    let key = *entropy.choose(&OTHERS)?;
                    members.push((key, Self::other(entropy)?));
                }
            }
        }
        Ok(Self::Object(members))
    }

    /// Generates a phone number or user id under a personal key.
    fn person(entropy: &mut Unstructured<'_>, key: &str) -> Result<Self> {
        let number = *entropy.choose(&NUMBERS)?;
        let spelled = match entropy.int_in_range(0..=7)? {
            0 => format!("\"+{number}\""),
            1 => format!("\"\\u002b{number}\""),
            2 => {
                let (country, rest) = number.split_at(1);
                let (area, rest) = rest.split_at(3);
                format!("\"+{country} ({area}) {rest}\"")
            }
            3 => number.to_owned(),
            4 => {
                let marked =
                    |_| Self::Leaf(format!("\"{number}\""), Becomes::Marker("phone_number"));
                return Ok(Self::Array(
                    (0..entropy.int_in_range(1..=3)?).map(marked).collect(),
                ));
            }
            5 if ALWAYS_NUMBERS.contains(&key) => {
                // Neither like a number nor like a redacted value, with any continuation.
                let text = format!("x{}", hostile(entropy)?);
                let text = written(entropy, &text)?;
                return Ok(Self::Leaf(text, Becomes::Marker("phone_number")));
            }
            6 => {
                let user = *entropy.choose(&USERS)?;
                return Ok(Self::Leaf(format!("\"{user}\""), Becomes::User(user)));
            }
            _ => format!("\"{number}\""),
        };
        Ok(Self::Leaf(spelled, Becomes::Phone(number)))
    }

    /// Generates text written by a person.
    fn text_of(entropy: &mut Unstructured<'_>, label: &'static str) -> Result<Self> {
        let mut leaf = || -> Result<Self> {
            let text = hostile(entropy)?;
            Ok(Self::Leaf(written(entropy, &text)?, Becomes::Marker(label)))
        };
        let first = leaf()?;
        Ok(match entropy.int_in_range(0..=7)? {
            0 => Self::Leaf("\"\"".to_owned(), Becomes::Itself),
            1 => Self::Leaf("null".to_owned(), Becomes::Itself),
            2 => Self::Leaf("-37.4847".to_owned(), Becomes::Marker(label)),
            3 => {
                let text = hostile(entropy)?;
                let second = Self::Leaf(written(entropy, &text)?, Becomes::Marker(label));
                Self::Array(vec![first, second])
            }
            _ => first,
        })
    }

    fn message_id(entropy: &mut Unstructured<'_>) -> Result<Self> {
        let number = *entropy.choose(&NUMBERS)?;
        let prefix = *entropy.choose(&["wamid", "wacid"])?;
        let behind = entropy.bytes(entropy.len().min(9))?;
        let id = [
            &[0x1c, 0x18, 0x0b],
            number.as_bytes(),
            &[0x15, 2, 0],
            behind,
        ]
        .concat();
        let id = STANDARD.encode(id);
        Ok(Self::Leaf(
            format!("\"{prefix}.{id}\""),
            Becomes::Message(prefix, number),
        ))
    }

    /// Generates a value that is not personal.
    fn other(entropy: &mut Unstructured<'_>) -> Result<Self> {
        let text = match entropy.int_in_range(0..=5)? {
            5 => {
                let number = *entropy.choose(&NUMBERS[..3])?;
                let said = format!("\"call +{number} now\"");
                return Ok(Self::Leaf(said, Becomes::Said(number)));
            }
            0 => "true".to_owned(),
            1 => "null".to_owned(),
            2 => i32::from_le_bytes(entropy.arbitrary()?).to_string(),
            _ => {
                let text = quiet(entropy)?;
                written(entropy, &text)?
            }
        };
        Ok(Self::Leaf(text, Becomes::Itself))
    }

    pub(super) fn text(&self, is_pretty: bool) -> String {
        let mut text = String::new();
        self.write(&mut text, is_pretty.then_some(1));
        text
    }

    /// `depth` is the indentation of members, if the text is indented.
    fn write(&self, text: &mut String, depth: Option<usize>) {
        let line = |text: &mut String, less: usize| {
            if let Some(depth) = depth {
                text.push('\n');
                text.push_str(&"  ".repeat(depth - less));
            }
        };
        let inner = depth.map(|depth| depth + 1);
        match self {
            Self::Leaf(leaf, _) => text.push_str(leaf),
            Self::Object(members) => {
                text.push('{');
                for (number, (key, value)) in members.iter().enumerate() {
                    text.push_str(if number > 0 { "," } else { "" });
                    line(text, 0);
                    text.push_str(&format!("\"{key}\":"));
                    text.push_str(if depth.is_some() { " " } else { "" });
                    value.write(text, inner);
                }
                line(text, 1);
                text.push('}');
            }
            Self::Array(values) => {
                text.push('[');
                for (number, value) in values.iter().enumerate() {
                    text.push_str(if number > 0 { "," } else { "" });
                    line(text, 0);
                    value.write(text, inner);
                }
                line(text, 1);
                text.push(']');
            }
        }
    }

    /// Returns the expected document.
    pub(super) fn expected(&self, replaced: &impl Fn(&Becomes, &Value) -> Value) -> Value {
        match self {
            Self::Leaf(text, becomes) => replaced(becomes, &super::parsed(text)),
            Self::Array(values) => values
                .iter()
                .map(|value| value.expected(replaced))
                .collect(),
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (*key, value.expected(replaced)))
                .collect(),
        }
    }
}
