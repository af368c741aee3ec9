//! Implementations of signature verification, and the lower limit of its cost.

use std::{hint::black_box, time::SystemTime};

use aws_lc_rs::hmac as aws_lc;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use hubseal::Verifier;
use octocrab::models::webhook_events::WebhookVerifier;
use openssl::{hash::MessageDigest, memcmp, pkey::PKey, sign::Signer};
use ring::hmac as ring_hmac;
use sha2::{Sha256, block_api::compress256};
use webhook_verify::{Provider, Secret, VerifyOptions};

use crate::delivery::{SECRET, least_blocks, verifier_of};

/// Returns whether the prepared signature matches a body.
pub type Check = Box<dyn Fn(&[u8]) -> bool>;

/// A named implementation, which prepares a check for signed bytes.
pub struct Implementation {
    pub name: &'static str,
    pub prepare: fn(signed: &[u8]) -> Check,
}

/// The library is first. Those up to `openssl` prepare the key once. The last two verify a similar
/// scheme, with base64, a message id and a timestamp.
pub const IMPLEMENTATIONS: [Implementation; 11] = [
    Implementation {
        name: "hubseal",
        prepare: |signed| one_shot(verifier_of(1), signed),
    },
    Implementation {
        name: "hmac",
        prepare: prepared_hmac,
    },
    Implementation {
        name: "ring",
        prepare: prepared_ring,
    },
    Implementation {
        name: "aws-lc-rs",
        prepare: prepared_aws_lc,
    },
    Implementation {
        name: "openssl",
        prepare: prepared_openssl,
    },
    Implementation {
        name: "new-key",
        prepare: new_key,
    },
    Implementation {
        name: "hand-written",
        prepare: hand_written,
    },
    Implementation {
        name: "webhook-verify",
        prepare: webhook_verify,
    },
    Implementation {
        name: "octocrab",
        prepare: octocrab,
    },
    Implementation {
        name: "standardwebhooks",
        prepare: standard_webhooks,
    },
    Implementation {
        name: "svix",
        prepare: svix,
    },
];

/// Computes only the compressions that a signature needs with a prepared key.
pub fn limit(size: usize) -> impl Fn() {
    let blocks = vec![[0x5a; 64]; least_blocks(size)];
    move || {
        let mut state = black_box([0x6a09_e667; 8]);
        compress256(&mut state, black_box(&blocks));
        black_box(state);
    }
}

/// The library with a complete body.
#[must_use]
pub fn one_shot(verifier: Verifier, signed: &[u8]) -> Check {
    let header = header(signed);
    Box::new(move |body| verifier.verify(black_box(&header), body).is_ok())
}

/// The library with a body in chunks.
#[must_use]
pub fn in_chunks(verifier: Verifier, signed: &[u8], size: usize) -> Check {
    let header = header(signed);
    Box::new(move |body| {
        let Ok(signature) = verifier.scheme().parse(black_box(&header)) else {
            return false;
        };
        let mut verification = verifier.begin(signature);
        body.chunks(size)
            .for_each(|chunk| verification.update(chunk));
        verification.finish().is_ok()
    })
}

fn header(signed: &[u8]) -> String {
    verifier_of(1).sign(signed).to_string()
}

fn with_new_key() -> Hmac<Sha256> {
    Hmac::new_from_slice(black_box(SECRET).as_bytes()).expect("HMAC accepts keys of any length")
}

fn decoded(header: &str) -> Option<[u8; 32]> {
    let mut tag = [0; 32];
    let digits = header.strip_prefix("sha256=")?;
    hex::decode_to_slice(digits, &mut tag).ok()?;
    Some(tag)
}

/// Decodes the header and checks the tag.
fn by_tag(signed: &[u8], is_right: impl Fn(&[u8; 32], &[u8]) -> bool + 'static) -> Check {
    let header = header(signed);
    Box::new(move |body| decoded(black_box(&header)).is_some_and(|tag| is_right(&tag, body)))
}

fn prepared_hmac(signed: &[u8]) -> Check {
    let prepared = with_new_key();
    by_tag(signed, move |tag, body| {
        let mac = prepared.clone().chain_update(body);
        mac.verify(tag.into()).is_ok()
    })
}

fn prepared_ring(signed: &[u8]) -> Check {
    let key = ring_hmac::Key::new(ring_hmac::HMAC_SHA256, SECRET.as_bytes());
    by_tag(signed, move |tag, body| {
        ring_hmac::verify(&key, body, tag).is_ok()
    })
}

fn prepared_aws_lc(signed: &[u8]) -> Check {
    let key = aws_lc::Key::new(aws_lc::HMAC_SHA256, SECRET.as_bytes());
    by_tag(signed, move |tag, body| {
        aws_lc::verify(&key, body, tag).is_ok()
    })
}

fn prepared_openssl(signed: &[u8]) -> Check {
    let key = PKey::hmac(SECRET.as_bytes()).expect("a key");
    by_tag(signed, move |tag, body| {
        let mut computed = [0; 32];
        let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
        signer.sign_oneshot(&mut computed, body).is_ok() && memcmp::eq(&computed, tag)
    })
}

fn new_key(signed: &[u8]) -> Check {
    by_tag(signed, |tag, body| {
        with_new_key().chain_update(body).verify(tag.into()).is_ok()
    })
}

fn hand_written(signed: &[u8]) -> Check {
    let header = header(signed);
    Box::new(move |body| {
        let mac = with_new_key().chain_update(body);
        #[expect(
            clippy::disallowed_methods,
            reason = "the naive implementation to compare with"
        )]
        let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        *black_box(&header) == expected
    })
}

fn webhook_verify(signed: &[u8]) -> Check {
    let header = header(signed);
    let secret = Secret::new(SECRET);
    Box::new(move |body| {
        let headers = [("x-hub-signature-256", black_box(&*header))];
        let options = VerifyOptions::default();
        webhook_verify::verify(Provider::GitHub, &headers, body, &secret, options).is_ok()
    })
}

fn octocrab(signed: &[u8]) -> Check {
    let header = header(signed);
    let verifier = WebhookVerifier::new(SECRET);
    Box::new(move |body| verifier.verify(black_box(&header), body).is_ok())
}

const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

fn standard_webhooks(signed: &[u8]) -> Check {
    let webhook = standardwebhooks::Webhook::from_bytes(SECRET.into()).expect("a key");
    let headers = standard_headers(|now| webhook.sign(ID, now, signed).expect("text"));
    Box::new(move |body| webhook.verify(body, black_box(&headers)).is_ok())
}

fn svix(signed: &[u8]) -> Check {
    let webhook = svix::webhooks::Webhook::from_bytes(SECRET.into()).expect("a key");
    let headers = standard_headers(|now| webhook.sign(ID, now, signed).expect("text"));
    Box::new(move |body| webhook.verify(body, black_box(&headers)).is_ok())
}

/// The headers are valid for five minutes.
fn standard_headers(sign: impl Fn(i64) -> String) -> HeaderMap {
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
    let now = i64::try_from(now.as_secs()).expect("fits into 64 bits");
    let value = |text: String| HeaderValue::try_from(text).expect("visible characters");
    HeaderMap::from_iter([
        (
            http::HeaderName::from_static("webhook-id"),
            value(ID.to_owned()),
        ),
        (
            http::HeaderName::from_static("webhook-timestamp"),
            value(now.to_string()),
        ),
        (
            http::HeaderName::from_static("webhook-signature"),
            value(sign(now)),
        ),
    ])
}
