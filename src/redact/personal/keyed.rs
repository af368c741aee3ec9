//! Personal data under the keys that Meta's webhooks use.

use alloc::{format, string::String, sync::Arc, vec::Vec};

use super::{PersonalData, number};
use crate::redact::{
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId, Replacement},
    keyed::{Between, Separator},
    unit::{Ahead, Known},
};

/// A key, and what stands under it.
pub(in crate::redact) struct Personal {
    key: &'static str,
    kind: Kind,
    /// The marker for a value that is like nothing else.
    marker: MarkerId,
    policy: Arc<PersonalData>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A phone number or a user id, or unknown.
    Number,
    /// Replaced only where it is like a phone number or a user id.
    MaybeNumber,
    UserId,
    /// A name, a text, a contact's details: dropped.
    Text,
}

/// A marker, what stands under these keys, and the keys.
type Keys = (&'static str, Kind, &'static [&'static str]);

const KEYS: [Keys; 6] = [
    (
        "phone_number",
        Kind::Number,
        &[
            "wa_id",
            "recipient_id",
            "display_phone_number",
            "phone",
            "phone_number",
        ],
    ),
    ("phone_number", Kind::MaybeNumber, &["from", "to"]),
    (
        "user_id",
        Kind::UserId,
        &[
            "user_id",
            "parent_user_id",
            "from_user_id",
            "to_user_id",
            "recipient_user_id",
        ],
    ),
    (
        "name",
        Kind::Text,
        &[
            "name",
            "first_name",
            "middle_name",
            "last_name",
            "formatted_name",
            "username",
        ],
    ),
    (
        "text",
        Kind::Text,
        &[
            "body",
            "text",
            "caption",
            "title",
            "description",
            "payload",
            "response_json",
            "filename",
            "url",
        ],
    ),
    (
        "contact",
        Kind::Text,
        &[
            "email",
            "street",
            "city",
            "zip",
            "birthday",
            "company",
            "address",
            "latitude",
            "longitude",
        ],
    ),
];

/// All keys, with the marker for each label.
pub(in crate::redact) fn keys(
    policy: &Arc<PersonalData>,
    mut marker: impl FnMut(&str) -> MarkerId,
) -> Vec<Personal> {
    let mut all = Vec::new();
    for (label, kind, keys) in KEYS {
        let marker = marker(label);
        let personal = |key: &&'static str| Personal {
            key,
            kind,
            marker,
            policy: policy.clone(),
        };
        all.extend(keys.iter().map(personal));
    }
    all
}

impl Personal {
    pub(in crate::redact) fn needles(&self) -> Vec<Vec<u8>> {
        let follow: &[&str] = match self.kind {
            Kind::Text => &["\"", "'", "\\", "%"],
            _ => &["\"", "'", "\\", "%", "=", ":", " "],
        };
        let needle = |next: &&str| format!("{}{next}", self.key).into_bytes();
        follow.iter().map(needle).collect()
    }

    pub(in crate::redact) fn judge(
        &self,
        behind: Behind<'_>,
        ahead: Ahead<'_>,
    ) -> Known<Option<Found>> {
        if !ahead.equals(0, self.key.as_bytes())? {
            return Ok(None);
        }
        let Some(between) = Between::read(ahead, self.key.len(), None)? else {
            return Ok(None);
        };
        let key_quote = between.key_quote.as_ref().map(|(quote, _)| *quote);
        let whole = match key_quote {
            Some(_) => behind.quote() == key_quote,
            None => {
                let next = ahead.unit(self.key.len())?;
                let separates = next.is_some_and(|next| b"=: ".iter().any(|c| next.stands_for(*c)));
                separates && behind.is_no_part_of_a_key()
            }
        };
        if !whole {
            return Ok(None);
        }
        let value = ahead.from(between.value);
        let number = between.is_number(value)?;
        let extent = between.extent_of(number);
        if let Some(length) = number::done(value)? {
            if extent.count(value.from(length), 1)? == 0 && !between.is_list {
                return Ok(None);
            }
        }
        if self.kind == Kind::Text {
            let data = key_quote.is_some()
                && matches!(between.separator, Separator::Colon(_))
                && (between.quote.is_some() || number)
                && extent.count(value, 1)? > 0;
            return Ok(data.then(|| between.found(extent, 0, number, self.marker)));
        }
        if let Some((text, length)) = self.replacement(value, between.quote.is_some())? {
            if extent.count(value.from(length), 1)? == 0 {
                if between.is_list {
                    return Ok(Some(between.found(extent, 0, number, self.marker)));
                }
                let quote = match &between.key_quote {
                    Some((_, place)) if number => ahead.text().get(place.clone()),
                    _ => None,
                };
                let quote = quote.and_then(|quote| core::str::from_utf8(quote).ok());
                let quote = quote.unwrap_or_default();
                return Ok(Some(Found {
                    start: between.value,
                    known: between.value.saturating_add(length),
                    extent: Extent::Here,
                    then: None,
                    replacement: Replacement::Text(format!("{quote}{text}{quote}")),
                }));
            }
        }
        if self.kind == Kind::MaybeNumber || !between.is_secret(value, extent, number)? {
            return Ok(None);
        }
        Ok(Some(between.found(extent, 0, number, self.marker)))
    }

    /// What takes the place of a phone number or a user id, and how long that is in the text.
    fn replacement(&self, value: Ahead<'_>, quoted: bool) -> Known<Option<(String, usize)>> {
        if let Some((id, length)) = number::user_id(value)? {
            return Ok(Some((self.policy.user_id(&id), length)));
        }
        if self.kind == Kind::UserId {
            return Ok(None);
        }
        let number = number::phone_number(value, quoted)?;
        Ok(number.map(|(digits, length)| (self.policy.phone_number(&digits), length)))
    }
}
