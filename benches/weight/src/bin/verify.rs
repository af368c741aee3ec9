//! Verifies a delivery from standard input, with its signature as an argument.

use std::{env, error::Error, io};

fn main() -> Result<(), Box<dyn Error>> {
    let signature = env::args().nth(1).unwrap_or_default();
    let body = io::read_to_string(io::stdin())?;
    #[cfg(feature = "hubseal")]
    let body = {
        let secret = hubseal::AppSecret::new(env::var("APP_SECRET")?)?;
        hubseal::Verifier::new(secret).verify(&signature, body)?
    };
    println!("{signature} {} bytes", body.len());

    #[cfg(all(feature = "json", feature = "hubseal"))]
    let update = body.json::<serde_json::Value>()?;
    #[cfg(all(feature = "json", not(feature = "hubseal")))]
    let update: serde_json::Value = serde_json::from_str(&body)?;
    #[cfg(feature = "json")]
    println!("{}", update["object"]);
    Ok(())
}
