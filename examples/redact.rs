//! Reads standard input and writes it redacted, in constant memory:
//!
//! ```sh
//! journalctl --unit receiver | cargo run --quiet --example redact
//! ```
//!
//! Registers `APP_SECRET` and `VERIFY_TOKEN` if they are set. Finds them in the encodings that
//! docs/redaction.md lists.
//! With `PERSONAL_DATA` set to `mask` or `last-two`, personal data of webhook bodies goes too.

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
        Ok("last-two") => builder.personal_data(PersonalData::LastTwo),
        _ => return Err("PERSONAL_DATA is neither `mask` nor `last-two`".into()),
    };
    Ok(builder.build()?)
}

/// Whoever reads has seen enough: `… | head`.
fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
