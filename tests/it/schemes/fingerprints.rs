//! Fingerprints of deliveries with and without a signed id.

use hubseal::{AppSecret, Fingerprint, KeyRing, Scheme, Verifier};

use super::{ALL, NOW, at, secret, verifier};

fn fingerprint(verifier: &Verifier, id: &str, time: u64, body: &str) -> Fingerprint {
    let headers = verifier.sign_headers(id, time, body).unwrap();
    verifier
        .verify_headers(&headers, body)
        .unwrap()
        .fingerprint()
}

fn signs_id(scheme: &Scheme) -> bool {
    scheme.headers().any(|name| name.ends_with("-id"))
}

#[test]
fn fingerprint_is_that_of_the_id_if_it_is_signed() {
    for scheme in ALL.into_iter().filter(signs_id) {
        let verifier = verifier(scheme);
        let first = fingerprint(&verifier, "msg_1", NOW - 60, "{}");
        assert_eq!(fingerprint(&verifier, "msg_1", NOW, "{}"), first);
        assert_eq!(fingerprint(&verifier, "msg_1", NOW, "[]"), first);
        assert_ne!(fingerprint(&verifier, "msg_2", NOW - 60, "{}"), first);
        assert_eq!(first, Fingerprint::new(["delivery id", "msg_1"]));
        assert_ne!(first, Fingerprint::new(["delivery", "msg_1"]));

        // A retry after a rotation.
        let other = AppSecret::new("another secret of this test").unwrap();
        let ring = KeyRing::new([("new", other), ("old", secret(&scheme))]).unwrap();
        let rotated = Verifier::new(ring.with_clock(|| at(NOW))).with_scheme(scheme);
        assert_eq!(fingerprint(&rotated, "msg_1", NOW, "{}"), first);
    }
}

#[test]
fn fingerprint_is_that_of_the_signature_without_an_id() {
    for scheme in ALL.into_iter().filter(|scheme| !signs_id(scheme)) {
        let verifier = verifier(scheme);
        let first = fingerprint(&verifier, "msg_1", NOW, "{}");
        assert_eq!(fingerprint(&verifier, "msg_2", NOW, "{}"), first);
        assert_ne!(fingerprint(&verifier, "msg_1", NOW, "[]"), first);
        let is_stamped = [Scheme::SLACK, Scheme::STRIPE].contains(&scheme);
        let later = fingerprint(&verifier, "msg_1", NOW + 1, "{}");
        assert_eq!(later != first, is_stamped);
    }
}

/// The fingerprint is of the signature that matches, not of the first one.
#[test]
fn forged_signatures_beside_the_genuine_one_do_not_change_the_fingerprint() {
    let verifier = verifier(Scheme::STRIPE);
    let genuine = verifier.sign_headers("", NOW, "{}").unwrap();
    let of = |value: String| {
        let headers = [("stripe-signature", value)];
        verifier
            .verify_headers(&headers, "{}")
            .unwrap()
            .fingerprint()
    };
    let value = &genuine[0].1;
    let first = of(value.clone());
    let (time, tag) = value.split_once(',').unwrap();
    for number in 0..7 {
        let forged = format!("v1={number:064}");
        assert_eq!(of(format!("{time},{forged},{tag}")), first);
        assert_eq!(of(format!("{time},{tag},{forged}")), first);
        assert_eq!(
            of(format!("{time},{},{tag}", [&*forged; 7].join(","))),
            first
        );
    }
}
