//! Personal data.

use hubseal::redact::{PersonalData, Redactor};

use super::{
    Replacements,
    keys::{Key, Kind},
    marker,
    place::{Place, is_no_word, is_word_character, run},
    unit::unit,
};
use crate::redact::configurations::pseudonyms;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Marked as one where it is like neither.
    PhoneNumber,
    /// Left alone where it is like neither.
    NumberOrId,
    UserId,
    Name,
    Text,
    Contact,
}

/// What becomes of a value.
pub(super) struct Personal {
    what: What,
    policy: Policy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Mask,
    LastTwo,
    Pseudonyms,
}

type Row = (&'static [&'static str], Kind, What);

#[rustfmt::skip]
const ROWS: [Row; 6] = [
    (&["wa_id", "recipient_id", "display_phone_number", "phone", "phone_number"], Kind::Secret, What::PhoneNumber),
    (&["from", "to"], Kind::Likeness, What::NumberOrId),
    (&["user_id", "parent_user_id", "from_user_id", "to_user_id", "recipient_user_id"], Kind::Secret, What::UserId),
    (&["name", "first_name", "middle_name", "last_name", "formatted_name", "username"], Kind::Body, What::Name),
    (&["body", "text", "caption", "title", "description", "payload", "response_json", "filename", "url"], Kind::Body, What::Text),
    (&["email", "street", "city", "zip", "birthday", "company", "address", "latitude", "longitude"], Kind::Body, What::Contact),
];

impl Policy {
    pub(super) fn of(personal: &PersonalData) -> Self {
        match personal {
            PersonalData::Mask => Self::Mask,
            PersonalData::LastTwo => Self::LastTwo,
            PersonalData::Pseudonyms(_) => Self::Pseudonyms,
            _ => panic!("a policy that the page does not know"),
        }
    }

    pub(super) fn keys(self) -> Vec<Key> {
        let rows = ROWS.iter().flat_map(|(names, kind, what)| {
            names.iter().map(move |name| {
                let policy = self;
                Key::personal(
                    name,
                    *kind,
                    Personal {
                        what: *what,
                        policy,
                    },
                )
            })
        });
        rows.collect()
    }

    pub(super) fn find(self, place: &Place<'_>) -> Option<Replacements> {
        self.phone_number_behind_plus(place)
            .or_else(|| self.message_id(place))
    }

    fn phone_number_behind_plus(self, place: &Place<'_>) -> Option<Replacements> {
        let ahead = place.ahead();
        let signs: [&[u8]; 3] = [b"+", b"%2B", b"%2b"];
        let sign = signs.into_iter().find(|sign| ahead.starts_with(sign))?;
        let number = &ahead[sign.len()..];
        let digits = run(number, u8::is_ascii_digit);
        let behind = &number[digits..];
        let goes_on = behind.first().copied().is_some_and(is_word_character)
            || behind.starts_with(b"[redacted:");
        if !(8..=15).contains(&digits)
            || number[0] == b'0'
            || goes_on
            || !is_no_word(place.behind())
        {
            return None;
        }
        let end = place.at + sign.len() + digits;
        Some(vec![(place.at..end, self.phone_number(&number[..digits]))])
    }

    fn message_id(self, place: &Place<'_>) -> Option<Replacements> {
        let id = place.ahead().strip_prefix(b"wamid.")?;
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
        let length = run(id, is_base64);
        if length < 8 {
            return None;
        }
        let with = match (self, number_in(&id[..length.min(32)])) {
            (Self::Pseudonyms, Some(number)) => {
                [b"wamid:".as_slice(), &self.phone_number(&number)].concat()
            }
            _ => marker("message_id"),
        };
        let swallowed = run(&place.rest()[6..], |byte| is_base64(byte) || *byte == b'=');
        Some(vec![(place.at..place.at + 6 + swallowed, with)])
    }

    fn phone_number(self, number: &[u8]) -> Vec<u8> {
        let digits = number.iter().copied().filter(u8::is_ascii_digit);
        let digits = String::from_utf8(digits.collect()).unwrap();
        match self {
            Self::Mask => marker("phone_number"),
            Self::LastTwo => marker(&format!("phone_number:{}", &digits[digits.len() - 2..])),
            Self::Pseudonyms => pseudonyms().phone_number(&digits).unwrap().into_bytes(),
        }
    }

