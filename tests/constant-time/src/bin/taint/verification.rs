//! Verification: the keys are secret, and with them the tags that are computed.
//!
//! The verdict is public, and the library branches on it. That is what memcheck reports here, and it is
//! held to that: the branch stands in `Key::matches` or its caller `KeyRing::resolve`, and as often as
//! keys were tried, once or twice each, whichever byte of the signature is wrong. A comparison that ends
//! early stands elsewhere, or its count varies. From the caller's side the verdict is made public when
//! it is returned.

use std::collections::HashMap;

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
    Site::In("src/signature/key_ring.rs", "matches"),
    Site::In("src/signature/key_ring.rs", "resolve"),
]);

pub const CASES: &[Case] = &[
    Case {
        name: "verification at once",
        run: at_once,
        expected: VERDICT,
    },
    Case {
        name: "verification in pieces",
        run: in_pieces,
        expected: VERDICT,
    },
    Case {
        name: "a delivery through the endpoint",
        run: delivery,
        expected: VERDICT,
    },
    Case {
        name: "a signature presented in secret",
        run: secret_signature,
        expected: VERDICT,
    },
    // Whether the digits are digits is public as well: asked once, at the end, about all of them.
    Case {
        name: "parsing a signature presented in secret",
        run: parsing,
        expected: Expected::Only(&[Site::Under("src/signature/signature.rs", "parse_after")]),
    },
];

const RINGS: [usize; 3] = [1, 2, KeyRing::MAX_KEYS];
/// Four blocks of SHA-256.
const BODY: &[u8] = &[b'a'; 200];

fn text(index: usize) -> String {
    format!("{index}f1e2d3c4b5a69788796a5b4c3d2e1f0")
}

/// A ring of secrets: checked first, which is another case's business, and secret from then on.
fn ring(size: usize) -> KeyRing {
    let secrets = (0..size).map(|index| {
        let secret = AppSecret::new(text(index)).unwrap();
        make_secret(secret.expose_secret());
        (index.to_string(), secret)
    });
    let before = errors();
    let ring = KeyRing::new(secrets).unwrap();
    assert_eq!(errors(), before, "making a ring depends on the secrets");
    ring
}

/// A signature as it is presented, and how it fares.
struct Presented {
    bytes: [u8; 32],
    tried: usize,
    accepted: bool,
}

impl Presented {
    fn header(&self) -> String {
        header_of(self.bytes)
    }
}

/// The right signature of each key, and that of the first with each of its bytes wrong, and all.
fn presented(size: usize) -> Vec<Presented> {
    let right = |index| *Signature::sign(&AppSecret::new(text(index)).unwrap(), BODY).as_bytes();
    let accepted = (0..size).map(|index| Presented {
        bytes: right(index),
        tried: index + 1,
        accepted: true,
    });
    let refused = |bytes| Presented {
        bytes,
        tried: size,
        accepted: false,
    };
    let first = right(0);
    let wrong = (0..first.len()).map(|position| {
        let mut bytes = first;
        bytes[position] ^= 1 << (position % 8);
        refused(bytes)
    });
    accepted
        .chain(wrong)
        .chain([refused(first.map(|byte| !byte))])
        .collect()
}

/// How often memcheck reported a verdict, by the keys tried and what it was.
#[derive(Default)]
struct Verdicts(HashMap<(usize, bool), usize>);

impl Verdicts {
    fn give<T>(&mut self, presented: &Presented, verdict: impl FnOnce() -> Result<T, Rejection>) {
        let &Presented {
            tried, accepted, ..
        } = presented;
        let before = errors();
        let result = verdict();
        let reported = errors() - before;
        make_public(&result);

        assert_eq!(result.is_ok(), accepted);
        assert!(
            (tried..=2 * tried).contains(&reported),
            "{reported} branches or addresses for the verdicts of {tried} keys"
        );
        let first = *self.0.entry((tried, accepted)).or_insert(reported);
        assert_eq!(
            reported, first,
            "it shows which byte of the signature is wrong"
        );
    }
}

fn at_once() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut verdicts = Verdicts::default();
        for presented in presented(size) {
            let header = presented.header();
            verdicts.give(&presented, || verifier.verify(&header, BODY));
        }
    }
}

fn in_pieces() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut verdicts = Verdicts::default();
        for presented in presented(size) {
            let signature = Scheme::META.parse(presented.header()).unwrap();
            verdicts.give(&presented, || {
                let mut verification = verifier.begin(signature);
                BODY.chunks(67).for_each(|piece| verification.update(piece));
                verification.finish()
            });
        }
    }
}

fn delivery() {
    for size in RINGS {
        let endpoint = Endpoint::builder(ring(size)).build().unwrap();
        let mut verdicts = Verdicts::default();
        for presented in presented(size) {
            let headers = [("x-hub-signature-256", presented.header())];
            verdicts.give(&presented, || {
                let Admitted::Delivery(mut body_verifier) =
                    endpoint.admit(&RequestHead::new("POST", &headers))?
                else {
                    unreachable!("a POST is a delivery");
                };
                BODY.chunks(67)
                    .try_for_each(|piece| body_verifier.push(piece.to_vec()))?;
                body_verifier.finish()
            });
        }
    }
}

/// The bytes of the signature are secret too, for somebody who watches a genuine request pass.
fn secret_signature() {
    for size in RINGS {
        let verifier = Verifier::new(ring(size));
        let mut verdicts = Verdicts::default();
        for presented in presented(size) {
            let signature = Scheme::META.parse(presented.header()).unwrap();
            make_secret(signature.as_bytes());
            verdicts.give(&presented, || -> Result<Verified<_>, _> {
                verifier.verify_signature(&signature, BODY)
            });
        }
    }
}

fn parsing() {
    let mut verdicts = Verdicts::default();
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
            verdicts.give(&is_well_formed, || {
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
            accepted: false,
        };
        verdicts.give(&is_malformed, || Scheme::META.parse(&header));
    }
}
