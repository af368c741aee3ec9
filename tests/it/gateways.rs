//! Whole requests, as gateways pass them: events of AWS, and requests of a worker.
//!
//! The events have the shapes of AWS's documentation, and values of their own.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hubseal::{End, Endpoint, PayloadLimit, RejectionKind, Reply, RequestHead, Verified};
use serde_json::{Value, json};

use crate::{
    common::{TOKEN, endpoint},
    outcomes::{Record, observed},
};

const SIGNATURE: &str = "x-hub-signature-256";

/// How a gateway spells a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gateway {
    RestApi,
    HttpApi,
    LoadBalancer,
    LoadBalancerMultiValue,
    Worker,
}

use Gateway::{HttpApi, LoadBalancer, LoadBalancerMultiValue, RestApi, Worker};

const GATEWAYS: [Gateway; 5] = [
    RestApi,
    HttpApi,
    LoadBalancer,
    LoadBalancerMultiValue,
    Worker,
];

type Map = BTreeMap<String, String>;
type MultiMap = BTreeMap<String, Vec<String>>;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    http_method: Option<String>,
    request_context: Value,
    headers: Option<Map>,
    multi_value_headers: Option<MultiMap>,
    raw_query_string: Option<String>,
    query_string_parameters: Option<Map>,
    multi_value_query_string_parameters: Option<MultiMap>,
    body: Option<String>,
    is_base64_encoded: bool,
}

fn pairs(map: Option<&MultiMap>) -> Vec<(&str, &str)> {
    map.into_iter()
        .flatten()
        .flat_map(|(name, values)| values.iter().map(|value| (&**name, &**value)))
        .collect()
}

fn joined<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// The code of docs/guide/lambda.md.
fn verify(gateway: Gateway, endpoint: &Endpoint, event: &Value) -> Result<Verified<Bytes>, Reply> {
    let event: Event = serde_json::from_value(event.clone()).unwrap();
    let body = event.body.unwrap_or_default();
    let is_base64 = event.is_base64_encoded;
    let method = event.http_method.unwrap_or_default();
    let headers = pairs(event.multi_value_headers.as_ref());
    let parameters = pairs(event.multi_value_query_string_parameters.as_ref());
    match gateway {
        RestApi => {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(parameters)
                .finish();
            let head = RequestHead::new(&method, &headers).query(&query);
            endpoint.verify_request(&head, body, is_base64)
        }
        HttpApi => {
            let method = event.request_context["http"]["method"].as_str().unwrap();
            let (headers, query) = (event.headers.unwrap(), event.raw_query_string.unwrap());
            let head = RequestHead::new(method, &headers).query(&query);
            endpoint.verify_request(&head, body, is_base64)
        }
        LoadBalancer => {
            let parameters = event.query_string_parameters.unwrap();
            let query = joined(parameters.iter().map(|(name, value)| (&**name, &**value)));
            let headers = event.headers.unwrap();
            let head = RequestHead::new(&method, &headers).query(&query);
            endpoint.verify_request(&head, body, is_base64)
        }
        LoadBalancerMultiValue => {
            let query = joined(parameters);
            let head = RequestHead::new(&method, &headers).query(&query);
            endpoint.verify_request(&head, body, is_base64)
        }
        Worker => {
            let method = event.request_context["http"]["method"].as_str().unwrap();
            let headers: Vec<_> = event.headers.unwrap().into_iter().collect();
            let query = event.raw_query_string.unwrap();
            let head = RequestHead::new(method, &headers).query(&query);
            endpoint.verify_request(&head, body.into_bytes(), false)
        }
    }
}

