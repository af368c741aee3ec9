//! One message that a customer sent.

use alloc::borrow::Cow;
use core::fmt;

use serde::{Deserialize, de::MapAccess};

use super::{
    Change,
    json::{self, Shown, parse, text, whole_number},
    part::{Part, WithJson, members},
};
use crate::{
    rejection::Rejection,
    signature::{Fingerprint, Json, Verified},
};

/// A message from a customer, of any type.
///
/// `Debug` prints the type of the message. It prints no id, because that contains the customer's number.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let body = r#"{"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"106540352242922"},
///     "messages":[{"id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"Hi"}}]}}]}]}"#;
/// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
///
/// let updates = verified.updates()?;
/// let message = updates.messages().next().unwrap();
/// assert_eq!(message.id(), "wamid.A");
/// assert_eq!(message.timestamp(), Some(1_749_416_383));
/// assert_eq!(format!("{message:?}"), r#"Message { kind: "text", .. }"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Message<'a> {
    parts: &'a WithJson<'a, MessageParts<'a>>,
    change: Change<'a>,
}

#[derive(Clone)]
pub(super) struct MessageParts<'a> {
    id: Cow<'a, str>,
    kind: Option<Cow<'a, str>>,
    timestamp: Option<u64>,
}

impl<'a> Part<'a> for MessageParts<'a> {
    /// Returns `None` if the message has no id.
    fn from_object<A: MapAccess<'a>>(message: A) -> Result<Option<Self>, A::Error> {
        let [id, kind, timestamp] = members(message, ["id", "type", "timestamp"])?;
        Ok(id.and_then(json::id).map(|id| Self {
            id,
            kind: kind.and_then(text),
            timestamp: timestamp.and_then(whole_number),
        }))
    }
}

impl<'a> Message<'a> {
    pub(super) const fn new(parts: &'a WithJson<'a, MessageParts<'a>>, change: Change<'a>) -> Self {
        Self { parts, change }
    }

    /// Returns the id, which is the same when Meta sends the message again. It contains a phone number.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.A"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.messages().all(|message| message.id() == "wamid.A"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn id(self) -> &'a str {
        &self.parts.part.id
    }

    /// Returns the fingerprint of the id, to recognise the message when Meta sends it again.
    ///
    /// It contains no phone number in clear, and does not depend on the delivery or on its key.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.A"},{"id":"wamid.B"}]}}]}]}"#;
    /// # let delivery = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let again = r#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.B"}]}}]}]}"#;
    /// # let again = verifier.verify(verifier.sign(again).to_string(), again)?;
    /// let (first, second) = (delivery.updates()?, again.updates()?);
    /// let message = second.messages().next().unwrap();
    /// let seen: Vec<bool> =
    ///     first.messages().map(|seen| seen.fingerprint() == message.fingerprint()).collect();
    /// assert_eq!(seen, [false, true]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fingerprint(self) -> Fingerprint {
        Fingerprint::new(["message", self.id()])
    }

    /// Returns the `type`, such as `text`, `image` or `unsupported`. Meta adds types without notice.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[{"id":"wamid.A","type":"image"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.messages().all(|message| message.kind() == Some("image")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kind(self) -> Option<&'a str> {
        self.parts.part.kind.as_deref()
    }

    /// Returns the time of the message, in seconds since 1970.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[
    ///     {"id":"wamid.A","timestamp":"1749416383"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert!(updates.messages().all(|message| message.timestamp() == Some(1_749_416_383)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn timestamp(self) -> Option<u64> {
        self.parts.part.timestamp
    }

    /// Returns the change that contains the message, with your account and phone number ids.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"106540352242922"},
    ///     "messages":[{"id":"wamid.A"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// for message in verified.updates()?.messages() {
    ///     assert_eq!(message.change().phone_number_id(), Some("106540352242922"));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn change(self) -> Change<'a> {
        self.change
    }

    /// Parses the message as JSON.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`JsonMismatch`](crate::RejectionKind::JsonMismatch). The line and
    /// the column in its message count from the start of the message.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"changes":[{"value":{"messages":[
    ///     {"id":"wamid.A","text":{"body":"Hi"}}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// for message in verified.updates()?.messages() {
    ///     assert_eq!(message.json::<serde_json::Value>()?["text"]["body"], "Hi");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json<T: Deserialize<'a>>(self) -> Result<Verified<Json<T>>, Rejection> {
        parse(self.parts.json, self.change.proof())
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("kind", &Shown(self.kind()))
            .finish_non_exhaustive()
    }
}
