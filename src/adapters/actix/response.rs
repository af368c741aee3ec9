//! The conversion of replies into actix responses.

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

/// The status table's answer, with the rejection itself in the response's extensions.
///
/// # Security
/// The answer is that of [`Rejection::reply`]: `Display` does not get into it.
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

impl Responder for Challenge {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self.reply())
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self)
    }
}

/// Converts the endpoint's reply into a response.
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
