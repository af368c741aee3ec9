//! The labels of the attack suite that say more than the expected outcome.

use super::kind::Kind;

/// The kinds of accepted requests whose label says more than the expected rejection.
pub(super) const BY_LABEL: &[(&str, Kind)] = &[
    (
        "genuine signature under the legacy header",
        Kind::OtherPlace,
    ),
    ("signature in the query", Kind::OtherPlace),
    ("signature in a trailer", Kind::OtherPlace),
    ("empty signature", Kind::AcceptsUnsigned),
    ("prefix alone", Kind::AcceptsUnsigned),
    ("63 digits", Kind::AcceptsTruncated),
    ("62 digits", Kind::AcceptsTruncated),
    ("32 digits", Kind::AcceptsTruncated),
    ("2 digits", Kind::AcceptsTruncated),
    ("a letter past F", Kind::AcceptsTruncated),
    ("a sign among the digits", Kind::AcceptsTruncated),
    ("digits marked 0x", Kind::AcceptsTruncated),
    ("a space among the digits", Kind::AcceptsTruncated),
    ("one character missing", Kind::AcceptsTruncated),
    ("a character of no encoding", Kind::AcceptsTruncated),
    ("bytes that are not ASCII", Kind::AcceptsTruncated),
    ("a character of two bytes", Kind::AcceptsTruncated),
    ("signed with the verify token", Kind::AcceptsVerifyToken),
    ("a newline added", Kind::AcceptsChanged),
    ("a byte-order mark added", Kind::AcceptsChanged),
    ("written again with spaces", Kind::AcceptsChanged),
    ("escapes decoded", Kind::AcceptsChanged),
    ("escapes in capitals", Kind::AcceptsChanged),
    ("a null byte added", Kind::AcceptsChanged),
    ("in base64, unasked for", Kind::AcceptsChanged),
    ("OPTIONS of a genuine delivery", Kind::AnswersOther),
    ("HEAD", Kind::AnswersOther),
    ("signature of the body alone", Kind::UnsignedParts),
    ("timestamp that is not signed", Kind::UnsignedParts),
    ("no timestamp", Kind::UnsignedParts),
    ("empty timestamp", Kind::UnsignedParts),
    ("timestamp of 2^64", Kind::UnsignedParts),
    ("timestamp of 100 digits", Kind::UnsignedParts),
    ("negative timestamp", Kind::UnsignedParts),
    ("timestamp that is no number", Kind::UnsignedParts),
    ("no id", Kind::UnsignedParts),
    ("empty id", Kind::UnsignedParts),
    ("id of another delivery", Kind::UnsignedParts),
    ("id of 257 characters", Kind::UnsignedParts),
    ("id with a space", Kind::UnsignedParts),
    ("id that is not ASCII", Kind::UnsignedParts),
    ("id with the end of an id", Kind::UnsignedParts),
    ("two timestamps", Kind::RepeatedHeader),
    ("nine signatures, the genuine one first", Kind::LongLists),
    ("a header of more than 2,048 bytes", Kind::LongLists),
];

/// Handshakes without the right token. The other rejected ones have it.
pub(super) const WRONG_TOKEN: &[&str] = &[
    "no token",
    "an empty token",
    "another token",
    "a token that begins like ours",
    "our token but for its end",
    "our token and a newline",
    "our token and a null byte",
    "the app secret for a token",
    "a token that is not UTF-8",
];

/// Genuine deliveries with several signatures, as during a rotation.
pub(super) const SEVERAL_SIGNATURES: &[&str] = &[
    "genuine signature after seven forged ones",
    "genuine signature before seven forged ones",
    "genuine signature among other versions",
];

/// Genuine deliveries in forms that the platform does not send. Bodies that are no update are not listed.
pub(super) const UNUSUAL_DELIVERIES: &[&str] = &[
    "digits in capitals",
    "identity coding",
    "identity coding in capitals",
    "id of 256 characters",
];

/// Genuine handshakes that Meta does not send today.
pub(super) const UNUSUAL_HANDSHAKES: &[&str] = &[
    "names percent-encoded",
    "parameters of the URL beside it",
    "a challenge of letters",
    "a challenge of 256",
];
