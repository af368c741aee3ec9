//! Decides whether the value of a key is a secret.

use super::{Between, Separator, looks};
use crate::redact::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId, Replacement},
    unit::{Ahead, Known},
};

/// The condition for redacting the value of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Value {
    /// Any value. After a colon and without quotes, only a long one.
    Secret,
    /// In a query, anything but a short word or a number. Elsewhere, a long value.
    Code,
    /// Six digits.
    Pin,
    /// The value of an `Authorization` header.
    Credentials,
    /// The value of an `X-Hub-Signature` header.
    Signature,
    /// The value of a `Cookie` header.
    Cookie,
}

const NUMBER: Alphabet = Alphabet::ALPHANUMERIC.and(b".+-");

impl Value {
    /// Returns whether the key is a common word.
    pub(super) fn has_common_key(self) -> bool {
        matches!(self, Self::Code | Self::Pin)
    }

    /// Returns whether the key is a header name.
    pub(super) fn is_header(self) -> bool {
        matches!(self, Self::Credentials | Self::Signature | Self::Cookie)
    }

    /// Returns the end of the key. `key` is the end without the suffix `-256`.
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
        if between.is_literal(value)? {
            return Ok(None);
        }
        let extent = between.extent_of(number);
        if self.is_header() {
            let rest = self.judge_header(value, between, extent, number)?;
            return Ok(rest.map(|(extent, known)| between.found(extent, known, number, marker)));
        }
        let fits = match self {
            Self::Pin => looks::is_pin(value, extent, between.quote.is_none() && !number)?,
            Self::Code if between.is_in_query(behind) => looks::is_short_code(value, extent)?,
            Self::Code => between.may_hold_code() && looks::is_code(value, extent)?,
            _ => between.is_secret(value, extent, number)?,
        };
        let (extent, known) = match self {
            Self::Pin => (Extent::Here, looks::PIN),
            _ => (extent, 0),
        };
        Ok(fits.then(|| between.found(extent, known, number, marker)))
    }

    /// Returns whether the value is `marker` and nothing else.
    pub(super) fn is_marked(
        self,
        between: &Between,
        ahead: Ahead<'_>,
        marker: &[u8],
    ) -> Known<bool> {
        let value = ahead.from(between.value);
        if !value.equals(0, marker)? || between.is_literal(value)? {
            return Ok(false);
        }
        let rest = value.from(marker.len());
        if self == Self::Pin {
            looks::is_end_of_pin(rest, between.extent(), between.is_bare())
        } else {
            Ok(between.extent().count(rest, 1)? == 0)
        }
    }

    /// Returns the extent of a header's value, and the length that is already known to belong to it.
    ///
    /// A quoted value or a number is redacted unless it is empty. Without quotes, or after a comma,
    /// the value must have the form of the header's values. Unquoted credentials and cookies are
    /// also redacted if they are long.
    fn judge_header(
        self,
        value: Ahead<'_>,
        between: &Between,
        extent: Extent,
        number: bool,
    ) -> Known<Option<(Extent, usize)>> {
        let bare = between.quote.is_none();
        if number || !bare && between.separator != Separator::Comma {
            return Ok((extent.count(value, 1)? > 0).then_some((extent, 0)));
        }
        let in_query = matches!(between.separator, Separator::Equals(_));
        let found = match self {
            Self::Signature => return Ok(looks::is_signature(value)?.then_some((extent, 0))),
            Self::Cookie => looks::is_cookie(value)?.then_some((Extent::line(between.bracket), 0)),
            _ => looks::credentials(value, extent)?.map(|scheme| {
                if in_query {
                    (extent, scheme)
                } else {
                    (Extent::line(between.bracket), 0)
                }
            }),
        };
        if found.is_none() && bare && looks::is_long(value, extent)? {
            return Ok(Some((extent, 0)));
        }
        Ok(found.map(|found| if bare { found } else { (extent, 0) }))
    }
}

impl Between {
    fn is_bare(&self) -> bool {
        self.quote.is_none()
    }

    /// Returns whether the key and the value may be words of a sentence.
    fn is_prose(&self) -> bool {
        self.is_bare() && matches!(self.separator, Separator::Colon(_))
    }

    fn is_in_query(&self, behind: Behind<'_>) -> bool {
        matches!(self.separator, Separator::Equals(_))
            && self.key_quote.is_none()
            && matches!(behind.unit(), Some((b'?' | b'&', _)))
    }

    /// Returns whether this may be a code. A word, a colon and a word are prose.
    fn may_hold_code(&self) -> bool {
        self.key_quote.is_some() || !self.is_prose()
    }

    /// Returns whether the value begins like a JSON number.
    pub(in crate::redact) fn is_number(&self, value: Ahead<'_>) -> Known<bool> {
        if self.key_quote.is_none() || !self.is_prose() {
            return Ok(false);
        }
        let sign = usize::from(value.is(0, |byte| byte == b'-')?);
        value.is(sign, |byte| byte.is_ascii_digit())
    }

    /// Returns the extent of the value. `number` is the result of `is_number`.
    pub(in crate::redact) fn extent_of(&self, number: bool) -> Extent {
        if number {
            Extent::Run(NUMBER)
        } else {
            self.extent()
        }
    }

    /// Returns whether there is a value. If it may be a word of a sentence, it must be long.
    pub(in crate::redact) fn is_secret(
        &self,
        value: Ahead<'_>,
        extent: Extent,
        number: bool,
    ) -> Known<bool> {
        if self.is_literal(value)? {
            return Ok(false);
        }
        if self.is_prose() && !number {
            return looks::is_long(value, extent);
        }
        Ok(extent.count(value, 1)? > 0)
    }

    /// Returns whether the value is an unquoted literal other than a number, or the second `=` of `==`.
    pub(in crate::redact) fn is_literal(&self, value: Ahead<'_>) -> Known<bool> {
        if !self.is_bare() {
            return Ok(false);
        }
        let compared = self.separator == Separator::Equals(None);
        if compared && value.is(0, |byte| byte == b'=')? {
            return Ok(true);
        }
        Ok(self.key_quote.is_some() && looks::is_literal(value)?)
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
            then: None,
            replacement,
        }
    }
}
