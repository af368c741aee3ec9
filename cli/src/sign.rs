//! `hubseal sign`: prints the headers that sign a body.

use std::fmt::Write;

use hubseal::Verifier;

use crate::{
    Result,
    arguments::Sign,
    input, output,
    schemes::{new_id, now},
};

pub(crate) fn run(arguments: &Sign) -> Result<bool> {
    let name = arguments.secret.scheme;
    let scheme = name.scheme();
    if arguments.id.is_some() && !name.is_standard() {
        return Err(format!("the scheme {} signs no id; remove --id", scheme.name()).into());
    }
    if arguments.timestamp.is_some() && !name.signs_timestamp() {
        let name = scheme.name();
        return Err(format!("the scheme {name} signs no timestamp; remove --timestamp").into());
    }
    let verifier = Verifier::new(arguments.secret.load()?).with_scheme(scheme);
    let body = input::read(&arguments.file)?;
    let id = arguments.id.clone().unwrap_or_else(new_id);
    let timestamp = arguments.timestamp.map_or_else(now, Ok)?;
    let headers = verifier
        .sign_headers(&id, timestamp, body)
        .map_err(|_| "--id is not valid; use 1 to 256 visible ASCII characters without a dot")?;
    let mut text = String::new();
    for (name, value) in headers {
        writeln!(text, "{name}: {value}")?;
    }
    output::write(&text)?;
    Ok(true)
}
