//! The attack suite of every scheme, against an endpoint and against an adapter.

use std::collections::HashSet;

use hubseal::{
    Endpoint, VerifyToken,
    testing::{Case, Expected, Target, attack_suite},
};

use super::{ALL, NOW, at, ring, secret};
use crate::attack_suite::assert_passes;

fn cases(scheme: hubseal::Scheme, token: &VerifyToken) -> Vec<Case> {
    let secret = secret(&scheme);
    let target = Target::new("/webhook", &secret, token).scheme(scheme);
    attack_suite(&target.time(at(NOW)))
}

#[test]
fn endpoint_passes_attack_suite_of_every_scheme() {
    let token = || VerifyToken::new("correct-horse").unwrap();
    for scheme in ALL {
        let cases = cases(scheme, &token());
        let labels: HashSet<_> = cases.iter().map(|case| case.label).collect();
        assert_eq!(labels.len(), cases.len(), "labels are unique");
        let attacks = cases
            .iter()
            .filter(|case| matches!(case.expected, Expected::Rejected(_)));
        assert!(attacks.count() >= 60, "{}", scheme.name());
        let builder = Endpoint::builder(ring(&scheme)).scheme(scheme);
        let endpoint = builder.verify_token(token()).build().unwrap();
        assert_passes(&endpoint, cases);
    }
}

/// Whether an in-memory request can express the case.
#[cfg(feature = "axum")]
fn fits_in_memory(case: &Case) -> bool {
    matches!(case.request.sending, hubseal::testing::Sending::Whole)
        && case.request.method != "HEAD"
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn axum_passes_attack_suite_of_every_scheme() {
    use axum::{Router, body::Body};
    use hubseal::{Verified, axum::webhook, testing::Answer};
    use tower::ServiceExt;

    let token = || VerifyToken::new("correct-horse").unwrap();
    for scheme in ALL {
        let builder = Endpoint::builder(ring(&scheme)).scheme(scheme);
        let endpoint = builder.verify_token(token()).build().unwrap();
        let handler = |_: Verified<bytes::Bytes>| async {};
        let app: Router = webhook("/webhook", handler).with_state(endpoint);
        for case in cases(scheme, &token()).into_iter().filter(fits_in_memory) {
            let request = http::Request::<bytes::Bytes>::try_from(case.request.clone()).unwrap();
            let response = app.clone().oneshot(request.map(Body::from)).await.unwrap();
            let (parts, body) = response.into_parts();
            let text =
                |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = parts.headers.iter();
            let answer = Answer {
                status: parts.status.as_u16(),
                headers: headers
                    .map(|(name, value)| (name.to_string(), text(value)))
                    .collect(),
                body: axum::body::to_bytes(body, 1_000).await.unwrap().to_vec(),
                continued: false,
            };
            case.check(&answer)
                .unwrap_or_else(|wrong| panic!("{}: {wrong}", scheme.name()));
        }
    }
}
