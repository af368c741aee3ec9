//! Cost of the handshake and of `appsecret_proof`, compared with hand-written code.
//!
//! ```sh
//! cargo bench -p hubseal-benches --bench tokens
//! ```

use std::{collections::HashMap, hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use hubseal::{AccessToken, AppSecret, AppSecretProof, Handshake, VerifyToken};
use hubseal_benches::delivery::SECRET;
use sha2::Sha256;

const VERIFY_TOKEN: &str = "correct-horse-battery-staple";

fn query(token: &str) -> String {
    format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
}

fn handshake_by_hand(token: &str, query: &str) -> Option<String> {
    let mut parameters: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
    let asks = parameters.get("hub.mode")? == "subscribe";
    let known = parameters.get("hub.verify_token")? == token;
    (asks && known).then(|| {
        parameters
            .remove("hub.challenge")
            .unwrap_or_default()
            .into()
    })
}

fn handshake(criterion: &mut Criterion) {
    let token = || VerifyToken::new(VERIFY_TOKEN).expect("a valid token");
    let other = VerifyToken::new("the-one-before-that-one").expect("a valid token");
    let one = Handshake::new([token()]);
    let two = Handshake::new([other, token()]);
    let (right, wrong) = (query(VERIFY_TOKEN), query("correct-horse-battery-stapler"));
    assert!(one.answer(&right).is_ok() && two.answer(&right).is_ok());
    assert!(one.answer(&wrong).is_err() && handshake_by_hand(VERIFY_TOKEN, &wrong).is_none());
    assert!(handshake_by_hand(VERIFY_TOKEN, &right).is_some());

    let mut group = criterion.benchmark_group("handshake");
    for (name, query) in [("right", &right), ("wrong", &wrong)] {
        group.bench_function(format!("hubseal/{name}"), |bencher| {
            bencher.iter(|| one.answer(black_box(query)));
        });
        group.bench_function(format!("hubseal-two-tokens/{name}"), |bencher| {
            bencher.iter(|| two.answer(black_box(query)));
        });
        group.bench_function(format!("by-hand/{name}"), |bencher| {
            bencher.iter(|| handshake_by_hand(black_box(VERIFY_TOKEN), black_box(query)));
        });
    }
    group.finish();
}

fn proof_by_hand(secret: &str, token: &str) -> String {
    let mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC accepts keys of any length");
    #[expect(
        clippy::disallowed_methods,
        reason = "the naive implementation to compare with"
    )]
    hex::encode(mac.chain_update(token).finalize().into_bytes())
}

fn proof(criterion: &mut Criterion) {
    let text = format!("EAA{}", "x1".repeat(100));
    let secret = AppSecret::new(SECRET).expect("a valid secret");
    let token = AccessToken::new(&text).expect("a valid token");
    let proof = AppSecretProof::new(&secret, &token);
    assert_eq!(proof.expose_secret(), proof_by_hand(SECRET, &text));

    let mut group = criterion.benchmark_group("proof");
    group.bench_function("hubseal/200 B", |bencher| {
        bencher.iter(|| AppSecretProof::new(black_box(&secret), black_box(&token)));
    });
    group.bench_function("by-hand/200 B", |bencher| {
        bencher.iter(|| proof_by_hand(black_box(SECRET), black_box(&text)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500));
    targets = handshake, proof
}
criterion_main!(benches);
