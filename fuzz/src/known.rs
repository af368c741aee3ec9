//! Secrets that were made for fuzzing.

use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AppSecret, Signature};
use sha2::Sha256;

pub(crate) const SECRET: &str = "5ec2e7d3a0b94f1687c8d9eaf0b1c2d3";

pub(crate) fn secret() -> AppSecret {
    AppSecret::new(SECRET).unwrap()
}

/// The tag of a body, without the library's help.
#[expect(clippy::disallowed_methods, reason = "nothing secret is compared here")]
pub(crate) fn tag(secret: &str, body: &[u8]) -> [u8; Signature::BYTES] {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.chain_update(body).finalize().into_bytes().into()
}

/// The value of the signature header.
pub(crate) fn signed(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(tag(secret, body)))
}
