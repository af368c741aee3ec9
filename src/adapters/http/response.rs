//! The response of a service behind an endpoint.

use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project_lite::pin_project;

use super::EarlyResponse;
use crate::signature::KeyName;

pin_project! {
    /// A response body: that of the handler, or that of an [`EarlyResponse`].
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::Full;
    /// use hubseal::http::ResponseBody;
    ///
    /// fn assert_body<B: http_body::Body>() {}
    /// assert_body::<ResponseBody<Full<Bytes>>>();
    /// ```
    #[derive(Debug, Clone)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: Inner<B>,
    }
}

pin_project! {
    #[derive(Debug, Clone)]
    #[project = InnerProjection]
    enum Inner<B> {
        Handler { #[pin] body: B },
        Early { body: Full<Bytes> },
    }
}

impl<B> ResponseBody<B> {
    fn handler(body: B) -> Self {
        Self {
            inner: Inner::Handler { body },
        }
    }
}

impl<B: Body<Data = Bytes>> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().inner.project() {
            InnerProjection::Handler { body } => body.poll_frame(context),
            InnerProjection::Early { body } => {
                let frame = ready!(Pin::new(body).poll_frame(context));
                Poll::Ready(frame.map(|frame| frame.map_err(|never| match never {})))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Handler { body } => body.is_end_stream(),
            Inner::Early { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Handler { body } => body.size_hint(),
            Inner::Early { body } => body.size_hint(),
        }
    }
}

/// Adds the key's name to the extensions of a handler's response.
pub(crate) fn handled<B>(mut response: Response<B>, key: KeyName) -> Response<B> {
    response.extensions_mut().insert(key);
    response
}

/// Like [`handled`], with the body type of a service.
pub(crate) fn handled_body<B>(response: Response<B>, key: KeyName) -> Response<ResponseBody<B>> {
    handled(response, key).map(ResponseBody::handler)
}

/// Converts an early response into the response of a service.
pub(crate) fn early_body<B>(early: EarlyResponse) -> Response<ResponseBody<B>> {
    Response::from(early).map(|body| ResponseBody {
        inner: Inner::Early { body },
    })
}

/// The future of a service behind an endpoint. It resolves to the response.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use hubseal::http::ResponseFuture;
///
/// fn assert_send<F: Future + Send + Unpin>() {}
/// assert_send::<ResponseFuture<Full<Bytes>, std::io::Error>>();
/// ```
pub struct ResponseFuture<B, E>(Pin<Box<dyn Future<Output = Handled<B, E>> + Send>>);

type Handled<B, E> = Result<Response<ResponseBody<B>>, E>;

impl<B, E> ResponseFuture<B, E> {
    pub(crate) fn new(future: impl Future<Output = Handled<B, E>> + Send + 'static) -> Self {
        Self(Box::pin(future))
    }
}

impl<B, E> Future for ResponseFuture<B, E> {
    type Output = Handled<B, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<B, E> fmt::Debug for ResponseFuture<B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
