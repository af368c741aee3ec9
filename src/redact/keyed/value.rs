//! What a value under a key looks like.

use super::{Between, Separator};
use crate::redact::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId, Replacement},
    unit::{Ahead, Known},
};

/// What a value must look like to be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Value {
    /// Anything; behind a colon and without quotes, something long.
    Secret,
    /// Anything in a query, elsewhere something long.
    Code,
    /// Six digits.
    Pin,
    /// What an `Authorization` header holds.
    Credentials,
    /// What an `X-Hub-Signature` header holds.
    Signature,
    /// What a `Cookie` header holds.
    Cookie,
}

/// The units that tell a value from a word of prose.
const LONG: usize = 16;
/// The same, where a digit is among them.
const LONG_WITH_DIGIT: usize = 8;
const LONG_CODE: usize = 30;
const PIN: usize = 6;
const MAX_COOKIE_NAME: usize = 40;
const MIN_SIGNATURE: usize = 32;

const SCHEMES: [&str; 7] = [
    "basic",
    "bearer",
    "digest",
    "negotiate",
    "oauth",
    "token",
    "aws4-hmac-sha256",
];
const COOKIE_NAME: Alphabet = Alphabet::ALPHANUMERIC.and(b"!#$%'*+-.^_`|~");
const NUMBER: Alphabet = Alphabet::ALPHANUMERIC.and(b".+-");

impl Value {
    /// Whether the key is a word that stands in much text.
    pub(super) fn has_common_key(self) -> bool {
        matches!(self, Self::Code | Self::Pin)
    }

    /// Where the key ends whose first part ends at `key`.
    pub(super) fn end_of_key(self, key: usize, ahead: Ahead<'_>) -> Known<usize> {
        let more = self == Self::Signature
            && (ahead.equals(key, b"-256")? || ahead.equals(key, b"_256")?);
        Ok(if more { key.saturating_add(4) } else { key })
    }

    pub(super) fn judge(
        self,
        behind: Behind<'_>,
        ahead: Ahead<'_>,
        between: &Between,
        marker: MarkerId,
    ) -> Known<Option<Found>> {
        let value = ahead.from(between.value);
        let number = between.is_number(value)?;
        if between.is_bare() && between.key_quote.is_some() && !number && is_literal(value)? {
            return Ok(None);
        }
        let extent = if number {
            Extent::Run(NUMBER)
        } else {
            between.extent()
        };
        let fits = match self {
            Self::Pin => is_pin(value, extent, between)?,
            Self::Code => {
                let least = if between.is_in_query(behind) {
                    1
                } else {
                    LONG_CODE
                };
                let quoted = between.key_quote.is_some();
                let assigned = matches!(between.separator, Separator::Equals(_));
                (quoted || assigned) && extent.count(value, least)? == least
            }
            Self::Secret if between.is_prose() && !number => is_long(value, extent)?,
            _ if !between.is_bare() || number || self == Self::Secret => {
                extent.count(value, 1)? > 0
            }
            Self::Signature => is_signature(value)?,
            Self::Credentials if has_scheme(value)? => true,
            Self::Cookie if has_cookie_name(value)? => true,
            Self::Secret | Self::Credentials | Self::Cookie => is_long(value, extent)?,
        };
        if !fits {
            return Ok(None);
        }
        let extent = match self {
            Self::Credentials if between.is_bare() && has_scheme(value)? => Extent::Line,
            Self::Cookie if between.is_bare() && has_cookie_name(value)? => Extent::Line,
            Self::Pin => Extent::Here,
            _ => extent,
        };
        let known = if self == Self::Pin { PIN } else { 0 };
        Ok(Some(between.found(extent, known, number, marker)))
    }
}

impl Between {
    fn is_bare(&self) -> bool {
        self.quote.is_none()
    }

    /// Whether key and value may be words of a sentence.
    fn is_prose(&self) -> bool {
        self.is_bare() && matches!(self.separator, Separator::Colon(_))
    }

