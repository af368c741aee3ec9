//! `hubseal verify`: verifies a signature, and prints which secret matches.

use hubseal::{KeyRing, Verifier};

use crate::{Result, arguments::Verify, input, output};

pub(crate) fn run(arguments: &Verify) -> Result<bool> {
    let sources = arguments.secrets.sources();
    let mut keys = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        keys.push((index.to_string(), source.app_secret(arguments.scheme)?));
    }
    let verifier =
        Verifier::new(KeyRing::without_limit(keys)?).with_scheme(arguments.scheme.scheme());
    let body = input::read(&arguments.file)?;
    match verifier.verify(arguments.signature.trim(), body) {
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
            output::write(&format!(
                "rejected: {reason}\nTo find the cause, run `hubseal diagnose` with the same body and signature.\n"
            ))?;
            Ok(false)
        }
    }
}
