//! One change of a delivery.

use alloc::borrow::Cow;
use core::fmt;

use serde::{Deserialize, de::MapAccess};

use super::{
    Message, Status,
    json::{Shown, parse, text},
    message::MessageParts,
    part::{List, Part, Read, WithJson, members, next_name, skip_value},
    status::StatusParts,
};
use crate::{
    rejection::Rejection,
    signature::{Json, Proof, Verified},
};

/// A change of one field of an account, such as `messages` of a WhatsApp Business account.
///
/// `Debug` prints the field and counts.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let body = r#"{"entry":[{"id":"102290129340398","changes":[{"field":"messages","value":{
///     "metadata":{"phone_number_id":"106540352242922"},"messages":[{"id":"wamid.A"}]}}]}]}"#;
/// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
///
/// let updates = verified.updates()?;
/// let change = updates.changes().next().unwrap();
/// assert_eq!(change.account_id(), Some("102290129340398"));
/// assert_eq!(change.phone_number_id(), Some("106540352242922"));
/// assert_eq!(format!("{change:?}"), r#"Change { field: "messages", messages: 1, statuses: 0, .. }"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Change<'a> {
    account_id: Option<&'a str>,
    parts: &'a ChangeParts<'a>,
    proof: &'a Proof,
}

#[derive(Clone)]
pub(super) struct ChangeParts<'a> {
    field: Option<Cow<'a, str>>,
    value: WithJson<'a, ValueParts<'a>>,
}

impl<'a> Part<'a> for ChangeParts<'a> {
    /// Returns `None` if the change has no `value` that is an object.
    fn from_object<A: MapAccess<'a>>(mut change: A) -> Result<Option<Self>, A::Error> {
        let (mut field, mut value) = (None, Read(None));
        while let Some(name) = next_name(&mut change)? {
            match &*name {
                "field" => field = text(change.next_value()?),
                "value" => value = change.next_value()?,
                _ => skip_value(&mut change)?,
            }
        }
        Ok(value.0.map(|value| Self { field, value }))
    }

    fn skipped(&self) -> usize {
        let messages = self.value.part.messages.skipped;
        messages.saturating_add(self.value.part.statuses.skipped)
    }
}

#[derive(Clone)]
struct ValueParts<'a> {
    phone_number_id: Option<Cow<'a, str>>,
    messages: List<WithJson<'a, MessageParts<'a>>>,
    statuses: List<WithJson<'a, StatusParts<'a>>>,
}

impl<'a> Part<'a> for ValueParts<'a> {
    fn from_object<A: MapAccess<'a>>(mut value: A) -> Result<Option<Self>, A::Error> {
        let mut metadata = Read::<WithJson<'_, PhoneNumberId<'_>>>(None);
        let (mut messages, mut statuses) = (None, None);
        while let Some(name) = next_name(&mut value)? {
            match &*name {
                "metadata" => metadata = value.next_value()?,
                "messages" => messages = value.next_value()?,
                "statuses" => statuses = value.next_value()?,
                _ => skip_value(&mut value)?,
            }
        }
        Ok(Some(Self {
            phone_number_id: metadata.0.map(|metadata| metadata.part.0),
            messages: messages.unwrap_or(List::EMPTY),
            statuses: statuses.unwrap_or(List::EMPTY),
        }))
    }
}

struct PhoneNumberId<'a>(Cow<'a, str>);

impl<'a> Part<'a> for PhoneNumberId<'a> {
    fn from_object<A: MapAccess<'a>>(metadata: A) -> Result<Option<Self>, A::Error> {
        let [id] = members(metadata, ["phone_number_id"])?;
        Ok(id.and_then(text).map(Self))
    }
}

impl<'a> Change<'a> {
    pub(super) const fn new(
        account_id: Option<&'a str>,
        parts: &'a ChangeParts<'a>,
        proof: &'a Proof,
    ) -> Self {
        Self {
            account_id,
            parts,
            proof,
        }
    }

    /// Returns the `id` of the entry. For WhatsApp, it is that of the WhatsApp Business account.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"id":"102290129340398","changes":[{"value":{}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.changes().all(|change| change.account_id() == Some("102290129340398")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn account_id(self) -> Option<&'a str> {
        self.account_id
    }

    /// Returns the name of the field that you subscribed to, such as `messages` or `account_update`.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"field":"account_update","value":{}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.changes().all(|change| change.field() == Some("account_update")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn field(self) -> Option<&'a str> {
        self.parts.field.as_deref()
    }

    /// Returns the id of your phone number, from the `metadata`. It is not the number itself.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[
    ///     {"value":{"metadata":{"phone_number_id":"106540352242922"}}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.changes().all(|change| change.phone_number_id() == Some("106540352242922")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn phone_number_id(self) -> Option<&'a str> {
        self.parts.value.part.phone_number_id.as_deref()
    }

    /// Returns the messages of this change.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.A"}]}},{"value":{}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let counts: Vec<usize> = updates.changes().map(|change| change.messages().count()).collect();
    /// assert_eq!(counts, [1, 0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn messages(self) -> impl Iterator<Item = Message<'a>> + Clone {
        let parts = self.parts.value.part.messages.parts.iter();
        parts.map(move |parts| Message::new(parts, self))
    }

    /// Returns the statuses of this change.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[{"id":"wamid.A","status":"sent"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let counts: Vec<usize> = updates.changes().map(|change| change.statuses().count()).collect();
    /// assert_eq!(counts, [1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statuses(self) -> impl Iterator<Item = Status<'a>> + Clone {
        let parts = self.parts.value.part.statuses.parts.iter();
        parts.map(move |parts| Status::new(parts, self))
    }

    /// Parses the `value` of the change, which depends on its [`field`](Self::field).
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`JsonMismatch`](crate::RejectionKind::JsonMismatch). The line and
    /// the column in its message count from the start of the `value`.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[
    ///     {"field":"account_update","value":{"event":"ACCOUNT_DELETED"}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// for change in verified.updates()?.changes() {
    ///     let value = change.json::<serde_json::Value>()?;
    ///     assert_eq!(value["event"], "ACCOUNT_DELETED");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json<T: Deserialize<'a>>(self) -> Result<Verified<Json<T>>, Rejection> {
        parse(self.parts.value.json, self.proof)
    }

    pub(super) const fn proof(self) -> &'a Proof {
        self.proof
    }
}

impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("field", &Shown(self.field()))
            .field("messages", &self.messages().count())
            .field("statuses", &self.statuses().count())
            .finish_non_exhaustive()
    }
}
