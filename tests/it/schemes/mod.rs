//! The signature schemes of other platforms.

mod attacks;
mod fingerprints;
mod formats;
mod grammar;
mod misuse;
mod oracle;
mod properties;
mod secrets;
mod timestamps;
mod vectors;

use core::time::Duration;
use std::time::SystemTime;

use hubseal::{AppSecret, KeyRing, Scheme, SignedPart, Verifier};

/// The time of the clock in these tests, in seconds since 1970.
pub(crate) const NOW: u64 = 1_700_000_000;

/// A scheme with every part, in an order that no platform has.
const OWN: Scheme = Scheme::hmac_sha256("own", "x-own-signature")
    .prefix("sig:")
    .list(b';')
    .before_body(&[
        SignedPart::Text("own/"),
        SignedPart::TimestampItem("time:"),
        SignedPart::Text("/"),
        SignedPart::IdHeader("x-own-id"),
        SignedPart::Text("/"),
    ]);

pub(crate) const ALL: [Scheme; 8] = [
    Scheme::META,
    Scheme::GITHUB,
    Scheme::SHOPIFY,
    Scheme::SLACK,
    Scheme::STRIPE,
    Scheme::STANDARD_WEBHOOKS,
    Scheme::SVIX,
    OWN,
];

fn signs_only_body(scheme: &Scheme) -> bool {
    ["meta", "github", "shopify"].contains(&scheme.name())
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns a secret of the form that the scheme uses.
pub(crate) fn secret(scheme: &Scheme) -> AppSecret {
    match scheme.name() {
        "standard_webhooks" | "svix" => {
            let text = AppSecret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
            text.unwrap().decode_whsec().unwrap()
        }
        _ => AppSecret::new("8f742231b10e8888abcd99yyyzzz85a5").unwrap(),
    }
}

pub(crate) fn ring(scheme: &Scheme) -> KeyRing {
    KeyRing::from(secret(scheme)).with_clock(|| at(NOW))
}

/// Returns a ring with another key before the genuine one.
fn ring_of_two(scheme: &Scheme) -> KeyRing {
    let other = AppSecret::new("another secret of these tests").unwrap();
    let ring = KeyRing::new([("other", other), ("genuine", secret(scheme))]);
    ring.unwrap().with_clock(|| at(NOW))
}

fn verifier(scheme: Scheme) -> Verifier {
    Verifier::new(ring(&scheme)).with_scheme(scheme)
}
