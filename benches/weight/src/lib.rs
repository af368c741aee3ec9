//! Shared code of the programs.

/// Returns an endpoint with the secret from the environment.
///
/// # Errors
/// Returns an error if the secret is not set or is refused.
#[cfg(feature = "hubseal")]
pub fn endpoint() -> Result<hubseal::Endpoint, Box<dyn std::error::Error>> {
    let secret = std::env::var("APP_SECRET").unwrap_or_default();
    Ok(hubseal::Endpoint::builder(hubseal::AppSecret::new(secret)?).build()?)
}
