//! Attacks a receiver on the loopback interface.

#[cfg(feature = "hubseal")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use hubseal::testing::{Target, withstands_blocking};

    let secret = hubseal::AppSecret::new(std::env::var("APP_SECRET")?)?;
    let token = hubseal::VerifyToken::new(std::env::var("VERIFY_TOKEN")?)?;
    let target = Target::new("/webhook", &secret, &token);
    withstands_blocking(&target, "127.0.0.1:8080")?;
    Ok(())
}

#[cfg(not(feature = "hubseal"))]
fn main() {}
