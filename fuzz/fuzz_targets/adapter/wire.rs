//! Bytes on the wire, in both directions.

use super::{Expected, RejectionKind, Seen, status};
use hubseal_fuzz::{
    headers::Header,
    known::{SECRET, signed},
};

/// Replaces placeholders by signatures.
pub(super) fn with_signatures(input: &[u8]) -> Vec<u8> {
    const OPEN: &[u8] = b"{signature";
    let whole = find(input, b"\r\n\r\n").map_or(&[][..], |end| &input[end + 4..]);
    let (mut text, mut rest) = (Vec::new(), input);
    while let Some(at) = find(rest, OPEN) {
        let inside = &rest[at + OPEN.len()..];
        let Some(end) = find(inside, b"}") else {
            break;
        };
        let signature = match inside[..end].strip_prefix(b" of ") {
            Some(body) => signed(SECRET, body),
            None => signed(SECRET, whole),
        };
        text.extend_from_slice(&rest[..at]);
        text.extend_from_slice(signature.as_bytes());
        rest = &inside[end + 1..];
    }
    [text.as_slice(), rest].concat()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    headers: Vec<Header>,
}

/// Parses the final responses to requests of these methods. Skips `100 Continue`.
pub(super) fn responses<'a>(
    mut received: &[u8],
    mut methods: impl Iterator<Item = &'a [u8]>,
) -> Vec<Response> {
    let mut responses = Vec::new();
    while !received.is_empty() {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut head = httparse::Response::new(&mut headers);
        let length = head.parse(received).unwrap();
        assert!(length.is_complete(), "incomplete response");
        let (status, rest) = (head.code.unwrap(), &received[length.unwrap()..]);
        if status == 100 {
            received = rest;
            continue;
        }
        let headers = head.headers.iter();
        let mut response = Response {
            status,
            body: Vec::new(),
            headers: headers
                .map(|header| (header.name.to_ascii_lowercase().into(), header.value.into()))
                .collect(),
        };
        let length: usize = response.header("content-length").unwrap().parse().unwrap();
        let length = if methods.next() == Some(b"HEAD") {
            0
        } else {
            length
        };
        response.body.extend_from_slice(&rest[..length]);
        received = &rest[length..];
        responses.push(response);
    }
    responses
}

impl Response {
    fn header(&self, wanted: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(name, _)| name == wanted.as_bytes());
        let (_, value) = found.next()?;
        assert_eq!(found.next(), None, "{wanted} twice");
        str::from_utf8(value).ok()
    }

    pub(super) fn assert_is(&self, expected: &Expected) {
        let (status, body) = match expected {
            Expected::Verified(_) => (200, "current"),
            Expected::Challenge(challenge) => (200, challenge.as_str()),
            Expected::Rejected(kind) => (status(*kind, false), ""),
        };
        assert_eq!(self.status, status, "{expected:?}");
        assert_eq!(self.body, body.as_bytes(), "{expected:?}");

        let is_challenge = matches!(expected, Expected::Challenge(_));
        let not_allowed = *expected == Expected::Rejected(RejectionKind::MethodNotAllowed);
        for (name, value) in [
            (
                "content-type",
                is_challenge.then_some("text/plain; charset=utf-8"),
            ),
            ("x-content-type-options", is_challenge.then_some("nosniff")),
            ("allow", not_allowed.then_some("GET, POST")),
        ] {
            assert_eq!(self.header(name), value, "{name} of {expected:?}");
        }
    }
}

/// A request with unambiguous framing.
pub(super) struct Plain {
    method: Vec<u8>,
    target: Vec<u8>,
    headers: Vec<Header>,
    body: Vec<u8>,
    is_complete: bool,
}

pub(super) fn plain(sent: &[u8]) -> Option<Plain> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(sent).ok()? else {
        return None;
    };
    let headers: Vec<Header> = head
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase().into(), header.value.into()))
        .collect();
    let special = ["connection", "expect", "transfer-encoding", "upgrade"];
    let is_plain = |(name, _): &Header| !special.iter().any(|special| special.as_bytes() == name);
    let target = head.path?.as_bytes().to_vec();
    let in_target = |byte: &u8| byte.is_ascii_alphanumeric() || b"/?&=.-_%".contains(byte);
    let lengths: Vec<&Header> = headers
        .iter()
        .filter(|(name, _)| name == b"content-length")
        .collect();
    let length_of_body = match lengths[..] {
        [] => 0,
        [(_, value)] if value.len() < 10 && value.iter().all(u8::is_ascii_digit) => {
            str::from_utf8(value).ok()?.parse().ok()?
        }
        _ => return None,
    };
    let rest = &sent[length..];
    let is_plain = head.version == Some(1)
        && target.starts_with(b"/")
        && target.iter().all(in_target)
        && headers.iter().all(is_plain);
    is_plain.then(|| Plain {
        method: head.method.unwrap_or_default().into(),
        target,
        headers,
        body: rest[..rest.len().min(length_of_body)].to_vec(),
        is_complete: rest.len() >= length_of_body,
    })
}

impl Plain {
    /// Checks that the server read this request first.
    pub(super) fn assert_is(&self, seen: Option<&Seen>) {
        let seen = seen.expect("the server read no request");
        assert_eq!(seen.method, self.method);
        let query = find(&self.target, b"?").map_or(&[][..], |at| &self.target[at + 1..]);
        assert_eq!(seen.query, query);
        let sorted = |headers: &[Header]| {
            let mut headers = headers.to_vec();
            headers.sort_by(|(one, _), (other, _)| one.cmp(other));
            headers
        };
        assert_eq!(sorted(&seen.headers), sorted(&self.headers));

        let body = seen.chunks.concat();
        assert!(self.body.starts_with(&body));
        if let Some(super::End::Whole) = seen.end {
            assert!(self.is_complete && body == self.body);
        }
    }
}
