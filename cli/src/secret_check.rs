//! `hubseal secret check`: checks the app secret and the verify token.

use std::fmt::Write;

use hubseal::{AppSecret, VerifyToken};

use crate::{Result, arguments::SecretCheck, output, schemes::SchemeName, secrets::Source};

/// A shorter verify token can be guessed.
const SHORT_TOKEN: usize = 16;

/// The report. A warning does not change the exit status.
#[derive(Default)]
struct Report {
    text: String,
    has_problem: bool,
}

impl Report {
    fn add(&mut self, level: &str, message: &str) {
        self.has_problem |= level == "problem";
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{level:<8} {message}");
    }
}

pub(crate) fn run(arguments: &SecretCheck) -> Result<bool> {
    let scheme = arguments.secret.scheme;
    let mut report = Report::default();
    let source = arguments.secret.source();
    let secret = source.app_secret(scheme);
    if !scheme.is_meta() {
        judge(&mut report, "app secret", &source, secret.as_ref().err());
        output::write(&report.text)?;
        return Ok(!report.has_problem);
    }

    let token_source = arguments.token.source();
    let token = token_source.verify_token();
    if let Some(mistake) = mixed_up(&source, secret.as_ref().ok(), token.as_ref().ok()) {
        report.add("problem", mistake);
    }
    judge(&mut report, "app secret", &source, secret.as_ref().err());
    judge(
        &mut report,
        "verify token",
        &token_source,
        token.as_ref().err(),
    );
    if token.is_ok_and(|token| token.expose_secret().len() < SHORT_TOKEN) {
        let message = format!(
            "{token_source}: the verify token has fewer than {SHORT_TOKEN} characters and \
            can be guessed; choose a longer one, such as 32 random digits"
        );
        report.add("warning", &message);
    }
    output::write(&report.text)?;
    Ok(!report.has_problem)
}

fn judge(report: &mut Report, what: &str, source: &Source, refused: Option<&hubseal::SecretError>) {
    match refused {
        Some(refused) => report.add("problem", &refused.to_string()),
        None => report.add("ok", &format!("{source}: the {what} has a valid form")),
    }
    if let Source::File(path) = source {
        permissions(report, source, path);
    }
}

/// Finds values that are in each other's place. `secret` is `None` if it is refused.
fn mixed_up(
    source: &Source,
    secret: Option<&AppSecret>,
    token: Option<&VerifyToken>,
) -> Option<&'static str> {
    let looks_like_secret = |text: &str| AppSecret::meta(text).is_ok();
    let token = token?.expose_secret();
    match secret {
        // Both are the user's own values, so the time of the comparison does not matter.
        Some(secret) if secret.expose_secret() == token => {
            Some("the app secret and the verify token are equal; choose another verify token")
        }
        None if looks_like_secret(token) => {
            // A value of any form is there: the two were probably swapped.
            let is_there =
                source.app_secret(SchemeName::Github).is_ok() || source.verify_token().is_ok();
            is_there.then_some("the app secret and the verify token are swapped; exchange them")
        }
        _ => None,
    }
}

#[cfg(unix)]
fn permissions(report: &mut Report, source: &Source, path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;

    let Ok(metadata) = std::fs::metadata(path) else {
        return;
    };
    let mode = metadata.permissions().mode();
    if mode & 0o022 != 0 {
        report.add(
            "problem",
            &format!("{source}: other users can replace the secret; run chmod go-w"),
        );
    }
    if mode & 0o004 != 0 {
        report.add(
            "warning",
            &format!("{source}: all users of this machine can read it; run chmod o-r"),
        );
    }
}

#[cfg(not(unix))]
fn permissions(_: &mut Report, _: &Source, _: &std::path::Path) {}
