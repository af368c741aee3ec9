//! The signature of a request, as its head presents it.

use alloc::{boxed::Box, vec::Vec};

use hmac::{Mac, digest::CtOutput};
use subtle::{Choice, ConditionallySelectable};

use super::{
    Fingerprint, HmacState, KeyName, KeyRing, Proof, Scheme, Signature, SignedPart,
    hmac_state::HmacSha256, scheme::only, timestamp,
};
use crate::{
    header_lookup::HeaderLookup,
    rejection::{Rejection, RejectionKind},
    sync::Arc,
};

/// The presented signatures, and the part of the message before the body.
///
/// A scheme that signs the body alone needs no allocation.
#[derive(Clone)]
pub(crate) enum Presented {
    BodyOnly(Signature),
    Message(Box<Message>),
}

#[derive(Clone)]
pub(crate) struct Message {
    /// 1 to [`Scheme::MAX_SIGNATURES`].
    signatures: Vec<Signature>,
    before_body: Vec<u8>,
    /// The ids among the parts before the body. Usually one or none.
    ids: Vec<Vec<u8>>,
}

impl Presented {
    /// Reads the headers of the scheme, and compares the timestamp with the clock of the ring.
    #[expect(clippy::inline_always, reason = "saves copies of the signature")]
    #[inline(always)]
    pub(crate) fn read<H: HeaderLookup + ?Sized>(
        scheme: &Scheme,
        headers: &H,
        ring: impl Fn() -> Arc<KeyRing>,
    ) -> Result<Self, Rejection> {
        if scheme.is_body_only() {
            let value = only(headers.values(scheme.header()))?;
            return scheme.parse_one(value).map(Self::BodyOnly);
        }
        let message = Message::read(scheme, headers, || ring().unix_time())?;
        Ok(Self::Message(Box::new(message)))
    }

    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        match self {
            Self::BodyOnly(signature) => View::BodyOnly(signature),
            Self::Message(message) => View::Message(message),
        }
    }
}

/// A borrowed [`Presented`].
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    BodyOnly(&'a Signature),
    Message(&'a Message),
}

/// The key that matches, and the index of the signature.
#[derive(Clone, Copy)]
pub(crate) struct Match {
    pub(crate) key: KeyName,
    pub(super) place: u8,
}

impl View<'_> {
    /// Hashes the part of the message before the body.
    #[inline]
    pub(crate) fn begin(self, mac: &mut HmacSha256) {
        if let Self::Message(message) = self {
            mac.update(&message.before_body);
        }
    }

    /// Starts a boxed HMAC from that of a key, and hashes the part of the message before the body.
    #[inline]
    pub(crate) fn start(self, key: &HmacSha256) -> HmacState {
        let mut state = HmacState::keep(key);
        if let Self::Message(message) = self {
            state.update(&message.before_body);
        }
        state
    }

    /// Compares a finished HMAC with every signature, in constant time. Returns the index of the one that
    /// matches.
    #[inline]
    pub(super) fn matching(self, mac: HmacSha256) -> Option<u8> {
        match self {
            Self::BodyOnly(one) => mac.verify(one.as_bytes().into()).is_ok().then_some(0),
            Self::Message(message) => one_of(&message.signatures, mac),
        }
    }

    /// Returns the proof for a match.
    #[inline]
    pub(crate) fn proof(self, Match { key, place }: Match) -> Proof {
        match self {
            Self::BodyOnly(signature) => Proof::new(key, signature),
            Self::Message(message) => message.proof(key, place),
        }
    }
}

/// The caller may branch on the index: the sender knows which signature is genuine.
#[inline(never)]
fn one_of(signatures: &[Signature], mac: HmacSha256) -> Option<u8> {
    let tag = mac.finalize();
    let mut found = Choice::from(0);
    let mut place = 0_u8;
    for (at, signature) in (0..).zip(signatures) {
        // `==` of two `CtOutput` takes constant time.
        let is_equal = tag == CtOutput::new((*signature.as_bytes()).into());
        let is_equal = Choice::from(u8::from(is_equal));
        place.conditional_assign(&at, is_equal);
        found |= is_equal;
    }
    bool::from(found).then_some(place)
}

