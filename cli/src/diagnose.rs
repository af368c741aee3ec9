//! `hubseal diagnose`: names the likely cause of a signature mismatch.

use std::fmt::Write;

use hubseal::diagnose::{Cause, Diagnose};

use crate::{Result, arguments, input, output};

pub(crate) fn run(arguments: &arguments::Diagnose) -> Result<bool> {
    let sources = arguments.secrets.sources();
    let names: Vec<_> = sources.iter().map(ToString::to_string).collect();
    let mut secrets = Vec::new();
    for source in &sources {
        secrets.push(without_last_newline(source.raw()?));
    }
    let token = arguments.token.raw_if_there()?.map(without_last_newline);
    let headers = headers(arguments)?;
    let body = input::read(&arguments.file)?;

    let mut tried = names.iter().zip(&secrets);
    let (_, configured) = tried
        .next()
        .ok_or("there is no secret; pass --secret-file or --secret-env")?;
    let mut diagnose = Diagnose::new(configured.as_slice());
    for (name, secret) in tried {
        diagnose = diagnose.add_secret(name, secret.as_slice());
    }
    if let Some(token) = &token {
        diagnose = diagnose.add_verify_token(token.as_slice());
    }
    let diagnosis = diagnose.delivery(&headers, body);

    let mut text = String::new();
    for cause in diagnosis.causes() {
        let other = diagnosis
            .secret_name()
            .filter(|_| *cause == Cause::OtherSecret);
        let other = other.map(|name| format!(" ({name})")).unwrap_or_default();
        let certainty = if diagnosis.is_certain() { "" } else { "clue: " };
        writeln!(
            text,
            "{certainty}{}: {cause}{other}\n  remedy: {}",
            cause.as_str(),
            cause.remedy()
        )?;
    }
    output::write(&text)?;
    Ok(diagnosis.causes() == [Cause::Matches])
}

/// Services that read a secret from a file usually remove one newline, as hubseal does.
fn without_last_newline(mut secret: zeroize::Zeroizing<Vec<u8>>) -> zeroize::Zeroizing<Vec<u8>> {
    if secret.last() == Some(&b'\n') {
        secret.pop();
    }
    secret
}

fn headers(arguments: &arguments::Diagnose) -> Result<Vec<(String, String)>> {
    if let Some(signature) = &arguments.signature {
        return Ok(vec![("x-hub-signature-256".to_owned(), signature.clone())]);
    }
    let Some(path) = &arguments.headers else {
        return Ok(Vec::new());
    };
    let text = input::read(path)?;
    let text = String::from_utf8_lossy(&text);
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    Ok(pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect())
}
