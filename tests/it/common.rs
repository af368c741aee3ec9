//! Secrets and request heads for all tests.

use hubseal::{
    AppSecret, BodyVerifier, Endpoint, EndpointBuilder, Rejection, RejectionKind, VerifyToken,
};

pub(crate) const SECRET: &str = "5ec2e7d3a0b94f1687c8d9eaf0b1c2d3";
pub(crate) const PREVIOUS_SECRET: &str = "01db4d9c8e7f60514233445566778899";
pub(crate) const TOKEN: &str = "verify+token/of these tests";

/// Has the form of an access token.
#[cfg(any(feature = "redact", feature = "testing"))]
pub(crate) const ACCESS_TOKEN: &str = "EAAGm0PX4ZCpsBAKqkq1ZB8ZCw3ZBnZA7Sx2QdRtYv9";

pub(crate) fn secret() -> AppSecret {
    AppSecret::new(SECRET).unwrap()
}

pub(crate) fn token() -> VerifyToken {
    VerifyToken::new(TOKEN).unwrap()
}

pub(crate) fn endpoint() -> EndpointBuilder {
    Endpoint::builder(secret()).verify_token(token())
}

/// Receives the head of a `POST` with a genuine signature of `body` and these extra headers.
pub(crate) fn receive(
    endpoint: &Endpoint,
    body: &[u8],
    more: &[(&str, &str)],
) -> Result<BodyVerifier, Rejection> {
    let signature = endpoint.verifier().sign(body).to_string();
    let mut headers = vec![("x-hub-signature-256", signature.as_str())];
    headers.extend_from_slice(more);
    endpoint.receive(&hubseal::RequestHead::new("POST", headers.as_slice()))
}

pub(crate) fn kind<T>(result: Result<T, Rejection>) -> Option<RejectionKind> {
    result.err().map(|rejection| rejection.kind())
}

/// Clears the environment, except for the variable that coverage builds need.
#[cfg(feature = "redact")]
pub(crate) fn clear_env_except_coverage(
    process: &mut std::process::Command,
) -> &mut std::process::Command {
    let counts = std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file));
    process.env_clear().envs(counts)
}
