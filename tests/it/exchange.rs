//! The client of the attack suite: reading responses and checking them.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use hubseal::{
    RejectionKind,
    testing::{Answer, Case, Expected, Request, Target, attack_suite, exchange},
};

use crate::common::{secret, token};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Answers one request with these chunks, each in its own segment, and closes.
fn server(chunks: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        read_head(&mut stream)?;
        for chunk in chunks {
            stream.write_all(chunk.as_bytes())?;
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    });
    address
}

fn read_head(stream: &mut TcpStream) -> io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(())
}

fn answer(chunks: &'static [&'static str]) -> io::Result<Answer> {
    exchange(server(chunks), &Request::get("/"), PATIENCE)
}

fn body(chunks: &'static [&'static str]) -> String {
    String::from_utf8(answer(chunks).unwrap().body).unwrap()
}

#[test]
fn reads_body_to_declared_length() {
    let chunks = &["HTTP/1.1 200 OK\r\ncontent-le", "ngth: 5\r\n\r\n12", "345"];
    assert_eq!(body(chunks), "12345");
    let none = &["HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"];
    assert_eq!(body(none), "");
}

#[test]
fn reads_body_without_length_to_end() {
    assert_eq!(body(&["HTTP/1.1 200 OK\r\n\r\n12", "345"]), "12345");
}

#[test]
fn reads_chunked_body() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    assert_eq!(body(&[HEAD, "3\r\n123\r\n2\r\n45\r\n0\r\n\r\n"]), "12345");
    let dribbled = &[HEAD, "3\r", "\n1", "23", "\r\n2\r\n45\r\n", "0\r\n\r\n"];
    assert_eq!(body(dribbled), "12345");
}

#[test]
fn incomplete_or_malformed_response_is_an_error() {
    let kind = |chunks| answer(chunks).err().map(|error| error.kind());
    let cut_short = Some(io::ErrorKind::UnexpectedEof);
    assert_eq!(kind(&["HTTP/1.1 200 O"]), cut_short);
    assert_eq!(
        kind(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n1234"]),
        cut_short
    );
    let chunked = &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n12"];
    assert_eq!(kind(chunked), cut_short);
    let none = Some(io::ErrorKind::InvalidData);
    assert_eq!(kind(&["SSH-2.0-none\r\n\r\n"]), none);
    let no_size = &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n"];
    assert_eq!(kind(no_size), none);
}

fn case(fits: impl Fn(&Case) -> bool) -> Case {
    let (secret, token) = (secret(), token());
    let cases = attack_suite(&Target::new("/webhook", &secret, &token));
    cases.into_iter().find(fits).expect("no such case")
}

/// Returns why the check fails, without the label of the case.
fn failure(case: &Case, answer: &Answer) -> Option<String> {
    let wrong = case.check(answer).err()?.to_string();
    let reason = wrong
        .strip_prefix(case.label)
        .and_then(|rest| rest.strip_prefix(": "));
    Some(reason.expect("the error starts with the label").to_owned())
}

fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Answer {
        status,
        headers: headers.iter().map(owned).collect(),
        body: body.as_bytes().to_vec(),
        ..Answer::default()
    }
}

#[test]
fn fails_on_unexpected_status() {
    let genuine = case(|case| case.expected == Expected::Verified);
    assert_eq!(failure(&genuine, &answer_with(200, &[], "anything")), None);
    let expected = "expected status 200, got 401".to_owned();
    assert_eq!(
        failure(&genuine, &answer_with(401, &[], "")),
        Some(expected)
    );
}

#[test]
fn accepts_challenge_as_plain_text_with_nosniff_only() {
    let handshake = case(|case| matches!(case.expected, Expected::Challenge(_)));
    let Expected::Challenge(challenge) = &handshake.expected else {
        unreachable!("selected above");
    };
    let text = ("content-type", "text/plain; charset=utf-8");
    let nosniff = ("x-content-type-options", "nosniff");
    assert_eq!(
        failure(&handshake, &answer_with(200, &[text, nosniff], challenge)),
        None
    );
    let missing = |name: &str, value: &str| {
        Some(format!(
            "the header `{name}` is missing or is not `{value}`"
        ))
    };
    assert_eq!(
        failure(&handshake, &answer_with(200, &[text], challenge)),
        missing(nosniff.0, nosniff.1)
    );
    assert_eq!(
        failure(&handshake, &answer_with(200, &[nosniff], challenge)),
        missing(text.0, text.1)
    );
    let other = Some("the response body differs from the expected one".to_owned());
    assert_eq!(
        failure(&handshake, &answer_with(200, &[text, nosniff], "<p>")),
        other
    );
}

#[test]
fn accepts_rejection_with_documented_headers_only() {
    let method = case(|case| case.expected == Expected::Rejected(RejectionKind::MethodNotAllowed));
    let allow = ("allow", "GET, POST");
    assert_eq!(failure(&method, &answer_with(405, &[allow], "")), None);
    let missing = Some("the header `allow` is missing or is not `GET, POST`".to_owned());
    assert_eq!(failure(&method, &answer_with(405, &[], "")), missing);
    let told = Some("the response body differs from the expected one".to_owned());
    assert_eq!(failure(&method, &answer_with(405, &[allow], "why")), told);
}

#[test]
fn fails_if_server_requests_body_of_rejected_head() {
    let failure_if_continued = |kind: RejectionKind| {
        let case = case(|case| case.expected == Expected::Rejected(kind));
        let answer = Answer {
            continued: true,
            ..answer_with(kind.status(), &[], "")
        };
        failure(&case, &answer)
    };
    let continued =
        Some("the receiver sent 100 Continue, but the head was enough to reject".to_owned());
    assert_eq!(
        failure_if_continued(RejectionKind::SignatureMissing),
        continued
    );
    assert_eq!(
        failure_if_continued(RejectionKind::SignatureMalformed),
        continued
    );
    assert_eq!(
        failure_if_continued(RejectionKind::ContentEncoded),
        continued
    );
    assert_eq!(failure_if_continued(RejectionKind::SignatureMismatch), None);
}
