//! The conversions into actix responses.

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{
    endpoint::Challenge,
    rejection::{Rejection, Reply},
};

/// Converts the rejection into a response with its status and an empty body.
///
/// The response has the rejection in its extensions.
///
/// # Security
/// The response never contains the `Display` text, which is for the log.
///
/// # Examples
/// ```
/// use actix_web::ResponseError;
/// use hubseal::{Rejection, Signature};
///
/// let response = Signature::parse("").err().unwrap().error_response();
/// assert_eq!(response.status(), 401);
/// assert!(response.extensions().get::<Rejection>().is_some());
/// ```
impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = response(&self.reply());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// Converts the challenge into the response to the handshake.
impl Responder for Challenge {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self.reply())
    }
}

/// Converts the reply into a response with its status, headers and body.
impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self)
    }
}

pub(super) fn response(reply: &Reply) -> HttpResponse {
    let body = BoxBody::new(reply.body().clone());
    let mut response = HttpResponse::with_body(status(reply.status()), body);
    for (name, value) in reply.headers() {
        if let Ok(value) = HeaderValue::from_str(value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
