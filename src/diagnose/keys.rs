//! The secrets and their variants, as keys of HMAC.

use alloc::{vec, vec::Vec};

use base64::Engine;
use zeroize::Zeroizing;

use super::{
    bodies::BASE64,
    cause::Cause,
    secrets::{Secrets, innermost, unwrapped, with_layers},
};
use crate::signature::{KeyRing, Signature, Verifier};

/// One key, and the cause that it proves if it matches.
pub(super) struct Key<'a> {
    verifier: Verifier,
    pub(super) cause: Option<Cause>,
    pub(super) name: Option<&'a str>,
}

impl Key<'_> {
    /// Compares in constant time.
    pub(super) fn matches(&self, signature: &Signature, body: &[u8]) -> bool {
        self.verifier.verify_signature(signature, body).is_ok()
    }
}

/// Returns the keys of the secrets and of their variants. The configured secret is the first.
pub(super) fn keys<'a>(secrets: &Secrets<'a>) -> Vec<Key<'a>> {
    let mut keys = Vec::new();
    let mut add = |secret: &[u8], cause: Option<Cause>, name: Option<&'a str>| {
        // Anybody can sign with an empty key, so a match would prove nothing.
        if !secret.is_empty() {
            let verifier = Verifier::new(KeyRing::of_bytes(secret));
            keys.push(Key {
                verifier,
                cause,
                name,
            });
        }
    };

    add(secrets.configured, None, None);
    for other in &secrets.others {
        for secret in with_layers(other.secret) {
            add(secret, Some(other.cause), other.name);
        }
    }
    for secret in unwrapped(secrets.configured) {
        add(secret, Some(Cause::SecretWrapped), None);
    }
    let configured = innermost(secrets.configured);
    if let Some(decoded) = hex_decoded(configured) {
        add(&decoded, Some(Cause::SecretHexDecoded), None);
    } else {
        let encoded = Zeroizing::new(base16ct::lower::encode_string(secrets.configured));
        add(encoded.as_bytes(), Some(Cause::SecretHexDecoded), None);
    }
    if let Some(decoded) = base64_decoded(configured) {
        add(innermost(&decoded), Some(Cause::SecretBase64), None);
    }
    keys
}

fn hex_decoded(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut decoded = Zeroizing::new(vec![0; secret.len().div_ceil(2)]);
    base16ct::mixed::decode(secret, &mut decoded).ok()?;
    Some(decoded)
}

fn base64_decoded(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Decodes into a buffer that is wiped even if decoding fails.
    let mut decoded = Zeroizing::new(vec![0; base64::decoded_len_estimate(secret.len())]);
    let length = BASE64.decode_slice(secret, &mut decoded).ok()?;
    decoded.truncate(length);
    Some(decoded)
}