impl Message {
    #[inline(never)]
    fn read<H: HeaderLookup + ?Sized>(
        scheme: &Scheme,
        headers: &H,
        now: impl Fn() -> Option<u64>,
    ) -> Result<Self, Rejection> {
        let value = only(headers.values(scheme.header))?;
        let signatures = signatures(scheme, value)?;
        let (mut before_body, mut ids) = (Vec::new(), Vec::new());
        for (part, next) in with_next(scheme.before_body) {
            let bytes = match *part {
                SignedPart::Text(text) => text.as_bytes(),
                SignedPart::TimestampHeader(name) => only(headers.values(name))?,
                SignedPart::TimestampItem(prefix) => item(scheme, value, prefix)?,
                SignedPart::IdHeader(name) => {
                    let id = only(headers.values(name))?;
                    check_id(id, next)?;
                    ids.push(id.to_vec());
                    id
                }
            };
            if part.is_timestamp() {
                let timestamp = timestamp::parse(bytes).ok_or_else(malformed)?;
                timestamp::check(timestamp, scheme.tolerance, now())?;
            }
            before_body.extend_from_slice(bytes);
        }
        Ok(Self {
            signatures,
            before_body,
            ids,
        })
    }

    #[inline(never)]
    fn proof(&self, key: KeyName, place: u8) -> Proof {
        match self.signatures.get(usize::from(place)) {
            Some(signature) if self.ids.is_empty() => Proof::new(key, signature),
            _ => {
                let ids = self.ids.iter().map(Vec::as_slice);
                let parts = core::iter::once(b"delivery id".as_slice()).chain(ids);
                Proof::of_id(key, Fingerprint::new(parts))
            }
        }
    }
}

fn malformed() -> Rejection {
    Rejection::new(RejectionKind::SignatureMalformed)
}

/// Returns each part with the one after it.
pub(super) fn with_next(
    parts: &'static [SignedPart],
) -> impl Iterator<Item = (&'static SignedPart, Option<&'static SignedPart>)> {
    let next = parts.iter().skip(1).map(Some).chain([None]);
    parts.iter().zip(next)
}

fn items<'a>(scheme: &Scheme, value: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let separator = scheme.separator;
    value.split(move |byte| Some(*byte) == separator)
}

/// Parses the signatures of a header value, and ignores the other items of a list.
fn signatures(scheme: &Scheme, value: &[u8]) -> Result<Vec<Signature>, Rejection> {
    if value.len() > Scheme::MAX_HEADER_BYTES {
        return Err(malformed());
    }
    let is_other = |item: &[u8]| {
        let is_signature = item.starts_with(scheme.prefix.as_bytes());
        let is_timestamp = scheme.before_body.iter().any(|part| {
            matches!(part, SignedPart::TimestampItem(prefix) if item.starts_with(prefix.as_bytes()))
        });
        scheme.separator.is_some() && (!is_signature || is_timestamp)
    };
    let mut signatures = Vec::new();
    for item in items(scheme, value).filter(|item| !is_other(item)) {
        if signatures.len() >= Scheme::MAX_SIGNATURES {
            return Err(malformed());
        }
        signatures.push(scheme.parse_one(item)?);
    }
    if signatures.is_empty() {
        return Err(malformed());
    }
    Ok(signatures)
}

/// Returns the only item with this prefix, without the prefix.
fn item<'a>(scheme: &Scheme, value: &'a [u8], prefix: &str) -> Result<&'a [u8], Rejection> {
    let mut found = items(scheme, value).filter_map(|item| item.strip_prefix(prefix.as_bytes()));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(malformed()),
    }
}

/// Checks the length and the characters of an id. It must not contain the first byte of the text after it.
pub(super) fn check_id(id: &[u8], next: Option<&SignedPart>) -> Result<(), Rejection> {
    let end = match next {
        Some(SignedPart::Text(text)) => text.as_bytes().first(),
        _ => None,
    };
    let is_good = |byte: &u8| byte.is_ascii_graphic() && Some(byte) != end;
    if id.is_empty() || id.len() > Scheme::MAX_ID_BYTES || !id.iter().all(is_good) {
        return Err(malformed());
    }
    Ok(())
}
