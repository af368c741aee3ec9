//! Faulty receivers: the attack suite detects each, and the failed labels identify the mistake.

use hubseal::{
    Endpoint, MemoryBudget, PayloadLimit,
    testing::{Request, Sending},
};

use super::{cases, needs_clock, outcome};
use crate::common::endpoint;

/// Returns the labels of the cases that fail if the receiver alters each request like this.
fn failed(endpoint: &Endpoint, takes_for: fn(Request) -> Request) -> Vec<&'static str> {
    let cases = cases().into_iter().filter(|case| {
        let reached = outcome(endpoint, &takes_for(case.request.clone()));
        reached != case.expected && !needs_clock(case)
    });
    cases.map(|case| case.label).collect()
}

#[test]
fn detects_receiver_with_too_low_payload_limit() {
    let failed = |limit| {
        let limited = endpoint()
            .payload_limit(PayloadLimit::new(limit))
            .build()
            .unwrap();
        failed(&limited, |request| request)
    };
    let of_megabytes = [
        "3 MiB, or the limit",
        "3 MiB, or the limit, in chunks of 64 KiB",
        "a body of the limit",
        "forged, of the limit",
        "forged, of the limit, in chunks",
    ];
    assert_eq!(failed(2 * 1024 * 1024), of_megabytes);
    let of_kilobytes = ["128 KiB in chunks of 1,000 bytes"];
    assert_eq!(
        failed(100 * 1024),
        [&of_kilobytes[..], &of_megabytes].concat()
    );
}

#[test]
fn detects_receiver_without_payload_limit() {
    let unlimited = endpoint()
        .payload_limit(PayloadLimit::new(usize::MAX / 2))
        .memory_budget(MemoryBudget::new(usize::MAX));
    assert_eq!(
        failed(&unlimited.build().unwrap(), |request| request),
        [
            "1 GiB declared and never sent",
            "one byte too many declared",
            "2^62 bytes declared",
            "1 GiB declared, waiting to be asked for",
            "one byte too many",
            "one byte too many, in chunks",
            "64 KiB too many, in chunks of 1,000 bytes",
        ]
    );
}

#[test]
fn detects_receiver_that_alters_bodies() {
    let failed = |takes_for| failed(&endpoint().build().unwrap(), takes_for);
    assert_eq!(
        failed(|request| {
            let trimmed = request.body.trim_ascii_end().to_vec();
            with_body(request, trimmed)
        }),
        ["body that ends in a newline", "a newline added"]
    );
    assert_eq!(
        failed(|request| {
            let text = String::from_utf8_lossy(&request.body).into_owned();
            with_body(request, text.trim_start_matches('\u{feff}').into())
        }),
        ["body that is not text", "a byte-order mark added"]
    );
}

/// Replaces the body, unless it is the same: `Request::body` would also change the headers.
fn with_body(request: Request, body: Vec<u8>) -> Request {
    if request.body == body {
        request
    } else {
        request.body(body)
    }
}

#[test]
fn detects_receiver_that_reads_signature_from_query() {
    fn from_the_query(request: Request) -> Request {
        let signature = request.target.split_once("x-hub-signature-256=");
        match signature.map(|(_, value)| value.to_owned()) {
            Some(value) => request.header("x-hub-signature-256", value),
            None => request,
        }
    }
    let failed = failed(&endpoint().build().unwrap(), from_the_query);
    assert_eq!(failed, ["signature in the query"]);
}

#[test]
fn detects_receiver_that_accepts_incomplete_bodies() {
    fn as_far_as_it_came(request: Request) -> Request {
        match request.sending {
            Sending::Stalled { after } | Sending::CutShort { after } => {
                let body = request.body.slice(..after);
                request.body(body).sending(Sending::Whole)
            }
            _ => request,
        }
    }
    assert_eq!(
        failed(&endpoint().build().unwrap(), as_far_as_it_came),
        [
            "stalled before the body",
            "stalled within the body",
            "stalled before the last byte",
            "cut off before the body",
            "cut off within the body",
        ]
    );
}
