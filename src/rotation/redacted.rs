//! Registers the accepted secrets with a redactor.

use alloc::{format, vec::Vec};
use core::iter;
use std::path::Path;

use super::{SecretsBuilder, accepted::Accepted};
use crate::{
    redact::ValueSet,
    secret::{SecretError, SecretErrorKind},
};

/// A value, its label, and the file that it is from.
struct Value<'a> {
    file: &'a Path,
    label: &'static str,
    text: &'a str,
}

/// Registers all values of these states with the redactor, or none.
pub(super) fn register(
    set: Option<&ValueSet>,
    files: &SecretsBuilder,
    states: &[&Accepted],
) -> Result<(), SecretError> {
    let Some(set) = set else { return Ok(()) };
    let values = states.iter().flat_map(|accepted| values(files, accepted));
    let values: Vec<_> = values.collect();
    set.replace(values.iter().map(|value| (value.label, value.text)))
        .map_err(|error| {
            let mut refused = values.iter();
            let refused = refused.find(|value| !set.accepts(value.label, value.text));
            let (file, label) = refused.map_or((&*files.app_secret, "app_secret"), |value| {
                (value.file, value.label)
            });
            let what = label.replace('_', " ");
            #[expect(clippy::unnecessary_debug_formatting, reason = "escapes the path")]
            let subject = format!("the {what} file {file:?}");
            SecretError::new(subject, SecretErrorKind::NotRedactable).caused_by(error)
        })
}

fn values<'a>(
    files: &'a SecretsBuilder,
    accepted: &'a Accepted,
) -> impl Iterator<Item = Value<'a>> {
    let app_secret = |file, secret| Value {
        file,
        label: "app_secret",
        text: secret,
    };
    let current = app_secret(&files.app_secret, accepted.current.expose_secret());
    // Without a file of its own, the previous secret is from that of the current one.
    let file = files.previous.as_ref().unwrap_or(&files.app_secret);
    let previous = accepted.previous.iter();
    let previous = previous.map(move |(secret, _)| app_secret(file, secret.expose_secret()));
    let replaced = accepted.replaced_tokens.iter().map(|(tokens, _)| tokens);
    let tokens = iter::once(&accepted.tokens)
        .chain(replaced)
        .flat_map(|tokens| files.verify_tokens.iter().zip(tokens.iter()))
        .map(|(file, token)| Value {
            file,
            label: "verify_token",
            text: token.expose_secret(),
        })
        // A shorter one would match ordinary text, and is found by its key only.
        .filter(|token| token.text.len() >= 8);
    iter::once(current).chain(previous).chain(tokens)
}
