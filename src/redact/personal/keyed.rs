//! Personal data under the keys that Meta's webhooks use.

use alloc::{format, string::String, sync::Arc, vec::Vec};

use super::{
    PersonalData,
    number::{self, Spacing},
};
use crate::redact::{
    behind::Behind,
    extent::{Extent, Quote},
    found::{Found, MARKER, MarkerId, Replacement},
    keyed::{Between, blanks},
    unit::{Ahead, Known, Unit},
};

/// The rule for a key of personal data.
pub(in crate::redact) struct Personal {
    key: &'static str,
    kind: Kind,
    /// The marker for a value that is neither a phone number nor a user id.
    pub(in crate::redact) marker: MarkerId,
    policy: Arc<PersonalData>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A phone number, a user id, or an unknown value.
    Number,
    /// Redacted only if it looks like a phone number or a user id.
    MaybeNumber,
    /// Redacted only if it looks like a phone number or a user id, and a key of a conversation follows.
    Thread,
    UserId,
    /// A name, a text or contact details. Always a marker.
    Text,
}

/// A label, the kind of the values, and the keys.
type Keys = (&'static str, Kind, &'static [&'static str]);

const KEYS: [Keys; 8] = [
    (
        "phone_number",
        Kind::Number,
        &[
            "wa_id",
            "new_wa_id",
            "user_wa_id",
            "recipient_id",
            "recipient_participant_id",
            "participant_recipient_id",
            "display_phone_number",
            "phone",
            "phone_number",
        ],
    ),
    (
        "phone_number",
        Kind::MaybeNumber,
        &["from", "to", "recipient", "input", "user", "customer"],
    ),
    ("phone_number", Kind::Thread, &["id"]),
    (
        "user_id",
        Kind::UserId,
        &[
            "user_id",
            "parent_user_id",
            "previous_user_id",
            "previous_parent_user_id",
            "from_user_id",
            "from_parent_user_id",
            "to_user_id",
            "to_parent_user_id",
            "recipient_user_id",
            "recipient_parent_user_id",
            "parent_recipient_user_id",
            "recipient_participant_user_id",
            "recipient_participant_parent_user_id",
            "identity",
            "identity_key_hash",
            "recipient_identity_key_hash",
            "ctwa_clid",
        ],
    ),
    ("group_id", Kind::UserId, &["group_id"]),
    (
        "name",
        Kind::Text,
        &[
            "name",
            "first_name",
            "middle_name",
            "last_name",
            "full_name",
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
            "emoji",
            "title",
            "subject",
            "description",
            "payload",
            "response_json",
            "filename",
            "url",
            "invite_link",
            "sdp",
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
            "department",
            "address",
            "latitude",
            "longitude",
            "vcard",
        ],
    ),
];

/// Creates the rules for all keys. `marker` returns the marker of a label.
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
            Kind::Thread => &["\"", "'", "\\", "%"],
            // The last one begins a terminal colour.
            _ => &["\"", "'", "\\", "%", "=", ":", " ", "\u{1b}"],
        };
        let needle = |next: &&str| format!("{}{next}", self.key).into_bytes();
        follow.iter().map(needle).collect()
    }

    /// `marker` is the text of this rule's marker.
    pub(in crate::redact) fn judge(
        &self,
        marker: &[u8],
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
        let whole = if key_quote.is_some() {
            behind.quote() == key_quote
        } else {
            let next = ahead.unit(self.key.len())?;
            let may_follow = |next: Unit| b"=: \x1b".iter().any(|byte| next.stands_for(*byte));
            next.is_some_and(may_follow) && behind.is_no_part_of_a_key(self.kind != Kind::Text)
        };
        if !whole {
            return Ok(None);
        }
        let value = ahead.from(between.value);
        let number = between.is_number(value)?;
        let extent = between.extent_of(number);
        if self.kind == Kind::Text {
            let data = (between.quote.is_some() || number) && extent.count(value, 1)? > 0;
            return Ok(data.then(|| between.found(extent, 0, number, self.marker)));
        }
        if between.is_list {
            // All values of a list get the same replacement.
            let fits = match self.kind {
                Kind::Thread => false,
                Kind::MaybeNumber => {
                    self.whole(value, extent, true)?.is_some()
                        || value.equals(0, marker)?
                            && is_end(value.from(marker.len()), extent, true)?
                }
                _ => extent.count(value, 1)? > 0,
            };
            return Ok(fits.then(|| between.found(extent, 0, number, self.marker)));
        }
        let quoted = between.quote.is_some();
        if let Some(length) = number::done(value)? {
            if is_end(value.from(length), extent, quoted)? {
                // A key between this one and its own marker or pseudonym must not replace it.
                let done = value.text().get(..length).unwrap_or_default();
                let own = done == marker || self.policy.makes(done);
                let own = own && !between.is_literal(value)?;
                return Ok(own.then(|| Found::nothing(between.value)));
            }
        }
        if let Some((text, length)) = self.whole(value, extent, quoted)? {
            if self.kind == Kind::Thread && !is_in_thread(value.from(length))? {
                return Ok(None);
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
        let any = !matches!(self.kind, Kind::MaybeNumber | Kind::Thread)
            && between.is_secret(value, extent, number)?;
        Ok(any.then(|| between.found(extent, 0, number, self.marker)))
    }

    /// Returns the replacement of a phone number or a user id, and the length of the original.
    fn replacement(&self, value: Ahead<'_>, quoted: bool) -> Known<Option<(String, usize)>> {
        if let Some((id, length)) = number::user_id(value)? {
            return Ok(Some((self.policy.user_id(&id), length)));
        }
        if self.kind == Kind::UserId {
            return Ok(None);
        }
        let spacing = if quoted {
            Spacing::Raw
        } else {
            Spacing::Encoded
        };
        let number = number::phone_number(value, spacing)?;
        Ok(number.map(|(digits, length)| (self.policy.phone_number(&digits), length)))
    }

    /// Returns the same, but only if the number or id is the whole value.
    fn whole(
        &self,
        value: Ahead<'_>,
        extent: Extent,
        quoted: bool,
    ) -> Known<Option<(String, usize)>> {
        let Some((text, length)) = self.replacement(value, quoted)? else {
            return Ok(None);
        };
        let ends = is_end(value.from(length), extent, quoted)?;
        Ok(ends.then_some((text, length)))
    }
}

/// Returns whether a number or an id ends here. It ends with its value, where the text is cut off, or
/// before the next field of a list. Text that was replaced by a marker may have continued it.
fn is_end(here: Ahead<'_>, extent: Extent, quoted: bool) -> Known<bool> {
    Ok(extent.count(here, 1)? == 0 && !here.equals(0, MARKER)?
        || here.is_cut_off(0)?
        || !quoted && here.is(0, |byte| b",;)]}<>|".contains(&byte))?)
}

/// Returns whether the next key is `messages` or `context`. Only then is an `id` the phone number of a
/// conversation, and not the id of an account.
fn is_in_thread(end: Ahead<'_>) -> Known<bool> {
    let quote = |at| Ok(end.unit(at)?.filter(|unit| Quote::of(*unit).is_some()));
    let Some(close) = quote(0)? else {
        return Ok(false);
    };
    let comma = close.length.saturating_add(blanks(end, close.length)?.0);
    let Some(unit) = end.unit(comma)?.filter(|unit| unit.stands_for(b',')) else {
        return Ok(false);
    };
    let next = comma.saturating_add(unit.length);
    // Deep indentation can exceed the maximum of one call.
    let next = next.saturating_add(blanks(end, next)?.0);
    let next = next.saturating_add(blanks(end, next)?.0);
    let Some(open) = quote(next)? else {
        return Ok(false);
    };
    let key = next.saturating_add(open.length);
    for name in ["messages", "context"] {
        if end.equals(key, name.as_bytes())? && quote(key.saturating_add(name.len()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
