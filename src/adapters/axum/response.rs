//! The conversions into axum responses.

use axum::response::{IntoResponse, Response};

use crate::{adapters::http::EarlyResponse, endpoint::Challenge, rejection::Rejection};

/// Converts the rejection into a response with its status and an empty body.
///
/// The response has the rejection in its extensions.
///
/// # Examples
/// ```
/// use axum::response::IntoResponse;
/// use hubseal::{Rejection, Signature};
///
/// let response = Signature::parse("").err().unwrap().into_response();
/// assert_eq!(response.status(), 401);
/// assert!(response.extensions().get::<Rejection>().is_some());
/// ```
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        EarlyResponse::Rejected(self).into_response()
    }
}

/// Converts the challenge into the response to the handshake.
impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        EarlyResponse::Handshake(self).into_response()
    }
}

/// Converts the response that is sent without calling the handler.
impl IntoResponse for EarlyResponse {
    fn into_response(self) -> Response {
        self.into()
    }
}
