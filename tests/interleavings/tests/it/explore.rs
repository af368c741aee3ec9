//! Running through all interleavings, and the requests that run in them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use hubseal::{AppSecret, BodyVerifier, Endpoint, KeyRing, RequestHead, Signature};

/// Runs `model` in every order of its threads, and prints how many there were.
pub fn every_interleaving(model: impl Fn() + Send + Sync + 'static) {
    report(interleavings(model));
}

/// Runs `model` in every order of its threads, and counts them. Two orders that differ only in steps
/// which cannot influence each other are one.
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
    assert!(count > 1, "nothing ran at once");
    let test = std::thread::current();
    println!("{count} interleavings: {}", test.name().unwrap_or_default());
}

/// The secret of this name.
pub fn secret(name: &str) -> AppSecret {
    AppSecret::new(format!("a secret for the key {name}")).unwrap()
}

/// A ring of the secrets of these names.
pub fn ring<const N: usize>(names: [&str; N]) -> KeyRing {
    KeyRing::new(names.map(|name| (name, secret(name)))).unwrap()
}

/// The value of the header with which the secret of this name signs this body.
pub fn signed(name: &str, body: &[u8]) -> String {
    Signature::sign(&secret(name), body).to_string()
}

/// A delivery with this value of the signature's header.
pub fn receive(endpoint: &Endpoint, signature: &str) -> BodyVerifier {
    let headers = [("x-hub-signature-256", signature)];
    endpoint
        .receive(&RequestHead::new("POST", &headers))
        .unwrap()
}
