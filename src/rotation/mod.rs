//! The rotation of secrets that are in files.

mod accepted;
mod files;
#[cfg(feature = "redact")]
mod redacted;
mod secrets;

pub use files::SecretsBuilder;
pub use secrets::Secrets;
