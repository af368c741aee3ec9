//! The response to a request that does not reach the handler.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::{
    endpoint::{Challenge, Unclaimed},
    rejection::{Rejection, Reply},
    signature::KeyName,
};

/// A response that is sent without calling the handler.
///
/// Convert it into an [`http::Response`](::http::Response) with any body type that implements
/// `From<Bytes>`. The response to a rejected request has the [`Rejection`] in its extensions.
///
/// # Security
/// The response never contains the reason of a rejection.
///
/// # Examples
/// ```
/// use hubseal::{Signature, http::EarlyResponse};
/// use bytes::Bytes;
///
/// let rejection = Signature::parse("").err().unwrap();
/// let response = http::Response::<Bytes>::from(EarlyResponse::Rejected(rejection.clone()));
/// assert_eq!(response.status(), 401);
/// assert_eq!(response.extensions().get(), Some(&rejection));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EarlyResponse {
    /// The handshake matches. The response is 200 with the challenge.
    Handshake(Challenge),
    /// The delivery is verified and was handled before. The response is 200 with an empty body, and has the
    /// [`KeyName`] in its extensions.
    Duplicate(KeyName),
    /// The request is rejected. The response has the status of its kind and an empty body.
    Rejected(Rejection),
}

impl EarlyResponse {
    /// Returns the status, the headers and the body to send.
    ///
    /// # Examples
    /// ```
    /// use hubseal::{Signature, http::EarlyResponse};
    ///
    /// let rejection = Signature::parse("").err().unwrap();
    /// assert_eq!(EarlyResponse::Rejected(rejection).reply().status(), 401);
    /// ```
    #[must_use]
    pub fn reply(&self) -> Reply {
        match self {
            Self::Handshake(challenge) => challenge.reply(),
            Self::Duplicate(_) => Reply::empty(200),
            Self::Rejected(rejection) => rejection.reply(),
        }
    }
}

/// Creates the response. A middleware can log or count the [`Rejection`] in its extensions.
impl<B: From<Bytes>> From<EarlyResponse> for Response<B> {
    fn from(early: EarlyResponse) -> Self {
        let reply = early.reply();
        let mut response = Self::new(B::from(reply.body().clone()));
        *response.status_mut() =
            StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in reply.headers() {
            if let Ok(value) = HeaderValue::from_str(value) {
                let name = HeaderName::from_static(name);
                response.headers_mut().insert(name, value);
            }
        }
        match early {
            EarlyResponse::Handshake(_) => {}
            EarlyResponse::Duplicate(key) => drop(response.extensions_mut().insert(key)),
            EarlyResponse::Rejected(rejection) => {
                response.extensions_mut().insert(rejection);
            }
        }
        response
    }
}

impl From<Rejection> for EarlyResponse {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<Challenge> for EarlyResponse {
    fn from(challenge: Challenge) -> Self {
        Self::Handshake(challenge)
    }
}

impl From<Unclaimed> for EarlyResponse {
    fn from(unclaimed: Unclaimed) -> Self {
        match unclaimed {
            Unclaimed::Duplicate(key) => Self::Duplicate(key),
            Unclaimed::Rejected(rejection) => Self::Rejected(rejection),
        }
    }
}