    /// No function tells a user id's pseudonym: it is what the plainest of texts becomes.
    fn user_id(self, id: &str) -> Vec<u8> {
        if self != Self::Pseudonyms {
            return marker("user_id");
        }
        let policy = PersonalData::Pseudonyms(pseudonyms());
        let redactor = Redactor::builder().personal_data(policy).build().unwrap();
        let text = redactor.redact_string(format!(r#""user_id":"{id}""#));
        text.as_bytes()[r#""user_id":""#.len()..text.len() - 1].to_vec()
    }
}

impl Personal {
    /// What a value becomes whose look tells what it is.
    pub(super) fn of_look(&self, value: &[u8], is_quoted: bool) -> Option<Vec<u8>> {
        let may_be_number = matches!(self.what, What::PhoneNumber | What::NumberOrId);
        if may_be_number && is_like_phone_number(value, is_quoted) {
            return Some(self.policy.phone_number(without_plus(value)));
        }
        let id = std::str::from_utf8(value)
            .ok()
            .filter(|id| is_like_user_id(id))?;
        (may_be_number || self.what == What::UserId).then(|| self.policy.user_id(id))
    }

    /// What any other becomes, unless it stays.
    pub(super) fn of_other(&self, value: &[u8]) -> Option<Vec<u8>> {
        let stays = self.what == What::NumberOrId || is_marker(value) || is_pseudonym(value);
        (!stays).then(|| self.marker())
    }

    /// What becomes of each value in a list, if something becomes of the first.
    pub(super) fn of_list(&self, first: &[u8]) -> Option<Vec<u8>> {
        let stays = self.what == What::NumberOrId && self.of_look(first, true).is_none();
        (!stays).then(|| self.marker())
    }

    fn marker(&self) -> Vec<u8> {
        marker(match self.what {
            What::PhoneNumber | What::NumberOrId => "phone_number",
            What::UserId => "user_id",
            What::Name => "name",
            What::Text => "text",
            What::Contact => "contact",
        })
    }
}

fn is_marker(value: &[u8]) -> bool {
    value
        .strip_prefix(b"[redacted:")
        .and_then(|label| label.strip_suffix(b"]"))
        .is_some_and(|label| {
            let is_of_label = |byte: &u8| byte.is_ascii_alphanumeric() || b":_-".contains(byte);
            label.len() <= 64 && label.iter().all(is_of_label)
        })
}

fn is_pseudonym(value: &[u8]) -> bool {
    let Some(name) = value
        .strip_prefix(b"wa:")
        .or_else(|| value.strip_prefix(b"user:"))
    else {
        return false;
    };
    let (id, name) = match name.iter().position(|byte| *byte == b':') {
        Some(colon) => (&name[..colon], &name[colon + 1..]),
        None => (b"-".as_slice(), name),
    };
    let is_of_id = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    let is_of_name = |byte: &u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
    (1..=16).contains(&id.len())
        && id.iter().all(is_of_id)
        && name.len() == 12
        && name.iter().all(is_of_name)
}

fn without_plus(value: &[u8]) -> &[u8] {
    let plus = unit(value).filter(|unit| unit.stands_for(b'+'));
    &value[plus.map_or(0, |plus| plus.length)..]
}

/// How long the number is with which `text` begins.
pub(super) fn phone_number(text: &[u8], is_quoted: bool) -> Option<usize> {
    let number = without_plus(text);
    let mut digits = 0;
    let mut between = 0;
    let length = run(number, |byte| {
        if byte.is_ascii_digit() {
            digits += 1;
            between = 0;
            return true;
        }
        between += 1;
        is_quoted && between <= 2 && b" -.()".contains(byte)
    });
    let ends_with_digit = length > 0 && number[length - 1].is_ascii_digit();
    ((7..=15).contains(&digits) && ends_with_digit).then(|| text.len() - number.len() + length)
}

fn is_like_phone_number(value: &[u8], is_quoted: bool) -> bool {
    phone_number(value, is_quoted) == Some(value.len())
}

fn is_like_user_id(value: &str) -> bool {
    let [one, other, b'.', rest @ ..] = value.as_bytes() else {
        return false;
    };
    one.is_ascii_uppercase()
        && other.is_ascii_uppercase()
        && (8..=64).contains(&rest.len())
        && rest.iter().all(u8::is_ascii_alphanumeric)
}

/// The first phone number in what this encodes.
fn number_in(base64: &[u8]) -> Option<Vec<u8>> {
    let six_bits = |byte: &u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    };
    let bits: Vec<u8> = base64
        .iter()
        .flat_map(|byte| (0..6).rev().map(move |bit| six_bits(byte) >> bit & 1))
        .collect();
    let bytes: Vec<u8> = bits
        .chunks_exact(8)
        .map(|eight| eight.iter().fold(0, |value, bit| value << 1 | bit))
        .collect();
    bytes
        .split(|byte| !byte.is_ascii_digit())
        .find(|run| (7..=15).contains(&run.len()))
        .map(<[u8]>::to_vec)
}
