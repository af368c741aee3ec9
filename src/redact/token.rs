//! Rules for tokens with a known shape.

use alloc::{boxed::Box, vec, vec::Vec};

use super::{
    Alphabet,
    behind::Behind,
    extent::Extent,
    found::{Found, MARKER, MarkerId},
    unit::{Ahead, Known, MAX_BACKSLASHES},
};

/// The rule for an anchor followed by characters of an alphabet.
pub(super) struct Shape {
    pub(super) anchor: Box<str>,
    /// The characters that must follow the anchor.
    pub(super) alphabet: Alphabet,
    /// The characters that are replaced together with the token.
    pub(super) swallowed: Alphabet,
    /// The minimum number of characters after the anchor.
    pub(super) least: usize,
    /// The same where the token is cut off.
    pub(super) least_cut_off: usize,
    /// Whether a digest in upper case may begin with the anchor.
    pub(super) may_be_digest: bool,
    pub(super) marker: MarkerId,
}

/// The minimum length of an access token. Meta documents none. The shortest known token has 52
/// characters.
const ACCESS_TOKEN: usize = 30;
/// The minimum length of an access token that is cut off.
const ACCESS_TOKEN_CUT_OFF: usize = 12;

impl Shape {
    /// The shapes of Meta's access tokens.
    pub(super) fn access_tokens(marker: MarkerId) -> impl Iterator<Item = Self> {
        let anchors = [
            "EAA", "EAB", "EAC", "EAD", "EAE", "EAF", "IGAA", "IGQ", "THAA",
        ];
        anchors.into_iter().map(move |anchor: &str| Self {
            anchor: anchor.into(),
            alphabet: if anchor.starts_with('E') {
                Alphabet::ALPHANUMERIC
            } else {
                Alphabet::BASE64URL
            },
            swallowed: Alphabet::BASE64URL,
            least: ACCESS_TOKEN.saturating_sub(anchor.len()),
            least_cut_off: ACCESS_TOKEN_CUT_OFF.saturating_sub(anchor.len()),
            may_be_digest: true,
            marker,
        })
    }

    pub(super) fn judge(&self, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        if !behind.is_boundary() || !ahead.equals(0, self.anchor.as_bytes())? {
            return Ok(None);
        }
        let anchor = self.anchor.len();
        let run = ahead.run(anchor, self.least, |byte| self.alphabet.contains(byte))?;
        let end = anchor.saturating_add(run);
        let is_whole = run == self.least;
        let digit = |token: &[u8]| token.iter().any(u8::is_ascii_digit);
        let token = ahead.text().get(..end).unwrap_or_default();
        let is_cut_off = run >= self.least_cut_off && digit(token) && ahead.is_cut_off(end)?;
        if !is_whole && !is_cut_off || self.may_be_digest && is_digest(token) {
            return Ok(None);
        }
        let start = behind.unfinished_escape(ahead.text());
        let found = Found::new(start, Extent::Run(self.swallowed), self.marker);
        Ok(Some(Found {
            known: end.max(start),
            ..found
        }))
    }
}

/// Returns whether the text may be the beginning of a digest in upper case.
fn is_digest(token: &[u8]) -> bool {
    token
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
}

/// The rule for the bar in `APPID|…` and `TH|APPID|…`, which may be encoded.
pub(super) struct Bar {
    pub(super) app: MarkerId,
    pub(super) threads: MarkerId,
}

/// The minimum number of digits of an app id.
const APP_ID: usize = 14;
/// The maximum number of digits of an app id, which is a 64-bit number.
const LONGEST_APP_ID: usize = 20;
const APP_TOKEN: usize = 27;
const APP_SECRET: usize = 32;
const APP_TOKEN_CUT_OFF: usize = 20;
const THREADS_TOKEN: usize = 16;

impl Bar {
    /// Returns the needles of an encoded bar. `Search` finds a raw one.
    pub(super) fn needles() -> Vec<Vec<u8>> {
        let needles = ["%7C", "%7c", "%257", "%25257", "u007"];
        needles.map(|needle| needle.as_bytes().to_vec()).to_vec()
    }

    pub(super) fn judge(&self, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        let (behind, bar) = match ahead.byte(0)? {
            Some(b'u') => match behind.backslashes() {
                1..MAX_BACKSLASHES if ahead.has(0, b"u007c")? => {
                    (behind.before(behind.backslashes()), 5)
                }
                _ => return Ok(None),
            },
            Some(b'%') => match ahead.unit(0)?.filter(|unit| unit.stands_for(b'|')) {
                Some(unit) => (behind, unit.length),
                None => return Ok(None),
            },
            _ => (behind, 1),
        };
        let digits = behind.digits();
        if digits < APP_ID {
            return Ok(None);
        }
        let run = ahead.run(bar, APP_SECRET.saturating_add(1), |byte| {
            Alphabet::BASE64URL.contains(byte)
        })?;
        let found = |marker| Some(Found::new(bar, Extent::Run(Alphabet::BASE64URL), marker));

        let threads = behind.before(digits);
        let is_threads = digits <= LONGEST_APP_ID
            && threads
                .bar()
                .is_some_and(|bar| threads.before(bar).has_suffix(b"TH"));
        if is_threads && run >= THREADS_TOKEN {
            return Ok(found(self.threads));
        }
        let end = bar.saturating_add(run);
        let token = ahead.text().get(bar..end).unwrap_or_default();
        let is_secret = run == APP_SECRET && token.iter().all(u8::is_ascii_hexdigit);
        let is_cut_off =
            (APP_TOKEN_CUT_OFF..=APP_SECRET).contains(&run) && ahead.is_cut_off(end)?;
        if ahead.equals(end, MARKER)? {
            return Ok(None);
        }
        Ok(if run == APP_TOKEN || is_secret || is_cut_off {
            found(self.app)
        } else {
            None
        })
    }
}

/// The rule for `Bearer` and a token.
pub(super) struct Bearer(pub(super) MarkerId);

/// The alphabet of RFC 6750, with `|` for app access tokens and `%` for encoded characters.
const BEARER: Alphabet = Alphabet::ALPHANUMERIC.and(b"-._~+/=|%");
const MAX_BLANKS: usize = 8;
const BEARER_TOKEN: usize = 30;
const BEARER_TOKEN_WITH_DIGIT: usize = 16;

impl Bearer {
    pub(super) fn needles() -> Vec<Vec<u8>> {
        vec![b"earer".to_vec(), b"EARER".to_vec()]
    }

    pub(super) fn judge(&self, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        let is_bearer = behind.ends_with(b"b") && ahead.has(0, b"earer")?;
        if !is_bearer || behind.before(1).is_in_word() {
            return Ok(None);
        }
        let mut token = 5_usize;
        for _ in 0..MAX_BLANKS {
            let unit = ahead.unit(token)?;
            let blank = unit.filter(|unit| unit.separates_words());
            let Some(blank) = blank else { break };
            token = token.saturating_add(blank.length);
        }
        if token == 5 {
            return Ok(None);
        }
        let run = ahead.run(token, BEARER_TOKEN, |byte| BEARER.contains(byte))?;
        let text = ahead.from(token).text().get(..run).unwrap_or_default();
        let is_token = if text.iter().any(u8::is_ascii_digit) {
            run >= BEARER_TOKEN_WITH_DIGIT
        } else {
            run == BEARER_TOKEN && text.iter().any(u8::is_ascii_uppercase)
        };
        let extent = Extent::Run(BEARER);
        Ok(is_token.then(|| Found::new(token, extent, self.0)))
    }
}
