//! Values derived from a secret: signatures, proofs and pseudonyms. Also redaction, which is not
//! constant-time.

use std::hint::black_box;

use hubseal::{
    AccessToken, AppSecret, AppSecretProof, Signature, Verifier,
    redact::{PseudonymKey, Redactor},
};
use hubseal_constant_time::memcheck::{is_secret, make_public, make_secret};

use crate::{Case, Expected, findings::Site};

pub const CASES: &[Case] = &[
    Case {
        name: "signing",
        run: signing,
        expected: Expected::Nothing,
    },
    Case {
        name: "appsecret_proof",
        run: proof,
        expected: Expected::Nothing,
    },
    Case {
        name: "the pseudonym key",
        run: pseudonym_key,
        expected: Expected::Nothing,
    },
    // The pseudonym's letters are looked up in a table of 32 bytes by 60 bits of the tag. The
    // pseudonym shows these bits in a log anyway. The other 196 bits are unused.
    Case {
        name: "a pseudonym",
        run: pseudonym,
        expected: Expected::Only(&[Site::Under("src/redact/pseudonym.rs", "pseudonym")]),
    },
    Case {
        name: "redaction of a registered value, which is not constant-time",
        run: redaction,
        expected: Expected::Something,
    },
];

const TEXT: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn secret() -> AppSecret {
    let secret = AppSecret::new(TEXT).unwrap();
    make_secret(secret.expose_secret());
    secret
}

fn signing() {
    for length in [0, 1, 55, 56, 64, 300] {
        let body = vec![b'a'; length];
        let one = Signature::sign(&secret(), &body);
        let other = Verifier::new(secret()).sign(&body);
        for signature in [one, other] {
            assert!(is_secret(signature.as_bytes()), "the mark was lost");
            // The text is formatted before it is made public, so it is secret too.
            assert!(is_secret(
                &signature.to_string().as_bytes()["sha256=".len()..]
            ));
        }
    }
}

fn proof() {
    let token = AccessToken::new("EAAJB4dK3example0token").unwrap();
    make_secret(token.expose_secret());
    for proof in [
        AppSecretProof::new(&secret(), &token),
        AppSecretProof::at(&secret(), &token, 1_700_000_000),
    ] {
        assert!(
            is_secret(proof.expose_secret().as_bytes()),
            "the mark was lost"
        );
    }
}

fn secret_pseudonym_key() -> PseudonymKey {
    let bytes = *b"32 random bytes, kept by the DPO";
    make_secret(&bytes);
    PseudonymKey::new(bytes).unwrap()
}

fn pseudonym_key() {
    let key = secret_pseudonym_key().with_id("2027").unwrap();
    drop(black_box(key));
}

fn pseudonym() {
    for number in ["16505551234", "+44 20 7946 0958"] {
        let pseudonym = secret_pseudonym_key().phone_number(number).unwrap();
        make_public(pseudonym.as_str());
        assert!(pseudonym.starts_with("wa:"));
    }
}

/// Redaction searches and compares with early exits, and its markers depend on the match. It
/// processes the service's own log, whose timing no sender can distinguish from other work.
fn redaction() {
    let secret = secret();
    let redactor = Redactor::builder().app_secret(&secret).build().unwrap();
    let redacted = redactor.redact("a line with 0f1e2d3c4b5a69788796a5b4c3d2e1f0 in it");
    make_public(redacted.as_bytes());
    assert!(!redacted.contains(TEXT));
}
