//! Published signatures with textual keys. Some keys are too short for an app secret.

use hubseal::{AccessToken, AppSecret, AppSecretProof, Verifier, testing::ring_of_bytes};

use super::{assert_accepts, decode_tag};

fn check(key: &str, body: impl AsRef<[u8]>, tag: &str) {
    let ring = || ring_of_bytes(key.as_bytes()).unwrap();
    assert_eq!(
        Verifier::new(ring()).sign(&body).to_string(),
        format!("sha256={tag}")
    );
    assert_accepts(tag, ring(), body.as_ref(), &decode_tag(tag));
}

/// GitHub, *Validating webhook deliveries*.
#[test]
fn verifies_github_documentation_example() {
    check(
        "It's a Secret to Everybody",
        "Hello, World!",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
}

/// The tests of octokit/webhooks-methods.js.
#[test]
fn verifies_octokit_test_vector() {
    check(
        "mysecret",
        r#"{"foo":"bar"}"#,
        "4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3",
    );
}

#[test]
fn verifies_short_secret_and_body() {
    check(
        "secret",
        "test",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914",
    );
}

#[test]
fn verifies_empty_update() {
    check(
        "test_app_secret",
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    );
}

/// Both are the same text in JSON, but their bytes differ.
#[test]
fn escaped_and_raw_json_have_different_signatures() {
    check(
        "test_app_secret",
        r#"{"text":"\ud83d\ude0a"}"#,
        "094e66797c4335703c8707071ec97ae0dd8a87be93276dc6488dfb5593bdf50d",
    );
    check(
        "test_app_secret",
        r#"{"text":"😊"}"#,
        "e097ed947bec82cea0cb68df20e5b443dbb2f5209bf4464f73afa5e493c98e53",
    );
}

/// No published vector is this long. OpenSSL computed this one.
#[test]
fn verifies_body_longer_than_8_kib() {
    check(
        "test_app_secret",
        format!(r#"{{"text":"{}"}}"#, "a".repeat(17_000)),
        "88a73867e2a6eb3c9f17aa17937a38c6c7c4b59ba1f45126ff00220fbf8c6340",
    );
}

#[test]
fn appsecret_proof_matches_known_values() {
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
