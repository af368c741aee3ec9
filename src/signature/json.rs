//! Parsing of verified bodies as JSON.

use core::ops::Deref;

use serde::Deserialize;

use super::{StableBytes, Verified};
use crate::rejection::{Rejection, RejectionKind};

/// A value parsed from JSON. A `Verified<Json<T>>` was parsed from verified bytes.
///
/// # Examples
/// ```
/// use hubseal::Json;
///
/// let Json(number) = Json(42);
/// assert_eq!(number, 42);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<B: StableBytes> Verified<B> {
    /// Parses the verified bytes as JSON.
    ///
    /// The bytes stay available, so you can store a body that does not parse.
    ///
    /// # Errors
    /// Returns a [`Rejection`] of kind [`JsonMismatch`](RejectionKind::JsonMismatch). Its message has the
    /// line and column of the error, and no text of the body.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{AppSecret, Verifier};
    ///
    /// let verifier = Verifier::new(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
    /// let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    /// let verified = verifier.verify(verifier.sign(body).to_string(), body)?;
    ///
    /// let update = verified.json::<serde_json::Value>()?;
    /// assert_eq!(update["object"], "whatsapp_business_account");
    ///
    /// let rejection = verified.json::<Vec<u8>>().err().unwrap();
    /// assert_eq!(rejection.status(), 422);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<Verified<Json<T>>, Rejection> {
        let value =
            serde_json::from_slice((**self).as_ref()).map_err(|error| json_mismatch(&error))?;
        Ok(Verified::new(Json(value), self.proof()))
    }
}

/// Converts the error, except its text, which may contain parts of the body.
pub(crate) fn json_mismatch(error: &serde_json::Error) -> Rejection {
    Rejection::new(RejectionKind::JsonMismatch).with_position(error.line(), error.column())
}

impl<T> Verified<Json<T>> {
    /// Converts to the framework's own JSON wrapper.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn map_json<J>(self, wrap: fn(T) -> J) -> Verified<J> {
        let proof = self.proof();
        Verified::new(wrap(self.into_inner().0), proof)
    }
}
