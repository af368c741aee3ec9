//! A receiver as tutorials show it: axum with `hmac` by hand.
//!
//! For tests only: it has several weaknesses on purpose.

use std::{collections::HashMap, net::SocketAddr};

use axum::{
    Router,
    body::Bytes,
    extract::Query,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::common::{SECRET, TOKEN};

async fn handshake(Query(query): Query<HashMap<String, String>>) -> Result<String, StatusCode> {
    let parameter = |name: &str| query.get(name).map(String::as_str);
    if parameter("hub.mode") == Some("subscribe") && parameter("hub.verify_token") == Some(TOKEN) {
        return Ok(parameter("hub.challenge").unwrap_or_default().to_owned());
    }
    Err(StatusCode::FORBIDDEN)
}

#[expect(clippy::disallowed_methods, reason = "a weakness on purpose")]
async fn delivery(headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers
        .get("x-hub-signature-256")
        .unwrap()
        .to_str()
        .unwrap();
    let signature = signature.trim_start_matches("sha256=");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&body);
    let expected = hex::encode(mac.finalize().into_bytes());
    if expected == signature {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    }
}

/// Serves it over HTTP/1.1 and HTTP/2.
pub(crate) async fn by_hand() -> SocketAddr {
    let app = Router::new().route("/webhook", get(handshake).post(delivery));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}
