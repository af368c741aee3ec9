//! The updates of a body.

use alloc::borrow::Cow;
use core::{fmt, str};

use serde::de::MapAccess;

use super::{
    Change, Message, Status,
    entry::EntryParts,
    json::{Shown, text},
    part::{List, Part, Read, next_name, skip_value},
};
use crate::{
    rejection::{Rejection, RejectionKind},
    signature::{Proof, StableBytes, Verified, json_mismatch},
};

impl<B: StableBytes> Verified<B> {
    /// Lists the changes, messages and statuses of a verified delivery.
    ///
    /// Parts without an id are counted, and hide no other part: see [`updates`](crate::updates).
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`JsonMismatch`](crate::RejectionKind::JsonMismatch) if the body is
    /// not a JSON object. Its message has the line and column of a syntax error, and no text of the body.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{
    ///     "field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},
    ///     "messages":[{"id":"wamid.A","type":"text"},{"id":"wamid.B","type":"image"}]}}]}]}"#;
    /// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    ///
    /// let updates = verified.updates()?;
    /// let ids: Vec<&str> = updates.messages().map(|message| message.id()).collect();
    /// assert_eq!(ids, ["wamid.A", "wamid.B"]);
    ///
    /// let rejection = verifier.verify(verifier.sign("[]").to_string(), "[]")?.updates().err().unwrap();
    /// assert_eq!(rejection.status(), 422);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn updates(&self) -> Result<Updates<'_>, Rejection> {
        Updates::parse((**self).as_ref(), self.proof())
    }
}

/// The changes, messages and statuses of a verified delivery, in their order.
///
/// [`Verified::updates`] returns it. Texts are borrowed from the body, except those with escapes.
///
/// `Debug` prints counts. It prints no id, because the id of a message contains a phone number.
///
/// # Examples
/// ```
/// use hubseal::{AppSecret, Verifier};
///
/// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
/// let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{
///     "field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},
///     "statuses":[{"id":"wamid.A","status":"sent"},{"id":"wamid.A","status":"read"},{}]}}]}]}"#;
/// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
///
/// let updates = verified.updates()?;
/// let statuses: Vec<&str> = updates.statuses().map(|status| status.status()).collect();
/// assert_eq!(statuses, ["sent", "read"]);
/// assert_eq!(updates.skipped(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Updates<'a> {
    proof: Proof,
    body: BodyParts<'a>,
}

#[derive(Clone)]
struct BodyParts<'a> {
    object: Option<Cow<'a, str>>,
    entries: List<EntryParts<'a>>,
}

impl<'a> Part<'a> for BodyParts<'a> {
    fn from_object<A: MapAccess<'a>>(mut body: A) -> Result<Option<Self>, A::Error> {
        let (mut object, mut entries) = (None, List::SKIPPED);
        while let Some(name) = next_name(&mut body)? {
            match &*name {
                "object" => object = text(body.next_value()?),
                "entry" => entries = body.next_value()?,
                _ => skip_value(&mut body)?,
            }
        }
        Ok(Some(Self { object, entries }))
    }
}

impl<'a> Updates<'a> {
    fn parse(body: &'a [u8], proof: Proof) -> Result<Self, Rejection> {
        let mismatch = || Rejection::new(RejectionKind::JsonMismatch);
        let body = str::from_utf8(body).map_err(|_| mismatch())?;
        let Read(body) = serde_json::from_str(body).map_err(|error| json_mismatch(&error))?;
        let body: BodyParts<'_> = body.ok_or_else(mismatch)?;
        Ok(Self { proof, body })
    }

    /// Returns the `object` of the body: `whatsapp_business_account`, `page` or `instagram`.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// # let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// assert_eq!(verified.updates()?.object(), Some("whatsapp_business_account"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.body.object.as_deref()
    }

    /// Returns all changes of all entries.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[{"id":"102290129340398","changes":[
    ///     {"field":"account_update","value":{}},{"field":"messages","value":{}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let fields: Vec<_> = updates.changes().filter_map(|change| change.field()).collect();
    /// assert_eq!(fields, ["account_update", "messages"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> + Clone {
        self.body.entries.parts.iter().flat_map(move |entry| {
            let (account_id, changes) = (entry.id.as_deref(), entry.changes.parts.iter());
            changes.map(move |change| Change::new(account_id, change, &self.proof))
        })
    }

    /// Returns all messages of all changes.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[
    ///     {"changes":[{"value":{"messages":[{"id":"wamid.A"}]}}]},
    ///     {"changes":[{"value":{"messages":[{"id":"wamid.B"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let ids: Vec<_> = updates.messages().map(|message| message.id()).collect();
    /// assert_eq!(ids, ["wamid.A", "wamid.B"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn messages(&self) -> impl Iterator<Item = Message<'_>> + Clone {
        self.changes().flat_map(Change::messages)
    }

    /// Returns all statuses of all changes.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[
    ///     {"changes":[{"value":{"statuses":[{"id":"wamid.A","status":"sent"}]}}]},
    ///     {"changes":[{"value":{"statuses":[{"id":"wamid.B","status":"read"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// let keys: Vec<_> = updates.statuses().map(|status| (status.id(), status.status())).collect();
    /// assert_eq!(keys, [("wamid.A", "sent"), ("wamid.B", "read")]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn statuses(&self) -> impl Iterator<Item = Status<'_>> + Clone {
        self.changes().flat_map(Change::statuses)
    }

    /// Returns the number of parts that are not listed, because they have no id or another shape.
    ///
    /// If it is above 0, log it and keep the body. The [module documentation](crate::updates) lists the
    /// reasons.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Verifier};
    /// # let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"entry":[null,{"changes":[{"value":{"messages":[{"id":7},{"id":"wamid.A"}]}}]}]}"#;
    /// # let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    /// let updates = verified.updates()?;
    /// assert_eq!(updates.messages().count(), 1);
    /// assert_eq!(updates.skipped(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn skipped(&self) -> usize {
        self.body.entries.skipped
    }
}

impl fmt::Debug for Updates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updates")
            .field("object", &Shown(self.object()))
            .field("changes", &self.changes().count())
            .field("messages", &self.messages().count())
            .field("statuses", &self.statuses().count())
            .field("skipped", &self.skipped())
            .finish_non_exhaustive()
    }
}
