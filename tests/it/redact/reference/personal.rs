//! Personal data.

use hubseal::redact::{PersonalData, Redactor};

use super::super::configurations::pseudonyms;
use super::{
    Replacements,
    between::quote,
    blanks::blanks,
    keys::{Key, Kind},
    marker,
    place::{Place, is_cut_off, is_no_word, is_word_character, run},
    unit::{Form, Unit, unit, units},
    value::Shape,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Marked as one where it is like neither.
    PhoneNumber,
    /// Left alone where it is like neither.
    NumberOrId,
    /// The same, and where no conversation is behind it.
    Thread,
    UserId,
    GroupId,
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
const ROWS: [Row; 8] = [
    (&["wa_id", "new_wa_id", "user_wa_id", "recipient_id", "recipient_participant_id", "participant_recipient_id",
        "display_phone_number", "phone", "phone_number"], Kind::Secret, What::PhoneNumber),
    (&["from", "to", "recipient", "input", "user", "customer"], Kind::Likeness, What::NumberOrId),
    (&["id"], Kind::Thread, What::Thread),
    (&["user_id", "parent_user_id", "previous_user_id", "previous_parent_user_id", "from_user_id",
        "from_parent_user_id", "to_user_id", "to_parent_user_id", "recipient_user_id", "recipient_parent_user_id",
        "parent_recipient_user_id", "recipient_participant_user_id", "recipient_participant_parent_user_id",
        "identity", "identity_key_hash", "recipient_identity_key_hash", "ctwa_clid"], Kind::Secret, What::UserId),
    (&["group_id"], Kind::Secret, What::GroupId),
    (&["name", "first_name", "middle_name", "last_name", "full_name", "formatted_name", "username"],
        Kind::Body, What::Name),
    (&["body", "text", "caption", "emoji", "title", "subject", "description", "payload", "response_json",
        "filename", "url", "invite_link", "sdp"], Kind::Body, What::Text),
    (&["email", "street", "city", "zip", "birthday", "company", "department", "address", "latitude", "longitude",
        "vcard"], Kind::Body, What::Contact),
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
        let kinds = [("wamid", "message_id"), ("wacid", "call_id")];
        let is_here = |(kind, _): &(&str, &str)| place.ahead().starts_with(kind.as_bytes());
        let (kind, label) = kinds.into_iter().find(is_here)?;
        let id = place.ahead()[kind.len()..].strip_prefix(b".")?;
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
        let length = run(id, is_base64);
        if length < 8 {
            return None;
        }
        let with = match (self, number_in(&id[..length.min(32)])) {
            (Self::Pseudonyms, Some(number)) => {
                [kind.as_bytes(), b":", &self.phone_number(&number)].concat()
            }
            _ => marker(label),
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

    /// Whether this is what a phone number or a user id becomes.
    fn writes(self, done: &[u8]) -> bool {
        match self {
            Self::Pseudonyms => is_pseudonym(done),
            _ if done == marker("user_id") => true,
            Self::Mask => done == marker("phone_number"),
            Self::LastTwo => {
                (0..100).any(|last| done == marker(&format!("phone_number:{last:02}")))
            }
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

/// A value as far as the window goes, and how it is written.
pub(super) struct Value<'v> {
    pub(super) shown: &'v [u8],
    pub(super) shape: Shape,
    pub(super) is_list: bool,
}

/// What a value tells of itself.
pub(super) enum Told {
    Stays,
    /// The same, and no key behind this one gets it.
    Kept,
    /// So much of it becomes this.
    Whole(usize, Vec<u8>),
    /// What it becomes where it fits.
    Other(Vec<u8>),
}

impl Value<'_> {
    fn is_quoted(&self) -> bool {
        matches!(self.shape, Shape::Quoted(_))
    }

    fn ends_at(&self, at: usize) -> bool {
        let rest = &self.shown[at..];
        let ends_field = rest
            .first()
            .is_some_and(|first| b",;)]}<>|".contains(first));
        let ends_value = self.shape.end(rest).value == 0 && !rest.starts_with(b"[redacted:");
        ends_value || is_cut_off(rest) || ends_field && !self.is_quoted()
    }
}

impl Personal {
    pub(super) fn tell(&self, value: &Value<'_>) -> Told {
        let other = Told::Other(self.marker());
        if matches!(self.what, What::Name | What::Text | What::Contact) {
            return other;
        }
        let is_told = matches!(self.what, What::NumberOrId | What::Thread);
        let look = self
            .of_look(value)
            .filter(|(length, _)| value.ends_at(*length));
        let done = done(value.shown).filter(|length| value.ends_at(*length));
        let done = done.map(|length| &value.shown[..length]);
        if value.is_list {
            let is_marked = done.is_some_and(|done| done == self.marker());
            let stays = self.what == What::Thread || is_told && look.is_none() && !is_marked;
            return if stays { Told::Stays } else { other };
        }
        if let Some(done) = done {
            let is_own = done == self.marker() || self.policy.writes(done);
            return if is_own { Told::Kept } else { Told::Stays };
        }
        match look {
            Some((length, _))
                if self.what == What::Thread && !is_in_thread(&value.shown[length..]) =>
            {
                Told::Stays
            }
            Some((length, with)) => Told::Whole(length, with),
            None if is_told => Told::Stays,
            None => other,
        }
    }

    /// The phone number or the user id that begins here, and how long it is.
    fn of_look(&self, value: &Value<'_>) -> Option<(usize, Vec<u8>)> {
        let may_be_number = !matches!(self.what, What::UserId | What::GroupId);
        let number = phone_number(value.shown, value.is_quoted());
        if let Some(length) = number.filter(|_| may_be_number) {
            let number = digits_of(&value.shown[..length]);
            return Some((length, self.policy.phone_number(&number)));
        }
        let length = user_id(value.shown)?;
        let id = std::str::from_utf8(&value.shown[..length]).unwrap();
        Some((length, self.policy.user_id(id)))
    }

    fn marker(&self) -> Vec<u8> {
        marker(match self.what {
            What::PhoneNumber | What::NumberOrId | What::Thread => "phone_number",
            What::UserId => "user_id",
            What::GroupId => "group_id",
            What::Name => "name",
            What::Text => "text",
            What::Contact => "contact",
        })
    }
}

/// How long the marker or the pseudonym is that begins here.
fn done(text: &[u8]) -> Option<usize> {
    let is_of_label = |byte: &u8| byte.is_ascii_alphanumeric() || b":_-".contains(byte);
    let word = &text[..run(text, is_of_label)];
    let colons = word.iter().rev().take_while(|byte| **byte == b':').count();
    let length = word.len() - colons;
    if is_pseudonym(&text[..length]) {
        return Some(length);
    }
    let label = text.strip_prefix(b"[redacted:")?;
    let length = run(label, is_of_label);
    label[length..]
        .strip_prefix(b"]")
        .filter(|_| length <= 55)?;
    Some(b"[redacted:".len() + length + 1)
}

fn is_pseudonym(text: &[u8]) -> bool {
    let Some(name) = text
        .strip_prefix(b"wa:")
        .or_else(|| text.strip_prefix(b"user:"))
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

/// How long the number is with which `text` begins: all digits there are, and what is between them.
fn phone_number(text: &[u8], is_quoted: bool) -> Option<usize> {
    let plus = unit(text).filter(|unit| unit.stands_for(b'+'));
    let start = plus.map_or(0, |plus| plus.length);
    let may_be_between = |unit: &Unit| match unit.form {
        Form::Percent(_) => unit.stands_for_any_of(b" -.()"),
        Form::Raw if is_quoted => unit.stands_for_any_of(b"+ -.()"),
        Form::Raw if plus.is_some() => unit.stands_for_any_of(b"+-.()"),
        Form::Raw => unit.stands_for(b'+'),
        Form::Escape(_) | Form::Unicode(_) | Form::Backslashes => false,
    };
    let mut digits = 0;
    let mut between = 0;
    let mut end = start;
    for (at, unit) in units(&text[start..]) {
        if unit.is_raw(b"0123456789") {
            digits += 1;
            between = 0;
            end = start + at + unit.length;
        } else if between < 2 && may_be_between(&unit) {
            between += 1;
        } else {
            break;
        }
    }
    let is_another = plus.is_none() && (is_date(&text[..end]) || is_address(&text[..end]));
    ((7..=15).contains(&digits) && !is_another).then_some(end)
}

/// The digits of a number, a plus sign before it and what is between them left out.
fn digits_of(number: &[u8]) -> Vec<u8> {
    units(number)
        .filter(|(_, unit)| unit.is_raw(b"0123456789"))
        .filter_map(|(_, unit)| unit.raw())
        .collect()
}

/// How long the runs of digits are between which nothing but `mark` stands.
fn runs(text: &[u8], mark: u8) -> Option<Vec<usize>> {
    let runs = text.split(|byte| *byte == mark);
    runs.map(|run| run.iter().all(u8::is_ascii_digit).then_some(run.len()))
        .collect()
}

fn is_date(text: &[u8]) -> bool {
    runs(text, b'-').is_some_and(|runs| runs == [4, 2, 2])
}

fn is_address(text: &[u8]) -> bool {
    runs(text, b'.')
        .is_some_and(|runs| runs.len() == 4 && runs.iter().all(|run| (1..=3).contains(run)))
}

/// How long the user id is with which `text` begins.
fn user_id(text: &[u8]) -> Option<usize> {
    let [one, other, b'.', id @ ..] = text else {
        return None;
    };
    let rest = id.strip_prefix(b"ENT.").unwrap_or(id);
    let length = run(rest, u8::is_ascii_alphanumeric);
    let fits = one.is_ascii_uppercase() && other.is_ascii_uppercase() && (8..=64).contains(&length);
    fits.then(|| text.len() - rest.len() + length)
}

/// Whether the key of what a conversation holds follows the value that ends before `text`.
fn is_in_thread(text: &[u8]) -> bool {
    let behind_quote = |text| Some(&text[quote(text)?.unit.length..]);
    let behind_blanks = |text| &text[blanks(text).length..];
    let key = || {
        let text = behind_blanks(behind_quote(text)?);
        let comma = unit(text).filter(|unit| unit.stands_for(b','))?;
        behind_quote(behind_blanks(behind_blanks(&text[comma.length..])))
    };
    let Some(key) = key() else {
        return false;
    };
    [b"messages".as_slice(), b"context"].iter().any(|name| {
        key.strip_prefix(*name)
            .is_some_and(|behind| quote(behind).is_some())
    })
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
