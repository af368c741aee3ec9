//! Secrets in the generated log.

pub const APP_SECRET: &str = "7c1f0a94be5d4f3e8b26d9107f5ac3e2";
pub const VERIFY_TOKEN: &str = "w3bhook/verify+token for/staging";
