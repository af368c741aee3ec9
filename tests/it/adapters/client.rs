//! A client for HTTP/1.1 and HTTP/2 that can vanish.

use std::{future, net::SocketAddr, ops::RangeInclusive};

use bytes::Bytes;
use http::{
    HeaderMap, Request, Response, Version,
    header::{CONTENT_LENGTH, HOST, RETRY_AFTER},
};
use http_body_util::{BodyExt, Full};
use hubseal::testing::Request as Sent;
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};

use super::PATIENCE;

/// A version of HTTP.
#[derive(Clone, Copy)]
pub(super) enum Http {
    One,
    Two,
}

/// Sends each request on a connection of its own over HTTP/1.1, and all on one over HTTP/2.
#[derive(Clone)]
pub(super) enum Client {
    One(SocketAddr),
    Two(http2::SendRequest<Full<Bytes>>),
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    pub(super) async fn connect(address: SocketAddr, http: Http) -> Self {
        match http {
            Http::One => Self::One(address),
            Http::Two => {
                let io = open(address).await;
                let connected = http2::handshake(TokioExecutor::new(), io).await;
                let (sender, connection) = connected.unwrap();
                tokio::spawn(connection);
                Self::Two(sender)
            }
        }
    }

    /// Sends a request. Fails if the server closes the connection or resets the stream.
    ///
    /// If the future is dropped, the client closes the connection, or resets the stream.
    pub(super) async fn send(&self, sent: Sent) -> hyper::Result<Answer> {
        let mut request = Request::<Bytes>::try_from(sent).unwrap().map(Full::new);
        let answered = async {
            match self {
                &Self::One(address) => {
                    let host = address.to_string().parse().unwrap();
                    request.headers_mut().insert(HOST, host);
                    let io = open(address).await;
                    let (mut sender, connection) = http1::handshake(io).await?;
                    let connection = async {
                        let _ = connection.await;
                        future::pending::<()>().await;
                    };
                    tokio::select! {
                        answer = async { Answer::read(sender.send_request(request).await?).await } => answer,
                        () = connection => unreachable!("it is pending"),
                    }
                }
                Self::Two(sender) => {
                    let target = format!("http://localhost{}", request.uri());
                    *request.uri_mut() = target.parse().unwrap();
                    *request.version_mut() = Version::HTTP_2;
                    let mut sender = sender.clone();
                    sender.ready().await?;
                    Answer::read(sender.send_request(request).await?).await
                }
            }
        };
        timeout(PATIENCE, answered)
            .await
            .expect("no response in time")
    }
}

async fn open(address: SocketAddr) -> TokioIo<TcpStream> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    TokioIo::new(stream)
}

impl Answer {
    async fn read(response: Response<Incoming>) -> hyper::Result<Self> {
        let (parts, body) = response.into_parts();
        Ok(Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    /// Checks the status, and that `Retry-After` is in this range of seconds.
    #[track_caller]
    pub(super) fn assert_retry_after(&self, status: u16, seconds: RangeInclusive<u64>) {
        let header = self.headers.get(RETRY_AFTER);
        let wait = header.and_then(|value| value.to_str().ok()?.parse().ok());
        assert_eq!(self.status, status, "{self:?}");
        assert!(wait.is_some_and(|wait| seconds.contains(&wait)), "{self:?}");
    }

    /// Checks that the response has an empty body and its length, and this `Retry-After`.
    #[track_caller]
    pub(super) fn assert_empty(&self, status: u16, retry_after: Option<&str>) {
        let header = |name| self.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(header(CONTENT_LENGTH), Some("0"), "{self:?}");
        assert_eq!(header(RETRY_AFTER), retry_after, "{self:?}");
        assert_eq!(self.body, "");
    }
}
