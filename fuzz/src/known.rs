//! Secrets for fuzzing only.

use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AppSecret, Signature};
use sha2::Sha256;

pub const SECRET: &str = "5ec2e7d3a0b94f1687c8d9eaf0b1c2d3";

pub fn secret() -> AppSecret {
    AppSecret::new(SECRET).unwrap()
}

/// Computes the tag of a body without the library.
#[expect(clippy::disallowed_methods, reason = "compares no secret")]
pub fn tag(secret: &str, body: &[u8]) -> [u8; Signature::BYTES] {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.chain_update(body).finalize().into_bytes().into()
}

/// Returns the value of the signature header.
pub fn signed(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(tag(secret, body)))
}
