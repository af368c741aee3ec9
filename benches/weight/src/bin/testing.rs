//! Attacks a receiver on the loopback interface.

#[cfg(feature = "hubseal")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use hubseal::testing::{Target, attack_suite, exchange};

    let secret = hubseal::AppSecret::new(std::env::var("APP_SECRET")?)?;
    let token = hubseal::VerifyToken::new(std::env::var("VERIFY_TOKEN")?)?;
    for case in attack_suite(&Target::new("/webhook", &secret, &token)) {
        let answer = exchange(
            "127.0.0.1:8080",
            &case.request,
            hubseal::Endpoint::DEFAULT_READ_DEADLINE,
        )?;
        case.check(&answer)?;
    }
    Ok(())
}

#[cfg(not(feature = "hubseal"))]
fn main() {}
