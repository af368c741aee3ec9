//! Redacts standard input and writes it to standard output, in constant memory.
//!
//! ```sh
//! journalctl --unit receiver | cargo run --quiet --example redact
//! ```
//!
//! | variable | effect |
//! |---|---|
//! | `APP_SECRET`, `VERIFY_TOKEN` | the secret is registered, and found in every encoding of docs/redaction.md |
//! | `PERSONAL_DATA=mask` | personal data of webhook bodies is redacted |

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use hubseal::{
    AppSecret, SecretErrorKind, VerifyToken,
    redact::{PersonalData, Redactor},
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("redact: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut writer = redactor()?.writer(io::stdout().lock());
    io::copy(&mut io::stdin().lock(), &mut writer)?;
    writer.finish()?.flush()?;
    Ok(())
}

fn redactor() -> Result<Redactor, Box<dyn Error>> {
    let mut builder = Redactor::builder();
    match AppSecret::from_env("APP_SECRET") {
        Ok(secret) => builder = builder.app_secret(&secret),
        Err(missing) if missing.kind() == SecretErrorKind::NotSet => {}
        Err(refused) => return Err(refused.into()),
    }
    match VerifyToken::from_env("VERIFY_TOKEN") {
        Ok(token) => builder = builder.verify_token(&token),
        Err(missing) if missing.kind() == SecretErrorKind::NotSet => {}
        Err(refused) => return Err(refused.into()),
    }
    builder = match env::var("PERSONAL_DATA").as_deref() {
        Err(env::VarError::NotPresent) => builder,
        Ok("mask") => builder.personal_data(PersonalData::Mask),
        _ => return Err("PERSONAL_DATA must be `mask`".into()),
    };
    Ok(builder.build()?)
}

/// Returns whether the reader has closed the pipe, like `head` does.
fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
