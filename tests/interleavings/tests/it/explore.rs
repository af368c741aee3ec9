//! Exploration of all interleavings, and the requests in them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use hubseal::{AppSecret, BodyVerifier, Endpoint, KeyRing, RequestHead, Signature};

/// Runs `model` in every order of its threads and prints the number of orders.
pub fn every_interleaving(model: impl Fn() + Send + Sync + 'static) {
    report(interleavings(model));
}

/// Runs `model` in every order of its threads and counts the orders. Orders that differ only in
/// independent steps count once.
pub fn interleavings(model: impl Fn() + Send + Sync + 'static) -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    loom::model(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    count.load(Ordering::Relaxed)
}

pub fn report(count: usize) {
    assert!(count > 1, "no concurrency");
    let test = std::thread::current();
    println!("{count} interleavings: {}", test.name().unwrap_or_default());
}

/// Returns the secret of this name.
pub fn secret(name: &str) -> AppSecret {
    AppSecret::new(format!("a secret for the key {name}")).unwrap()
}

/// Returns a key ring of the secrets of these names.
pub fn ring<const N: usize>(names: [&str; N]) -> KeyRing {
    KeyRing::new(names.map(|name| (name, secret(name)))).unwrap()
}

/// Returns the signature header for this body, signed with the secret of this name.
pub fn signed(name: &str, body: &[u8]) -> String {
    Signature::sign(&secret(name), body).to_string()
}

/// Receives a delivery with this signature header.
pub fn receive(endpoint: &Endpoint, signature: &str) -> BodyVerifier {
    let headers = [("x-hub-signature-256", signature)];
    endpoint
        .receive(&RequestHead::new("POST", &headers))
        .unwrap()
}
