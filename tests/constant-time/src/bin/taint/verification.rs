//! Verification: keys and computed tags are secret.
//!
//! The result is public, and the library branches on it. memcheck reports this branch, which must
//! be in `View::matching` or its caller `KeyRing::resolve`. The number of reports must be one or two
//! for each key tried, or for each signature in a list. It must not depend on which byte of the
//! signature is wrong. A comparison with an early exit would be reported elsewhere or a varying number
//! of times. The caller marks the result as public when it is returned.

use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use hubseal::{
    Admitted, AppSecret, Endpoint, KeyRing, Rejection, RequestHead, Scheme, Signature, Verified,
    Verifier,
};
use hubseal_constant_time::{
    header_of,
    memcheck::{errors, is_secret, make_public, make_secret},
};

use crate::{Case, Expected, findings::Site};

const VERDICT: Expected = Expected::Only(&[
    Site::In("src/signature/presented.rs", "matching"),
    Site::In("src/signature/key_ring.rs", "resolve"),
]);

/// Which signature of a list matches is public too. It identifies the delivery.
const VERDICT_OF_LIST: Expected = Expected::Only(&[
    Site::In("src/signature/presented.rs", "matching"),
    Site::In("src/signature/presented.rs", "one_of"),
    Site::In("src/signature/key_ring.rs", "resolve"),
    Site::Under("src/signature/presented.rs", "proof"),
]);

pub const CASES: &[Case] = &[
    Case {
        name: "verification in one call",
        run: in_one_call,
        expected: VERDICT,
    },
    Case {
        name: "verification in chunks",
        run: in_chunks,
        expected: VERDICT,
    },
    Case {
        name: "a delivery through the endpoint",
        run: delivery,
        expected: VERDICT,
    },
    Case {
        name: "a delivery with a timestamp and several signatures",
        run: delivery_with_timestamp,
        expected: VERDICT_OF_LIST,
    },
    Case {
        name: "a secret presented signature",
        run: secret_signature,
        expected: VERDICT,
    },
    // Whether all digits are valid is public too. It is checked once, at the end.
    Case {
        name: "parsing of a secret presented signature",
        run: parsing,
        expected: Expected::Only(&[Site::Under("src/signature/scheme.rs", "parse_one")]),
    },
    Case {
        name: "parsing of a secret presented signature in base64",
        run: parsing_of_base64,
        expected: Expected::Only(&[Site::Under("src/signature/scheme.rs", "parse_one")]),
    },
];

const RINGS: [usize; 3] = [1, 2, KeyRing::MAX_KEYS];
/// Four blocks of SHA-256.
const BODY: &[u8] = &[b'a'; 200];

fn text(index: usize) -> String {
    format!("{index}f1e2d3c4b5a69788796a5b4c3d2e1f0")
}

/// Makes a key ring. The secrets are marked after they are checked, because other cases cover the
/// check.
fn ring(size: usize) -> KeyRing {
    let secrets = (0..size).map(|index| {
        let secret = AppSecret::new(text(index)).unwrap();
        make_secret(secret.expose_secret());
        (index.to_string(), secret)
    });
    let before = errors();
    let ring = KeyRing::new(secrets).unwrap();
    assert_eq!(errors(), before, "making a key ring depends on the secrets");
    ring
}

/// A presented signature and its expected result.
struct Presented {
    bytes: [u8; 32],
    tried: usize,
    /// The number of signatures that each key is compared with.
    signatures: usize,
    accepted: bool,
}

impl Presented {
    fn header(&self) -> String {
        header_of(self.bytes)
    }
}

/// The right signature of each key. Also that of the first key with each single byte wrong and with
/// all bytes wrong.
fn presented(size: usize) -> Vec<Presented> {
    presented_with(size, BODY)
}

fn presented_with(size: usize, message: &[u8]) -> Vec<Presented> {
    let right = |index| *Signature::sign(&AppSecret::new(text(index)).unwrap(), message).as_bytes();
    let accepted = (0..size).map(|index| Presented {
        bytes: right(index),
        tried: index + 1,
        signatures: 1,
        accepted: true,
    });
    let rejected = |bytes| Presented {
        bytes,
        tried: size,
        signatures: 1,
        accepted: false,
    };
    let first = right(0);
    let wrong = (0..first.len()).map(|position| {
        let mut bytes = first;
        bytes[position] ^= 1 << (position % 8);
        rejected(bytes)
    });
    accepted
        .chain(wrong)
        .chain([rejected(first.map(|byte| !byte))])
        .collect()
}

/// Numbers of reports, by keys tried and result.
#[derive(Default)]
struct Results(HashMap<(usize, bool), usize>);

