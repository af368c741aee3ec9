//! The conversion into test requests of actix-web.

use actix_web::{
    error::HttpError,
    http::{
        Method, Uri,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};

use super::request::Request;

impl Request {
    /// Converts the request for an app that is called in memory, with `call_service` of actix-web.
    ///
    /// Takes the head and the whole body, and ignores [`sending`](Self::sending). Needs the feature `actix`.
    ///
    /// # Errors
    /// Returns an error if actix-web's types cannot express the method, the target or a header.
    ///
    /// # Examples
    /// ```
    /// use actix_web::{App, HttpResponse, test, web};
    /// use hubseal::{AppSecret, Endpoint, Verified, testing::Request};
    ///
    /// async fn on_delivery(_body: Verified<web::Bytes>) -> HttpResponse {
    ///     HttpResponse::Ok().finish()
    /// }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let signed = Request::signed("/webhook", &secret, "{}").into_actix()?;
    ///
    /// let endpoint = Endpoint::builder(secret).build()?;
    /// let app = App::new().service(hubseal::actix::webhook("/webhook", endpoint, on_delivery));
    /// let app = test::init_service(app).await;
    /// let response = test::call_service(&app, signed.to_request()).await;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_actix(self) -> Result<TestRequest, HttpError> {
        // `TestRequest` panics on a target that is no URI, so it is parsed before.
        self.target.parse::<Uri>()?;
        let method = Method::from_bytes(self.method.as_bytes())?;
        // Declares the length of the body in some versions, which the first of our headers replaces.
        let mut request = TestRequest::with_uri(&self.target)
            .method(method)
            .set_payload(self.body);
        for (index, (name, value)) in self.headers.iter().enumerate() {
            let header = (
                HeaderName::from_bytes(name.as_bytes())?,
                HeaderValue::from_bytes(value)?,
            );
            let mut before = self.headers.iter().take(index);
            request = if before.any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                request.append_header(header)
            } else {
                request.insert_header(header)
            };
        }
        Ok(request)
    }
}
