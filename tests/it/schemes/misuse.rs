//! Calls that cannot be right for a scheme that signs more than the body.

use hubseal::{Endpoint, RejectionKind, RequestHead, Scheme};

use super::{ALL, NOW, ring, signs_only_body, verifier};
use crate::common::kind;

const NOT_CONFIGURED: Option<RejectionKind> = Some(RejectionKind::NotConfigured);

#[test]
fn calls_without_headers_are_rejected_for_more_than_a_body() {
    for scheme in ALL.into_iter().filter(|scheme| !signs_only_body(scheme)) {
        let verifier = verifier(scheme);
        let headers = verifier.sign_headers("id", NOW, "{}").unwrap();
        let value = &headers[0].1;
        assert_eq!(kind(scheme.parse(value)), NOT_CONFIGURED);
        assert_eq!(kind(scheme.find([value])), NOT_CONFIGURED);
        assert_eq!(kind(verifier.verify(value, "{}")), NOT_CONFIGURED);
        assert_eq!(kind(verifier.verify_base64(value, "e30=")), NOT_CONFIGURED);
        // The tag of the body alone, which the scheme does not accept.
        let of_body = verifier.sign("{}");
        assert_eq!(
            kind(verifier.verify_signature(&of_body, "{}")),
            NOT_CONFIGURED
        );
        let mut verification = verifier.begin(of_body);
        verification.update("{}");
        assert_eq!(kind(verification.finish()), NOT_CONFIGURED);
    }
}

#[test]
fn calls_with_one_header_work_for_the_body_alone() {
    for scheme in ALL.into_iter().filter(signs_only_body) {
        let verifier = verifier(scheme);
        let headers = verifier.sign_headers("", 0, "{}").unwrap();
        let value = &headers[0].1;
        assert!(verifier.verify(value, "{}").is_ok());
        assert!(verifier.verify_base64(value, "e30=").is_ok());
        let signature = scheme.find([value]).unwrap();
        assert!(verifier.verify_signature(&signature, "{}").is_ok());
        let mut verification = verifier.begin(signature);
        verification.update("{}");
        assert!(verification.finish().is_ok());
    }
}

#[test]
fn endpoint_answers_handshake_under_every_scheme() {
    for scheme in ALL {
        let token = || hubseal::VerifyToken::new("correct-horse").unwrap();
        let builder = Endpoint::builder(ring(&scheme)).scheme(scheme);
        let endpoint = builder.verify_token(token()).build().unwrap();
        let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
        let headers: [(&str, &str); 0] = [];
        let head = RequestHead::new("GET", &headers).query(query);
        assert!(endpoint.admit(&head).is_ok());
    }
    assert_eq!(Scheme::default(), Scheme::META);
}