impl Results {
    fn give<T>(&mut self, presented: &Presented, call: impl FnOnce() -> Result<T, Rejection>) {
        let &Presented {
            tried,
            signatures,
            accepted,
            ..
        } = presented;
        let before = errors();
        let result = call();
        let reported = errors() - before;
        make_public(&result);

        assert_eq!(result.is_ok(), accepted);
        assert!(
            (tried..=2 * tried * signatures).contains(&reported),
            "{reported} branches or addresses for the results of {tried} keys"
        );
        let first = *self.0.entry((tried, accepted)).or_insert(reported);
        assert_eq!(
            reported, first,
            "the number depends on which byte of the signature is wrong"
        );
    }
}

fn in_one_call() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut results = Results::default();
        for presented in presented(size) {
            let header = presented.header();
            results.give(&presented, || verifier.verify(&header, BODY));
        }
    }
}

fn in_chunks() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut results = Results::default();
        for presented in presented(size) {
            let signature = Scheme::META.parse(presented.header()).unwrap();
            results.give(&presented, || {
                let mut verification = verifier.begin(signature);
                BODY.chunks(67).for_each(|chunk| verification.update(chunk));
                verification.finish()
            });
        }
    }
}

fn delivery() {
    for size in RINGS {
        let endpoint = Endpoint::builder(ring(size)).build().unwrap();
        let mut results = Results::default();
        for presented in presented(size) {
            let headers = [("x-hub-signature-256", presented.header())];
            results.give(&presented, || {
                let Admitted::Delivery(mut body_verifier) =
                    endpoint.admit(&RequestHead::new("POST", &headers))?
                else {
                    unreachable!("a POST is a delivery");
                };
                BODY.chunks(67)
                    .try_for_each(|chunk| body_verifier.push(chunk.to_vec()))?;
                body_verifier.finish()
            });
        }
    }
}

fn delivery_with_timestamp() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let before_body = format!("{}.", now.as_secs());
    let message = [before_body.as_bytes(), BODY].concat();
    let other = "0".repeat(64);
    for size in RINGS {
        let builder = Endpoint::builder(ring(size)).scheme(Scheme::STRIPE);
        let endpoint = builder.build().unwrap();
        let mut results = Results::default();
        for mut presented in presented_with(size, &message) {
            presented.signatures = 3;
            let header = presented.header().replacen("sha256", "v1", 1);
            let value = format!("t={},v1={other},{header},v1={other}", now.as_secs());
            let headers = [("stripe-signature", value)];
            results.give(&presented, || {
                let mut body_verifier = endpoint.receive(&RequestHead::new("POST", &headers))?;
                BODY.chunks(67)
                    .try_for_each(|chunk| body_verifier.push(chunk.to_vec()))?;
                body_verifier.finish()
            });
        }
    }
}

/// The signature's bytes are secret too, to protect genuine requests from observers.
fn secret_signature() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut results = Results::default();
        for presented in presented(size) {
            let signature = Scheme::META.parse(presented.header()).unwrap();
            make_secret(signature.as_bytes());
            results.give(&presented, || -> Result<Verified<_>, _> {
                verifier.verify_signature(&signature, BODY)
            });
        }
    }
}

fn parsing() {
    let mut results = Results::default();
    for presented in presented(1) {
        for header in [
            presented.header(),
            presented.header().to_uppercase().replacen("SHA", "sha", 1),
        ] {
            let digits = "sha256=".len();
            make_secret(&header[digits..]);
            let is_well_formed = Presented {
                accepted: true,
                ..presented
            };
            results.give(&is_well_formed, || {
                Scheme::META
                    .parse(&header)
                    .inspect(|signature| assert!(is_secret(signature.as_bytes())))
            });
        }
    }
    for position in [7, 70] {
        let mut header = presented(1)[0].header().into_bytes();
        header[position] = b'g';
        make_secret(&header[7..]);
        let is_malformed = Presented {
            bytes: [0; 32],
            tried: 1,
            signatures: 1,
            accepted: false,
        };
        results.give(&is_malformed, || Scheme::META.parse(&header));
    }
}

fn parsing_of_base64() {
    let well_formed = Presented {
        bytes: [0; 32],
        tried: 1,
        signatures: 1,
        accepted: true,
    };
    let malformed = Presented {
        accepted: false,
        ..well_formed
    };
    let mut results = Results::default();
    for presented in presented(1) {
        let header = BASE64_STANDARD.encode(presented.bytes);
        make_secret(header.as_str());
        results.give(&well_formed, || {
            Scheme::SHOPIFY
                .parse(&header)
                .inspect(|signature| assert!(is_secret(signature.as_bytes())))
        });
    }
    for position in [0, 42] {
        let mut header = BASE64_STANDARD.encode(presented(1)[0].bytes).into_bytes();
        header[position] = b'!';
        make_secret(&header[..]);
        results.give(&malformed, || Scheme::SHOPIFY.parse(&header));
    }
}
