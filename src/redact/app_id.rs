//! The app id in the first characters of an access token.
//!
//! Access tokens are base64 with `Z` as the escape letter: `ZA` is `Z`, `ZB` is `+`, `ZC` is `/`,
//! `ZD` is `=`. The first six bits are 4, which encodes as `E`. The app id follows as 64 bits. Meta
//! does not document this format.

use alloc::{boxed::Box, string::String};

use super::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId},
    unit::{Ahead, Known},
};
use crate::secret::AccessToken;

/// The value of the first six bits of an access token.
const TYPE: u128 = 4;
/// The number of characters that contain the type and the id. The id fills only the upper four bits of
/// the last one.
const CHARACTERS: u32 = 12;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl AccessToken {
    /// Returns the id of the app that this token seems to belong to.
    ///
    /// Returns `None` if the token does not look like an access token of the Graph API (`EAA…`).
    ///
    /// Use it in error messages only, for a token of another app than the configured one. Tokens are
    /// opaque and their format can change at any time: make no decision by it.
    ///
    /// # Examples
    /// ```
    /// use hubseal::AccessToken;
    ///
    /// let token = AccessToken::new("EAACEdEose0cBAExampleExampleExample")?;
    /// assert_eq!(token.app_id_hint(), Some(145634995501895));
    /// assert_eq!(AccessToken::new("IGAAexampleExample")?.app_id_hint(), None);
    /// # Ok::<(), hubseal::SecretError>(())
    /// ```
    #[must_use]
    pub fn app_id_hint(&self) -> Option<u64> {
        let token = self.expose_secret();
        if !token.starts_with("EA") {
            return None;
        }
        let mut characters = token.bytes();
        let mut bits = 0_u128;
        for _ in 0..CHARACTERS {
            let character = match characters.next()? {
                b'Z' => escaped(characters.next()?)?,
                character => character,
            };
            bits = bits << 6 | u128::from(sextet(character)?);
        }
        u64::try_from(bits >> 2 & u128::from(u64::MAX))
            .ok()
            .filter(|id| *id > 0)
    }
}

/// Returns the first characters of every access token of an app, which its id determines.
///
/// The prefix has eleven characters of base64. A character that Meta escapes is written as two. The
/// format is an observation, not a promise of the platform.
///
/// # Examples
/// ```
/// assert_eq!(hubseal::redact::token_prefix(119211728144504), "EAABsbCS1iH");
/// assert_eq!(hubseal::redact::token_prefix(350685531728), "EAAAAUaZA8jl");
/// ```
#[must_use]
pub fn token_prefix(app_id: u64) -> String {
    let mut prefix = String::new();
    for index in 0..CHARACTERS.saturating_sub(1) {
        match character(app_id, index) {
            b'Z' => prefix.push_str("ZA"),
            b'+' => prefix.push_str("ZB"),
            b'/' => prefix.push_str("ZC"),
            letter => prefix.push(letter.into()),
        }
    }
    prefix
}

/// Returns the base64 character at this index of the app's tokens.
fn character(app_id: u64, index: u32) -> u8 {
    let bits = TYPE << 66 | u128::from(app_id) << 2;
    let sextet = bits >> 66_u32.saturating_sub(index.saturating_mul(6)) & 63;
    let letter = usize::try_from(sextet)
        .ok()
        .and_then(|sextet| LETTERS.get(sextet));
    letter.copied().unwrap_or_default()
}

/// Decodes the letter after the escape letter `Z`.
fn escaped(letter: u8) -> Option<u8> {
    match letter {
        b'A' => Some(b'Z'),
        b'B' => Some(b'+'),
        b'C' => Some(b'/'),
        _ => None,
    }
}

fn sextet(letter: u8) -> Option<u8> {
    u8::try_from(LETTERS.iter().position(|other| *other == letter)?).ok()
}

/// The rule for the access tokens of one app.
pub(super) struct OfApp {
    prefix: Box<str>,
    /// The upper four bits of the character after the prefix.
    last: u8,
    marker: MarkerId,
}

impl OfApp {
    pub(super) fn new(app_id: u64, marker: MarkerId) -> Self {
        let last = sextet(character(app_id, CHARACTERS.saturating_sub(1))).unwrap_or_default() >> 2;
        Self {
            prefix: token_prefix(app_id).into(),
            last,
            marker,
        }
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn judge(&self, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        if !ahead.equals(0, self.prefix.as_bytes())? {
            return Ok(None);
        }
        let last = match ahead.byte(self.prefix.len())? {
            Some(b'Z') => ahead
                .byte(self.prefix.len().saturating_add(1))?
                .and_then(escaped),
            last => last,
        };
        if last
            .and_then(sextet)
            .is_none_or(|last| last >> 2 != self.last)
        {
            return Ok(None);
        }
        let start = behind.unfinished_escape(ahead.text());
        let extent = Extent::Run(Alphabet::BASE64URL);
        Ok(Some(Found::new(start, extent, self.marker)))
    }
}