    fn is_in_query(&self, behind: Behind<'_>) -> bool {
        matches!(self.separator, Separator::Equals(_))
            && self.key_quote.is_none()
            && matches!(behind.unit(), Some((b'?' | b'&', _)))
    }

    /// Whether the value is a number of JSON, or begins like one.
    pub(in crate::redact) fn is_number(&self, value: Ahead<'_>) -> Known<bool> {
        if self.key_quote.is_none() || !self.is_prose() {
            return Ok(false);
        }
        let sign = usize::from(value.is(0, |byte| byte == b'-')?);
        value.is(sign, |byte| byte.is_ascii_digit())
    }

    pub(in crate::redact) fn found(
        &self,
        extent: Extent,
        known: usize,
        number: bool,
        marker: MarkerId,
    ) -> Found {
        let replacement = match (&self.key_quote, self.quote) {
            (Some((_, place)), _) if number => Replacement::Quoted(marker, place.clone()),
            (_, Some(quote)) if self.is_list => Replacement::Listed(marker, quote),
            _ => Replacement::Marker(marker),
        };
        let known = self.value.saturating_add(known);
        Found {
            start: self.value,
            known,
            extent,
            replacement,
        }
    }
}

/// Whether this is what JSON and its like write without quotes, other than a number.
fn is_literal(value: Ahead<'_>) -> Known<bool> {
    if value.is(0, |byte| b"{[(]}),".contains(&byte))? {
        return Ok(true);
    }
    for literal in [&b"true"[..], b"false", b"null", b"None"] {
        let is_word = |byte| Alphabet::WORD.contains(byte);
        if value.equals(0, literal)? && !value.is(literal.len(), is_word)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the value is longer than a word of prose.
fn is_long(value: Ahead<'_>, extent: Extent) -> Known<bool> {
    let units = extent.count(value, LONG)?;
    let mut has_digit = false;
    let mut at = 0_usize;
    for _ in 0..units {
        has_digit |= value.is(at, |byte| byte.is_ascii_digit())?;
        at = at.saturating_add(value.unit(at)?.map_or(1, |unit| unit.length));
    }
    Ok(units >= if has_digit { LONG_WITH_DIGIT } else { LONG })
}

fn is_pin(value: Ahead<'_>, extent: Extent, between: &Between) -> Known<bool> {
    if value.run(0, PIN, |byte| byte.is_ascii_digit())? < PIN {
        return Ok(false);
    }
    let rest = value.from(PIN);
    Ok(match extent {
        Extent::Bare(_) if between.is_bare() => {
            !rest.is(0, |byte| Alphabet::WORD.contains(byte))?
        }
        _ => extent.count(rest, 1)? == 0,
    })
}

/// Whether the value begins with the name of a scheme and a blank.
fn has_scheme(value: Ahead<'_>) -> Known<bool> {
    for scheme in SCHEMES {
        if value.has(0, scheme.as_bytes())? {
            let blank = value.unit(scheme.len())?;
            return Ok(blank.is_some_and(|unit| unit.stands_for(b' ') || unit.is_raw(b'+')));
        }
    }
    Ok(false)
}

fn is_signature(value: Ahead<'_>) -> Known<bool> {
    for scheme in [&b"sha256"[..], b"sha1"] {
        if value.has(0, scheme)? {
            return Ok(value
                .unit(scheme.len())?
                .is_some_and(|unit| unit.stands_for(b'=')));
        }
    }
    let digits = value.run(0, MIN_SIGNATURE, |byte| byte.is_ascii_hexdigit())?;
    Ok(digits == MIN_SIGNATURE)
}

fn has_cookie_name(value: Ahead<'_>) -> Known<bool> {
    let name = value.run(0, MAX_COOKIE_NAME, |byte| COOKIE_NAME.contains(byte))?;
    Ok(name > 0 && value.is(name, |byte| byte == b'=')?)
}
