//! Published answers with keys that are text. Some are shorter than an app secret may be.

use hubseal::{AccessToken, AppSecret, AppSecretProof, Verifier, testing::ring_of_bytes};

use super::{accepts, full};

fn answer(key: &str, body: impl AsRef<[u8]>, tag: &str) {
    let ring = || ring_of_bytes(key.as_bytes()).unwrap();
    assert_eq!(
        Verifier::new(ring()).sign(&body).to_string(),
        format!("sha256={tag}")
    );
    accepts(tag, ring(), body.as_ref(), &full(tag));
}

/// GitHub, *Validating webhook deliveries*.
#[test]
fn the_example_of_githubs_documentation_is_verified() {
    answer(
        "It's a Secret to Everybody",
        "Hello, World!",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
}

/// The tests of octokit/webhooks-methods.js.
#[test]
fn the_answer_of_octokit_is_verified() {
    answer(
        "mysecret",
        r#"{"foo":"bar"}"#,
        "4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3",
    );
}

#[test]
fn a_short_secret_and_a_short_body_are_verified() {
    answer(
        "secret",
        "test",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914",
    );
}

#[test]
fn an_empty_update_is_verified() {
    answer(
        "test_app_secret",
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    );
}

/// JSON reads both as the same text, and a signature tells them apart.
#[test]
fn escaped_and_raw_text_are_each_verified_as_sent() {
    answer(
        "test_app_secret",
        r#"{"text":"\ud83d\ude0a"}"#,
        "094e66797c4335703c8707071ec97ae0dd8a87be93276dc6488dfb5593bdf50d",
    );
    answer(
        "test_app_secret",
        r#"{"text":"😊"}"#,
        "e097ed947bec82cea0cb68df20e5b443dbb2f5209bf4464f73afa5e493c98e53",
    );
}

/// No published answer is longer than a storage segment of 8 KiB: this one is OpenSSL's.
#[test]
fn a_body_longer_than_a_storage_segment_is_verified() {
    answer(
        "test_app_secret",
        format!(r#"{{"text":"{}"}}"#, "a".repeat(17_000)),
        "88a73867e2a6eb3c9f17aa17937a38c6c7c4b59ba1f45126ff00220fbf8c6340",
    );
}

#[test]
fn the_proofs_of_a_token_are_the_known_ones() {
    let secret = AppSecret::new("app-secret-0123456789abcdef").unwrap();
    let token = AccessToken::new("EAATESTTOKEN").unwrap();

    let plain = AppSecretProof::new(&secret, &token);
    assert_eq!(
        plain.expose_secret(),
        "a199ca5614ecbbd9fab10ad4ef4667b3c98264eb8c5885797b58dff1e301395e",
    );
    assert_eq!(plain.time(), None);

    let timed = AppSecretProof::at(&secret, &token, 1_700_000_000);
    assert_eq!(
        timed.expose_secret(),
        "515a7dae08c4153ec5972dbb11b813db4249876e6cbe984bc6a0b7b11f8d481a",
    );
    assert_eq!(timed.time(), Some(1_700_000_000));
}
