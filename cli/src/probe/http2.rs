//! Requests over HTTP/2, each on a connection of its own.

use std::{convert::Infallible, io, time::Duration};

use bytes::Bytes;
use http_body_util::{
    BodyExt, Full, Limited,
    channel::{Channel, Sender},
    combinators::UnsyncBoxBody,
};
use hubseal::testing::{Answer, Request, Sending};
use hyper::{
    HeaderMap, Method, Response, Uri,
    body::Incoming,
    client::conn::http2,
    header::{HeaderName, HeaderValue},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::time::{sleep, timeout};

use crate::{
    connect::{Connector, Offer},
    relay::Failed,
};

/// The longest time for a server to show that it speaks HTTP/2.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest response body that is read, in bytes.
const MAX_RESPONSE: usize = 16 * 1024 * 1024;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Returns whether the endpoint speaks HTTP/2: chosen with ALPN, or without TLS by prior knowledge.
pub(super) async fn is_spoken(connector: &Connector) -> bool {
    if connector.url.is_https {
        let connected = connector.connect(Offer::Http2).await;
        return connected.is_ok_and(|connected| connected.chose_http2);
    }
    send(connector, Request::get(&connector.url.target), PATIENCE)
        .await
        .is_ok()
}

/// Returns whether the request has a meaning over HTTP/2, which has no `Host` and needs no `100 Continue`.
pub(super) fn can_send(request: &Request) -> bool {
    let is_known = matches!(
        request.sending,
        Sending::Whole
            | Sending::Pieces { .. }
            | Sending::Chunked { .. }
            | Sending::Trailer { .. }
            | Sending::Withheld
            | Sending::Stalled { .. }
            | Sending::CutShort { .. }
    );
    let has_host = request
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"));
    is_known && !has_host && converted(request, "http://localhost").is_some()
}

/// Sends a request and returns the response.
pub(super) async fn send(
    connector: &Connector,
    request: Request,
    patience: Duration,
) -> Result<Answer, Failed> {
    let connected = connector
        .connect(Offer::Http2)
        .await
        .map_err(Failed::Connect)?;
    let invalid = || Failed::Exchange(io::ErrorKind::InvalidInput.into());
    let origin = connector.url.with_target("");
    let converted = converted(&request, &origin).ok_or_else(invalid)?;

    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(connected.stream));
    let exchange = async {
        let (mut sender, connection) = handshake.await?;
        let driver = tokio::spawn(connection);
        let (body, feeder) = body(request);
        // Keeps the body open until the response is there.
        let answer = async { read(sender.send_request(converted.map(|()| body)).await?).await };
        let mut feeding = tokio::spawn(feeder);
        let answer = answer.await;
        feeding.abort();
        let _ = (&mut feeding).await;
        driver.abort();
        answer
    };
    match timeout(patience, exchange).await {
        Ok(Ok(answer)) => Ok(answer),
        // A reset stream or a closed connection. The kinds are those of the relay.
        Ok(Err(error)) => Err(Failed::Exchange(io::Error::new(
            io::ErrorKind::ConnectionReset,
            error,
        ))),
        Err(_) => Err(Failed::Exchange(io::ErrorKind::TimedOut.into())),
    }
}

async fn read(response: Response<Incoming>) -> hyper::Result<Answer> {
    let (parts, body) = response.into_parts();
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into(),
        )
    });
    let headers = headers.collect();
    // The status is there even if the body is reset or too long.
    let body = Limited::new(body, MAX_RESPONSE).collect().await;
    Ok(Answer {
        status: parts.status.as_u16(),
        headers,
        body: body
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default(),
        continued: false,
    })
}

/// Converts the head. Returns `None` if HTTP/2 cannot express it.
fn converted(request: &Request, origin: &str) -> Option<hyper::Request<()>> {
    let mut converted = hyper::Request::new(());
    *converted.method_mut() = Method::from_bytes(request.method.as_bytes()).ok()?;
    *converted.uri_mut() = format!("{origin}{}", request.target).parse::<Uri>().ok()?;
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        // HTTP/2 has its own framing, and an authority instead of the host.
        if ["transfer-encoding", "connection", "host"].contains(&name.as_str()) {
            continue;
        }
        converted
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value).ok()?);
    }
    Some(converted)
}

/// Returns the body, and what sends its parts.
fn body(request: Request) -> (Body, impl Future<Output = ()> + Send + 'static) {
    let (sender, channel) = Channel::new(1);
    let body = match request.sending {
        Sending::Whole => Full::new(request.body.clone()).boxed_unsync(),
        _ => channel.boxed_unsync(),
    };
    (body, async move {
        // An error means that the server reads no more.
        let _ = feed(sender, request).await;
    })
}

async fn feed(
    mut sender: Sender<Bytes>,
    request: Request,
) -> Result<(), http_body_util::channel::SendError> {
    let body = request.body;
    let first = |count: usize| body.slice(..count.min(body.len()));
    match request.sending {
        Sending::Pieces { size, pause } => {
            for (index, piece) in body.chunks(size.max(1)).enumerate() {
                if index > 0 {
                    sleep(pause).await;
                }
                sender.send_data(body.slice_ref(piece)).await?;
            }
        }
        Sending::Chunked { size } => {
            for chunk in body.chunks(size.max(1)) {
                sender.send_data(body.slice_ref(chunk)).await?;
            }
        }
        Sending::Trailer { name, value } => {
            sender.send_data(body).await?;
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
                sender
                    .send_trailers(HeaderMap::from_iter([(name, value)]))
                    .await?;
            }
        }
        Sending::Stalled { after } => {
            sender.send_data(first(after)).await?;
            std::future::pending::<()>().await;
        }
        Sending::Withheld => std::future::pending::<()>().await,
        Sending::CutShort { after } => sender.send_data(first(after)).await?,
        _ => {}
    }
    Ok(())
}
