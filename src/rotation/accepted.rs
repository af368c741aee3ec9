//! The secrets that are accepted at a time, and how a rotation changes them.

use alloc::sync::Arc;
use std::time::SystemTime;

use subtle::{Choice, ConstantTimeEq};

use super::files::Contents;
use crate::{
    endpoint::Handshake,
    secret::{AppSecret, VerifyToken},
    signature::{Clock, KeyRing},
};

/// The accepted secrets and tokens.
pub(super) struct Accepted {
    pub(super) current: Arc<AppSecret>,
    pub(super) previous: Option<(Arc<AppSecret>, SystemTime)>,
    pub(super) tokens: Arc<[VerifyToken]>,
    pub(super) replaced_tokens: Option<(Arc<[VerifyToken]>, SystemTime)>,
    /// The last contents of the file of the previous secret.
    previous_file: Option<Arc<AppSecret>>,
}

impl Accepted {
    /// The contents of the files at the start.
    pub(super) fn of(contents: Contents, deadline: SystemTime) -> Self {
        let previous_file = contents.previous.map(Arc::new);
        let is_other = |secret: &Arc<AppSecret>| !is_same(secret, &contents.current);
        Self {
            previous: previous_file
                .clone()
                .filter(is_other)
                .map(|secret| (secret, deadline)),
            previous_file,
            current: Arc::new(contents.current),
            tokens: contents.verify_tokens.into(),
            replaced_tokens: None,
        }
    }

    /// Returns the next state after the files have been read again, and whether a secret or token differs.
    pub(super) fn next(&self, contents: Contents, deadline: SystemTime) -> (Self, bool) {
        let previous_file = contents.previous.map(Arc::new);
        let is_rotated = !is_same(&self.current, &contents.current);
        let are_tokens_replaced = !are_same(&self.tokens, &contents.verify_tokens);

        let previous = if is_rotated {
            Some((Arc::clone(&self.current), deadline))
        } else {
            self.previous_of(previous_file.as_ref(), deadline)
        };
        let is_changed = is_rotated
            || are_tokens_replaced
            || !is_same_option(
                previous.as_ref().map(|(secret, _)| secret),
                self.previous.as_ref().map(|(secret, _)| secret),
            );
        let next = Self {
            current: if is_rotated {
                Arc::new(contents.current)
            } else {
                Arc::clone(&self.current)
            },
            previous,
            replaced_tokens: if are_tokens_replaced {
                Some((Arc::clone(&self.tokens), deadline))
            } else {
                self.replaced_tokens.clone()
            },
            tokens: if are_tokens_replaced {
                contents.verify_tokens.into()
            } else {
                Arc::clone(&self.tokens)
            },
            previous_file,
        };
        (next, is_changed)
    }

    /// Returns the previous secret after its file has been read, if the app secret has not changed.
    fn previous_of(
        &self,
        file: Option<&Arc<AppSecret>>,
        deadline: SystemTime,
    ) -> Option<(Arc<AppSecret>, SystemTime)> {
        let previous = self.previous.as_ref().map(|(secret, _)| secret);
        let was_of_file = is_same_option(previous, self.previous_file.as_ref());
        match file {
            _ if is_same_option(file, self.previous_file.as_ref()) => self.previous.clone(),
            // The operator has written the first of two files, or saves the secret for a restart.
            Some(file) if is_same(file, &self.current) || is_same_option(previous, Some(file)) => {
                self.previous.clone()
            }
            Some(file) => Some((Arc::clone(file), deadline)),
            None if was_of_file => None,
            None => self.previous.clone(),
        }
    }

    pub(super) fn ring(&self, clock: &Clock) -> KeyRing {
        let previous = self.previous.as_ref();
        let previous = previous.map(|(secret, deadline)| (&**secret, *deadline));
        KeyRing::of_rotation(&self.current, previous, clock.clone())
    }

    pub(super) fn handshake(&self, clock: &Clock) -> Handshake {
        let handshake = Handshake::of_tokens(self.tokens.iter());
        match &self.replaced_tokens {
            Some((tokens, deadline)) => {
                handshake.with_replaced(tokens.iter(), *deadline, clock.clone())
            }
            None => handshake,
        }
    }

    /// Drops the replaced secret and the replaced tokens.
    pub(super) fn revoke_previous(&mut self) {
        self.previous = None;
        self.replaced_tokens = None;
    }
}

/// Compares in constant time. The result and the lengths are public.
fn is_same(one: &AppSecret, other: &AppSecret) -> bool {
    ct_eq(one.expose_secret(), other.expose_secret()).into()
}

fn is_same_option(one: Option<&Arc<AppSecret>>, other: Option<&Arc<AppSecret>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn are_same(some: &[VerifyToken], others: &[VerifyToken]) -> bool {
    let compared = some
        .iter()
        .zip(others)
        .map(|(one, other)| ct_eq(one.expose_secret(), other.expose_secret()));
    let are_equal = compared.fold(Choice::from(1), |all, equal| all & equal);
    some.len() == others.len() && bool::from(are_equal)
}

fn ct_eq(one: &str, other: &str) -> Choice {
    one.as_bytes().ct_eq(other.as_bytes())
}
