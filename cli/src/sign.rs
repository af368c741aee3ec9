//! `hubseal sign`: prints the signature header for a body.

use hubseal::Verifier;

use crate::{Result, arguments::Sign, input, output};

pub(crate) fn run(arguments: &Sign) -> Result<bool> {
    let scheme = arguments.secret.scheme.scheme();
    let verifier = Verifier::new(arguments.secret.load()?).with_scheme(scheme);
    let body = input::read(&arguments.file)?;
    output::write(&format!("{}: {}\n", scheme.header(), verifier.sign(body)))?;
    Ok(true)
}
