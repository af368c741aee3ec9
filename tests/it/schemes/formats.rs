//! Headers: their names, their number, and lists of signatures.

use hubseal::{AppSecret, KeyRing, RejectionKind, Scheme, Verifier};

use super::{ALL, NOW, at, secret, signs_only_body, verifier};
use crate::common::kind;

type Headers = Vec<(&'static str, String)>;

fn signed(scheme: Scheme, body: &str) -> Headers {
    verifier(scheme).sign_headers("id", NOW, body).unwrap()
}

#[test]
fn names_all_headers() {
    let names = |scheme: Scheme| scheme.headers().collect::<Vec<_>>();
    assert_eq!(names(Scheme::META), ["x-hub-signature-256"]);
    assert_eq!(names(Scheme::SHOPIFY), ["x-shopify-hmac-sha256"]);
    assert_eq!(names(Scheme::STRIPE), ["stripe-signature"]);
    let slack = ["x-slack-signature", "x-slack-request-timestamp"];
    assert_eq!(names(Scheme::SLACK), slack);
    let standard = ["webhook-signature", "webhook-id", "webhook-timestamp"];
    assert_eq!(names(Scheme::STANDARD_WEBHOOKS), standard);
    let svix = ["svix-signature", "svix-id", "svix-timestamp"];
    assert_eq!(names(Scheme::SVIX), svix);
    for scheme in ALL {
        let headers = signed(scheme, "{}");
        assert!(headers.iter().map(|(name, _)| *name).eq(scheme.headers()));
    }
}

#[test]
fn each_header_is_required_exactly_once() {
    for scheme in ALL {
        let verifier = verifier(scheme);
        let headers = signed(scheme, "{}");
        assert!(verifier.verify_headers(&headers, "{}").is_ok());
        for place in 0..headers.len() {
            let mut missing = headers.clone();
            let (name, value) = missing.remove(place);
            let judged = kind(verifier.verify_headers(&missing, "{}"));
            assert_eq!(judged, Some(RejectionKind::SignatureMissing), "{name}");
            assert_eq!(kind(verifier.begin_headers(&missing)), judged);

            let mut repeated = headers.clone();
            repeated.push((name, value));
            let judged = kind(verifier.verify_headers(&repeated, "{}"));
            assert_eq!(judged, Some(RejectionKind::SignatureRepeated), "{name}");
        }
    }
}

#[test]
fn signature_header_has_at_most_2048_bytes() {
    assert_eq!(Scheme::MAX_HEADER_BYTES, 2_048);
    let verifier = verifier(Scheme::STRIPE);
    for (bytes, expected) in [
        (2_048, None),
        (2_049, Some(RejectionKind::SignatureMalformed)),
    ] {
        let mut headers = signed(Scheme::STRIPE, "{}");
        let value = &mut headers[0].1;
        // An item of another version is ignored.
        value.push_str(",v0=");
        value.extend(std::iter::repeat_n('0', bytes - value.len()));
        assert_eq!(value.len(), bytes);
        assert_eq!(kind(verifier.verify_headers(&headers, "{}")), expected);
    }
}

/// Every change of a header by one bit is rejected, also by one that keeps its meaning.
#[test]
fn rejects_every_bit_flip_of_every_header() {
    for scheme in ALL {
        let verifier = verifier(scheme);
        let headers = signed(scheme, "{}");
        for (place, (name, value)) in headers.iter().enumerate() {
            for (at, bit) in (0..value.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut changed: Vec<(&str, Vec<u8>)> = headers
                    .iter()
                    .map(|(name, value)| (*name, value.clone().into_bytes()))
                    .collect();
                changed[place].1[at] ^= 1 << bit;
                let accepts = verifier.verify_headers(&changed, "{}").is_ok();
                // Hexadecimal digits have the same value in either case.
                let letter = value.as_bytes()[at].is_ascii_hexdigit();
                let is_digit = letter && bit == 5 && value.as_bytes()[at].is_ascii_alphabetic();
                let is_hex = place == 0 && value.len() - at <= 64 && !value.ends_with('=');
                assert_eq!(accepts, is_digit && is_hex, "{name}: {at} {bit} of {value}");
            }
        }
    }
}

#[test]
fn one_match_of_several_keys_and_signatures_is_enough() {
    for scheme in [Scheme::STRIPE, Scheme::STANDARD_WEBHOOKS, Scheme::SVIX] {
        let other = || AppSecret::new("an older secret of the platform").unwrap();
        let of = |secret| Verifier::new(KeyRing::from(secret)).with_scheme(scheme);
        let new = of(secret(&scheme)).sign_headers("id", NOW, "{}").unwrap();
        let old = of(other()).sign_headers("id", NOW, "{}").unwrap();
        let (separator, skip) = if scheme == Scheme::STRIPE {
            (",", 13)
        } else {
            (" ", 0)
        };
        let joined = |one: &Headers, two: &Headers| {
            let mut headers = one.clone();
            headers[0].1 = format!("{}{separator}{}", one[0].1, &two[0].1[skip..]);
            headers
        };
        let ring = KeyRing::new([("old", other()), ("new", secret(&scheme))]).unwrap();
        let both = Verifier::new(ring.with_clock(|| at(NOW))).with_scheme(scheme);
        for headers in [joined(&new, &old), joined(&old, &new)] {
            let key = both.verify_headers(&headers, "{}").unwrap().key();
            assert_eq!(key.as_str(), "old", "the first key that matches");
            assert!(verifier(scheme).verify_headers(&headers, "{}").is_ok());
            let mut verification = verifier(scheme).begin_headers(&headers).unwrap();
            verification.update("{}");
            assert!(verification.finish().is_ok());
        }
        let forged = joined(&old, &old);
        let judged = kind(verifier(scheme).verify_headers(&forged, "{}"));
        assert_eq!(judged, Some(RejectionKind::SignatureMismatch));
    }
}

#[test]
fn signature_of_another_scheme_is_rejected() {
    for of in ALL {
        for with in ALL.into_iter().filter(|with| with.header() != of.header()) {
            let headers = signed(of, "{}");
            let judged = kind(verifier(with).verify_headers(&headers, "{}"));
            assert_eq!(judged, Some(RejectionKind::SignatureMissing));
        }
    }
}

#[test]
fn sender_cannot_use_invalid_id() {
    let long = "i".repeat(257);
    for scheme in ALL {
        let signs_id = scheme.headers().any(|name| name.ends_with("-id"));
        for id in ["", "an id", "a.b/c", "é", "\n", &long] {
            let signed = verifier(scheme).sign_headers(id, NOW, "{}");
            let expected = signs_id.then_some(RejectionKind::SignatureMalformed);
            assert_eq!(kind(signed), expected, "{} {id:?}", scheme.name());
        }
    }
}

/// Without this rule, the end of an id could become the timestamp.
#[test]
fn id_cannot_contain_the_text_after_it() {
    let verifier = verifier(Scheme::SVIX);
    let mut headers = verifier.sign_headers("id", NOW, "1.{}").unwrap();
    headers[1].1 = format!("id.{NOW}");
    headers[2].1 = "1".into();
    let judged = kind(verifier.verify_headers(&headers, "{}"));
    assert_eq!(judged, Some(RejectionKind::SignatureMalformed));
}

#[test]
fn body_only_schemes_are_those_of_this_list() {
    for scheme in ALL {
        let value = &signed(scheme, "{}")[0].1;
        assert_eq!(scheme.parse(value).is_ok(), signs_only_body(&scheme));
    }
}
