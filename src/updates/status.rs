//! One status of a message that the business sent.

use alloc::borrow::Cow;
use core::fmt;

use serde::{Deserialize, de::MapAccess};

use super::{
    Change,
    json::{self, Shown, parse, whole_number},
    part::{Part, WithJson, members},
};
use crate::{
    rejection::Rejection,
    signature::{Fingerprint, Json, Verified},
};

/// A status of a message that you sent.
///
/// One message has several statuses with the same id. To find duplicates, compare
/// [`fingerprint`](Self::fingerprint).
///
/// `Debug` prints the status. It prints no id, because that contains the customer's number.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[
///     {"id":"wamid.A","status":"delivered","recipient_id":"12125550142"}]}}]}]}"#;
/// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
///
/// let updates = verified.updates()?;
/// let status = updates.statuses().next().unwrap();
/// assert_eq!((status.id(), status.status()), ("wamid.A", "delivered"));
/// assert_eq!(status.participant_id(), None);
/// assert_eq!(format!("{status:?}"), r#"Status { status: "delivered", .. }"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Status<'a> {
    parts: &'a WithJson<'a, StatusParts<'a>>,
    change: Change<'a>,
}

#[derive(Clone)]
pub(super) struct StatusParts<'a> {
    id: Cow<'a, str>,
    status: Cow<'a, str>,
    participant_id: Option<Cow<'a, str>>,
    timestamp: Option<u64>,
}

impl<'a> Part<'a> for StatusParts<'a> {
    /// Returns `None` if the status has no id or no status.
    fn from_object<A: MapAccess<'a>>(object: A) -> Result<Option<Self>, A::Error> {
        let names = [
            "id",
            "status",
            "timestamp",
            "recipient_participant_id",
            "recipient_participant_user_id",
        ];
        let [id, status, timestamp, participant, user] = members(object, names)?;
        let required = id.and_then(json::id).zip(status.and_then(json::id));
        Ok(required.map(|(id, status)| Self {
            id,
            status,
            participant_id: participant.and_then(json::id).or(user.and_then(json::id)),
            timestamp: timestamp.and_then(whole_number),
        }))
    }
}

impl<'a> Status<'a> {
    pub(super) const fn new(parts: &'a WithJson<'a, StatusParts<'a>>, change: Change<'a>) -> Self {
        Self { parts, change }
    }

    /// Returns the id of the message that you sent. It contains a phone number.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[{"id":"wamid.A","status":"sent"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.statuses().all(|status| status.id() == "wamid.A"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn id(self) -> &'a str {
        &self.parts.part.id
    }

    /// Returns the fingerprint of the status, to recognise it when Meta sends it again.
    ///
    /// It is a hash of [`id`](Self::id), [`status`](Self::status) and
    /// [`participant_id`](Self::participant_id). It contains no phone number in clear, and does not depend on
    /// the delivery or on its key.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[
    ///     {"id":"wamid.A","status":"sent"},
    ///     {"id":"wamid.A","status":"read"},
    ///     {"id":"wamid.A","status":"sent"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let seen: Vec<_> = updates.statuses().map(|status| status.fingerprint()).collect();
    /// assert_ne!(seen[0], seen[1]);
    /// assert_eq!(seen[0], seen[2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fingerprint(self) -> Fingerprint {
        let participant = self.participant_id().unwrap_or_default();
        Fingerprint::new(["status", self.id(), self.status(), participant])
    }

    /// Returns the status, such as `sent`, `delivered`, `read` or `failed`. Meta adds more without notice.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[{"id":"wamid.A","status":"sent"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.statuses().all(|status| status.status() == "sent"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn status(self) -> &'a str {
        &self.parts.part.status
    }

    /// Returns the member of a group that the status is about: a phone number or a user id.
    ///
    /// It is the `recipient_participant_id` or, without one, the `recipient_participant_user_id`. A message
    /// to one person has neither.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[
    ///     {"id":"wamid.A","status":"read","recipient_participant_id":"12125550142"},
    ///     {"id":"wamid.A","status":"read","recipient_participant_id":"12125550143"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let readers: Vec<_> = updates.statuses().filter_map(|status| status.participant_id()).collect();
    /// assert_eq!(readers, ["12125550142", "12125550143"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn participant_id(self) -> Option<&'a str> {
        self.parts.part.participant_id.as_deref()
    }

    /// Returns the time of the status, in seconds since 1970.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[
    ///     {"id":"wamid.A","status":"sent","timestamp":"1749416383"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.statuses().all(|status| status.timestamp() == Some(1_749_416_383)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn timestamp(self) -> Option<u64> {
        self.parts.part.timestamp
    }

    /// Returns the change that contains the status, with your account and phone number ids.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"id":"102290129340398","changes":[{"value":{
    ///     "statuses":[{"id":"wamid.A","status":"sent"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// for status in verified.updates()?.statuses() {
    ///     assert_eq!(status.change().account_id(), Some("102290129340398"));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn change(self) -> Change<'a> {
        self.change
    }

    /// Parses the status as JSON, for example to read its `errors`.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`JsonMismatch`](crate::RejectionKind::JsonMismatch). The line and
    /// the column in its message count from the start of the status.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"statuses":[
    ///     {"id":"wamid.A","status":"failed","errors":[{"code":131050}]}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// for status in verified.updates()?.statuses() {
    ///     assert_eq!(status.json::<serde_json::Value>()?["errors"][0]["code"], 131_050);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json<T: Deserialize<'a>>(self) -> Result<Verified<Json<T>>, Rejection> {
        parse(self.parts.json, self.change.proof())
    }
}

impl fmt::Debug for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Status")
            .field("status", &Shown(Some(self.status())))
            .finish_non_exhaustive()
    }
}
