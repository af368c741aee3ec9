//! `hubseal verify`: verifies a signature, and prints which secret matches.

use std::time::{Duration, SystemTime};

use hubseal::{KeyRing, RejectionKind, Verifier};

use crate::{Result, arguments::Verify, input, output};

pub(crate) fn run(arguments: &Verify) -> Result<bool> {
    let headers = headers(arguments)?;
    let sources = arguments.secrets.sources();
    let mut keys = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        keys.push((index.to_string(), source.app_secret(arguments.scheme)?));
    }
    let mut keys = KeyRing::without_limit(keys)?;
    if let Some(at) = arguments.at {
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at));
        let at = at.ok_or("--at is too large; use seconds since 1970")?;
        keys = keys.with_clock(move || at);
    }
    let verifier = Verifier::new(keys).with_scheme(arguments.scheme.scheme());
    let body = input::read(&arguments.file)?;
    match verifier.verify_headers(&headers, body) {
        Ok(genuine) => {
            let index = genuine.key().as_str().parse::<usize>().ok();
            let source = index.and_then(|index| sources.get(index));
            let source = source.map(ToString::to_string).unwrap_or_default();
            output::write(&format!(
                "verified: the signature matches the secret of {source}\n"
            ))?;
            Ok(true)
        }
        Err(rejection) => {
            let reason = rejection.kind();
            let next = next_step(arguments, reason);
            output::write(&format!("rejected: {reason}\n{next}"))?;
            Ok(false)
        }
    }
}

fn next_step(arguments: &Verify, reason: RejectionKind) -> &'static str {
    match reason {
        RejectionKind::TimestampTooOld | RejectionKind::TimestampInFuture => {
            "To verify a captured delivery, pass the time when it arrived with --at.\n"
        }
        _ if arguments.scheme.can_be_diagnosed() => {
            "To find the cause, run `hubseal diagnose` with the same body and signature.\n"
        }
        _ => "",
    }
}

/// Returns the headers of the delivery.
fn headers(arguments: &Verify) -> Result<Vec<(String, String)>> {
    let scheme = arguments.scheme.scheme();
    if let Some(signature) = &arguments.signature {
        let names: Vec<_> = scheme.headers().collect();
        if names.len() > 1 {
            return Err(format!(
                "the scheme {} has more than one header; pass {} with --header 'name: value' each",
                scheme.name(),
                names.join(", ")
            )
            .into());
        }
        return Ok(vec![(
            scheme.header().to_owned(),
            signature.trim().to_owned(),
        )]);
    }
    let mut headers = Vec::new();
    for header in &arguments.header {
        let pair = header.split_once(':');
        // The message does not repeat the argument, which may be a signature.
        let (name, value) = pair.ok_or("--header has no colon; write it as 'name: value'")?;
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(headers)
}
