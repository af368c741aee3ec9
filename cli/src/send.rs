//! `hubseal send`: sends a signed delivery, and prints the response.

use std::{fmt::Write, time::Duration};

use hubseal::{Verifier, testing::Request};

use crate::{
    Result,
    arguments::Send,
    connect::Connector,
    input, output,
    relay::{self, Failed},
    schemes::{new_id, now},
};

/// The headers of the response that are printed.
const HEADERS: &[&str] = &[
    "content-type",
    "location",
    "retry-after",
    "server",
    "www-authenticate",
];

pub(crate) fn run(arguments: &Send) -> Result<bool> {
    let scheme = arguments.secret.scheme.scheme();
    let verifier = Verifier::new(arguments.secret.load()?).with_scheme(scheme);
    let body = match &arguments.file {
        Some(file) => input::read(file)?.into(),
        None => arguments.sample.body(),
    };
    let request = Request::post(&arguments.url.target, body)
        .header("content-type", "application/json")
        .header("user-agent", concat!("hubseal/", env!("CARGO_PKG_VERSION")))
        .sign(&verifier, &new_id(), now()?)?;

    let connector = Connector::new(&arguments.url)?;
    let patience = Duration::from_secs(arguments.timeout);
    let sent = output::runtime()?.block_on(relay::send(&connector, request, patience));
    let authority = &arguments.url.authority;
    let answer = sent.map_err(|failed| match failed {
        Failed::Connect(error) => format!("cannot connect to {authority}: {error}"),
        Failed::Exchange(error) => format!("{authority} sent no response: {error}"),
    })?;

    let mut text = format!("{}\n", answer.status);
    for (name, value) in &answer.headers {
        if HEADERS.iter().any(|shown| name.eq_ignore_ascii_case(shown)) {
            writeln!(text, "{name}: {}", value.escape_debug())?;
        }
    }
    if !answer.body.is_empty() {
        // Escaped, because control characters of a response could change the terminal.
        let body = String::from_utf8_lossy(&answer.body);
        let lines = body.lines().map(|line| line.escape_debug().to_string());
        writeln!(text, "\n{}", lines.collect::<Vec<_>>().join("\n"))?;
    }
    output::write(&text)?;
    Ok(answer.status == 200)
}
