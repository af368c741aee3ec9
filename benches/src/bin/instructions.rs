//! Calls each code path of the library repeatedly, so that `just instructions` can count instructions.
//!
//! Prints for each path the number of calls, the least number of SHA-256 compressions of a call, and the
//! name. The first path consists of compressions only. Its count gives the cost of one compression.

use std::{borrow::Cow, hint::black_box};

use hubseal::{
    AccessToken, Admitted, AppSecret, AppSecretProof, Endpoint, Handshake, RequestHead, Verifier,
    VerifyToken, redact::PersonalData, testing::sample,
};
use hubseal_benches::{
    corpus,
    delivery::{SECRET, least_blocks, verifier_of},
    hostile::repeated,
    peers,
    secrets::VERIFY_TOKEN,
};
use serde::de::IgnoredAny;
use sha2::block_api::compress256;

const KIB: usize = 1024;
/// Enough calls that the first ones do not matter, for example because of the allocator's state.
const CALLS: usize = 50;

struct Path {
    name: String,
    /// The least number of SHA-256 compressions of a call.
    blocks: usize,
    /// Returns whether the outcome is right.
    call: Box<dyn Fn() -> bool>,
}

fn path(name: impl Into<String>, blocks: usize, call: impl Fn() -> bool + 'static) -> Path {
    Path {
        name: name.into(),
        blocks,
        call: Box::new(call),
    }
}

fn main() {
    let paths = [
        compressions(),
        verification(),
        vec![parsing(), in_chunks()],
        deliveries(),
        vec![json(), handshake(), appsecret_proof()],
        redaction(),
    ];
    for Path { name, blocks, call } in paths.into_iter().flatten() {
        // Lazy initialisation does not count.
        assert!(call(), "{name}");
        counted(&*call);
        println!("{CALLS}\t{blocks}\t{name}");
    }
}

/// valgrind counts the instructions of this function, by its name.
#[inline(never)]
fn counted(call: &dyn Fn() -> bool) {
    for _ in 0..CALLS {
        black_box(call());
    }
}

fn compressions() -> Vec<Path> {
    let blocks = vec![[0x5a; 64]; KIB];
    vec![path("SHA-256 alone", blocks.len(), move || {
        let mut state = black_box([0x6a09_e667; 8]);
        compress256(&mut state, &blocks);
        black_box(state)[0] != 0
    })]
}

fn header(verifier: &Verifier, body: &[u8]) -> String {
    verifier.sign(body).to_string()
}

fn verification() -> Vec<Path> {
    let mut paths = Vec::new();
    for size in [64, 700] {
        let body = &sample::of_size(700)[..size];
        for keys in [1, 2, 8] {
            for genuine in [true, false] {
                let verifier = verifier_of(keys);
                let signed = if genuine { body } else { b"other" };
                let (header, body) = (header(&verifier, signed), body.to_vec());
                let (signature, hashed) = if genuine {
                    ("genuine", 1)
                } else {
                    ("forged", keys)
                };
                paths.push(path(
                    format!("verify {size} B, ring of {keys}, {signature}"),
                    hashed * least_blocks(size),
                    move || verifier.verify(&header, &body).is_ok() == genuine,
                ));
            }
        }
    }
    paths
}

fn parsing() -> Path {
    let verifier = verifier_of(1);
    let header = header(&verifier, b"");
    path("parse a signature", 0, move || {
        verifier.scheme().parse(&header).is_ok()
    })
}

fn in_chunks() -> Path {
    let verifier = verifier_of(1);
    let body = sample::of_size(16 * KIB);
    let header = header(&verifier, &body);
    path(
        "verify 16 KiB in pieces of 1 KiB",
        least_blocks(body.len()),
        move || {
            let Ok(signature) = verifier.scheme().parse(&header) else {
                return false;
            };
            let mut verification = verifier.begin(signature);
            for chunk in body.chunks(KIB) {
                verification.update(chunk);
            }
            verification.finish().is_ok()
        },
    )
}

fn deliveries() -> Vec<Path> {
    let delivery = |name, size: usize, chunk: usize| {
        let endpoint = Endpoint::builder(AppSecret::new(SECRET).expect("a valid secret"))
            .build()
            .expect("default limits");
        let body = sample::of_size(size);
        let headers = [
            ("host", "example.com".to_owned()),
            ("accept", "*/*".to_owned()),
            ("user-agent", "facebookexternalua".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("content-length", size.to_string()),
            ("x-hub-signature-256", header(endpoint.verifier(), &body)),
        ];
        path(name, least_blocks(size), move || {
            let Ok(Admitted::Delivery(mut body_verifier)) =
                endpoint.admit(&RequestHead::new("POST", &headers))
            else {
                return false;
            };
            (0..size).step_by(chunk).all(|at| {
                body_verifier
                    .push(body.slice(at..size.min(at + chunk)))
                    .is_ok()
            }) && body_verifier.finish().is_ok()
        })
    };
    vec![
        delivery("delivery of 700 B in one piece", 700, 700),
        delivery("delivery of 16 KiB in pieces of 1 KiB", 16 * KIB, KIB),
    ]
}

fn json() -> Path {
    let verifier = verifier_of(1);
    let body = sample::of_size(700);
    let verified = verifier.verify(header(&verifier, &body), body);
    let verified = verified.expect("a genuine body");
    path("JSON of 700 B", 0, move || {
        verified.json::<IgnoredAny>().is_ok()
    })
}

fn handshake() -> Path {
    let handshake = Handshake::new([VerifyToken::new(VERIFY_TOKEN).expect("a valid token")]);
    let query = "hub.mode=subscribe&hub.challenge=1158201444&\
        hub.verify_token=w3bhook%2Fverify%2Btoken+for%2Fstaging";
    // One compression for a token shorter than a block.
    path("handshake", 1, move || handshake.answer(query).is_ok())
}

fn appsecret_proof() -> Path {
    let secret = AppSecret::new(SECRET).expect("a valid secret");
    let token = AccessToken::new("EAAG".repeat(50)).expect("a valid token");
    // Two compressions prepare the key.
    let blocks = 2 + least_blocks(token.expose_secret().len());
    path("appsecret_proof", blocks, move || {
        AppSecretProof::new(&secret, &token).expose_secret().len() == 64
    })
}

fn redaction() -> Vec<Path> {
    let redactor = peers::redactor(None);
    let personal = peers::redactor(Some(PersonalData::Mask));

    // Contains one line with each kind of secret.
    let log = corpus::with_secrets(46 * KIB).text;
    let lines = log.lines().map(str::to_owned);
    let (secret, clean): (Vec<_>, Vec<_>) = lines.partition(|line| *redactor.redact(line) != *line);
    let all = |kind, lines: Vec<String>, redacted: bool| {
        let redactor = redactor.clone();
        path(format!("redact {} {kind}", lines.len()), 0, move || {
            let is_redacted = |line: &String| matches!(redactor.redact(line), Cow::Owned(_));
            lines.iter().all(|line| is_redacted(line) == redacted)
        })
    };
    let bodies = repeated(&sample::text_message(), 2 * KIB);
    vec![
        all("clean lines", clean, false),
        all("lines with a secret", secret, true),
        path(
            "redact personal data in 2 KiB of webhook bodies",
            0,
            move || matches!(personal.redact_bytes(&bodies), Cow::Owned(_)),
        ),
    ]
}