/// A genuine delivery. `fetch` has lower-case names and joins repeated headers, as an HTTP API does.
fn delivery(gateway: Gateway) -> Value {
    let text = match gateway {
        RestApi => include_str!("gateways/rest-api.json"),
        HttpApi | Worker => include_str!("gateways/http-api.json"),
        LoadBalancer => include_str!("gateways/load-balancer.json"),
        LoadBalancerMultiValue => include_str!("gateways/load-balancer-multi-value.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn body_of(event: &Value) -> &str {
    event["body"].as_str().unwrap()
}

fn encode(event: &mut Value) {
    event["body"] = BASE64_STANDARD.encode(body_of(event)).into();
    event["isBase64Encoded"] = true.into();
}

/// Sends the signature header twice.
fn repeat_signature(gateway: Gateway, event: &mut Value, other: &str) {
    let name = if gateway == RestApi {
        "X-Hub-Signature-256"
    } else {
        SIGNATURE
    };
    if let Some(values) = event.pointer_mut(&format!("/multiValueHeaders/{name}")) {
        values.as_array_mut().unwrap().insert(0, other.into());
    } else if gateway != LoadBalancer {
        let value = &mut event["headers"][name];
        *value = format!("{other}, {}", value.as_str().unwrap()).into();
    }
    // A map of a load balancer has the last value only.
}

fn handshake(gateway: Gateway, token: &str) -> Value {
    let mut event = delivery(gateway);
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let query = [
        ("hub.mode", "subscribe"),
        ("hub.challenge", "1158201444"),
        ("hub.verify_token", token),
    ];
    event["body"] = if gateway == LoadBalancer {
        "".into()
    } else {
        Value::Null
    };
    match gateway {
        HttpApi | Worker => {
            event["requestContext"]["http"]["method"] = "GET".into();
            let query = query.map(|(name, value)| format!("{name}={}", encoded(value)));
            event["rawQueryString"] = query.join("&").into();
        }
        RestApi | LoadBalancer | LoadBalancerMultiValue => event["httpMethod"] = "GET".into(),
    }
    for (name, value) in query {
        let value = if gateway == RestApi {
            value.to_owned()
        } else {
            encoded(value)
        };
        if event.get("multiValueHeaders").is_some() {
            event["multiValueQueryStringParameters"][name] = json!([value]);
        }
        if event.get("headers").is_some() {
            event["queryStringParameters"][name] = value.into();
        }
    }
    event
}

#[track_caller]
fn assert_rejected(
    gateway: Gateway,
    (endpoint, record): &(Endpoint, Record),
    event: &Value,
    kind: RejectionKind,
) {
    let reply = verify(gateway, endpoint, event).unwrap_err();
    assert_eq!(reply.status(), kind.status(), "{gateway:?}");
    assert!(reply.body().is_empty());
    let outcomes = record.take();
    assert!(
        matches!(outcomes[..], [(End::Rejected(found), _)] if found == kind),
        "{gateway:?}: {outcomes:?}"
    );
}

#[track_caller]
fn assert_verified(
    gateway: Gateway,
    (endpoint, record): &(Endpoint, Record),
    event: &Value,
    body: &str,
) {
    let verified = verify(gateway, endpoint, event).unwrap();
    assert_eq!(verified.as_ref(), body.as_bytes(), "{gateway:?}");
    let outcomes = record.take();
    let length = body.len() as u64;
    assert!(
        matches!(outcomes[..], [(End::Verified { .. }, bytes)] if bytes == length),
        "{outcomes:?}"
    );
}

#[test]
fn verifies_genuine_event_plain_and_in_base64() {
    let observed = observed(endpoint());
    for gateway in GATEWAYS {
        let mut event = delivery(gateway);
        let body = body_of(&event).to_owned();
        assert_verified(gateway, &observed, &event, &body);
        if gateway != Worker {
            encode(&mut event);
            assert_verified(gateway, &observed, &event, &body);
        }
    }
}

#[test]
fn rejects_forged_event() {
    let observed = observed(endpoint());
    for gateway in GATEWAYS {
        let mut event = delivery(gateway);
        event["body"] = body_of(&event).replace("read", "sent").into();
        assert_rejected(gateway, &observed, &event, RejectionKind::SignatureMismatch);
        if gateway != Worker {
            encode(&mut event);
            assert_rejected(gateway, &observed, &event, RejectionKind::SignatureMismatch);
        }
    }
}

#[test]
fn rejects_event_whose_encoding_is_not_marked() {
    let observed = observed(endpoint());
    let mut event = delivery(RestApi);
    encode(&mut event);
    event["isBase64Encoded"] = false.into();
    assert_rejected(RestApi, &observed, &event, RejectionKind::SignatureMismatch);
}

#[test]
fn rejects_repeated_signature_of_event() {
    let observed = observed(endpoint());
    for gateway in GATEWAYS {
        let mut event = delivery(gateway);
        let body = body_of(&event).to_owned();
        repeat_signature(gateway, &mut event, &format!("sha256={:064}", 0));
        let kind = match gateway {
            RestApi | LoadBalancerMultiValue => RejectionKind::SignatureRepeated,
            HttpApi | Worker => RejectionKind::SignatureMalformed,
            LoadBalancer => {
                assert_verified(gateway, &observed, &event, &body);
                continue;
            }
        };
        assert_rejected(gateway, &observed, &event, kind);
    }
}

#[test]
fn rejects_invalid_base64() {
    let observed = observed(endpoint());
    for gateway in [RestApi, HttpApi, LoadBalancer, LoadBalancerMultiValue] {
        let mut event = delivery(gateway);
        event["isBase64Encoded"] = true.into();
        for text in ["e30", "e30=e30=", "e3 =", "e31=", "_-8=", "{}", "===="] {
            event["body"] = text.into();
            assert_rejected(gateway, &observed, &event, RejectionKind::BodyUnreadable);
        }
    }
}

#[test]
fn limits_decoded_length_of_base64() {
    // With two characters of padding, with one, and with none.
    for limit in [3_001, 3_002, 3_003] {
        let observed = observed(endpoint().payload_limit(PayloadLimit::new(limit)));
        let mut event = delivery(RestApi);
        let longest = " ".repeat(limit);
        let signature = observed.0.verifier().sign(&longest).to_string();
        event["multiValueHeaders"]["X-Hub-Signature-256"] = json!([signature]);
        event["body"] = longest.clone().into();
        encode(&mut event);
        assert_verified(RestApi, &observed, &event, &longest);
        event["body"] = format!("{longest} ").into();
        encode(&mut event);
        assert_eq!(
            verify(RestApi, &observed.0, &event).unwrap_err().status(),
            413
        );
        let too_large = End::Rejected(RejectionKind::PayloadTooLarge);
        assert_eq!(observed.1.take(), [(too_large, limit as u64 + 1)]);
    }
}

#[test]
fn does_not_decode_oversize_base64() {
    const LIMIT: usize = 3_000;
    let (endpoint, _) = observed(endpoint().payload_limit(PayloadLimit::new(LIMIT)));
    let signature = endpoint.verifier().sign("").to_string();
    let headers = [(SIGNATURE, &*signature)];
    let head = RequestHead::new("POST", &headers);
    let most_bytes = |length: usize, status: u16| {
        let text = Bytes::from("A".repeat(length));
        let counted = allocation_counter::measure(|| {
            let reply = endpoint.verify_request(&head, text, true).unwrap_err();
            assert_eq!(reply.status(), status);
        });
        usize::try_from(counted.bytes_max).unwrap()
    };
    assert!(most_bytes(LIMIT / 3 * 4, 401) >= LIMIT);
    assert!(most_bytes(LIMIT * 100, 413) < 1_000);
}

#[test]
fn answers_handshake_of_event() {
    let (endpoint, record) = observed(endpoint());
    for gateway in GATEWAYS {
        let reply = verify(gateway, &endpoint, &handshake(gateway, TOKEN)).unwrap_err();
        assert_eq!(
            (reply.status(), &reply.body()[..]),
            (200, &b"1158201444"[..]),
            "{gateway:?}"
        );
        assert_eq!(record.take(), [(End::Handshake, 0)], "{gateway:?}");
    }
}

#[test]
fn rejects_handshake_of_event_with_wrong_token() {
    let observed = observed(endpoint());
    for gateway in GATEWAYS {
        let event = handshake(gateway, "another token");
        assert_rejected(gateway, &observed, &event, RejectionKind::HandshakeRejected);
    }
}
