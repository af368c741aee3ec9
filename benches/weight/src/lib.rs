//! What the programs share.

/// An endpoint whose secret is in the environment.
///
/// # Errors
/// Where there is no such secret.
#[cfg(feature = "hubseal")]
pub fn endpoint() -> Result<hubseal::Endpoint, Box<dyn std::error::Error>> {
    let secret = std::env::var("APP_SECRET").unwrap_or_default();
    Ok(hubseal::Endpoint::builder(hubseal::AppSecret::new(secret)?).build()?)
}
