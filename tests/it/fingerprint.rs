//! Fingerprints of deliveries.

use hubseal::{Fingerprint, Json, RequestHead, Verified, Verifier, testing::ring_of_bytes};

use crate::common::{endpoint, secret};

/// Services store fingerprints, so a new version must compute the same ones.
#[test]
fn fingerprint_does_not_change_between_versions() {
    // GitHub, *Validating webhook deliveries*.
    let verifier = Verifier::new(ring_of_bytes(b"It's a Secret to Everybody").unwrap());
    let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let delivery = verifier.verify(header, "Hello, World!").unwrap();
    // SHA-256 of each part with its length as 8 bytes, little-endian, before it: the first 16 bytes.
    assert_eq!(
        delivery.fingerprint().to_string(),
        "415864028bc94796248d8cd044eb52e6"
    );
    let order = Fingerprint::new(["order", "4711"]);
    assert_eq!(
        format!("{order:?}"),
        "Fingerprint(941c20ed2b9923bcef822333b84ecee4)"
    );
    assert_eq!(order.as_bytes()[..2], [0x94, 0x1c]);
}

#[test]
fn fingerprint_is_the_same_on_every_path() {
    let endpoint = endpoint().build().unwrap();
    let body = r#"{"object":"page"}"#;
    let header = endpoint.verifier().sign(body).to_string();
    let expected = endpoint.verifier().verify(&header, body).unwrap();

    for header in [
        header.clone(),
        format!("sha256={}", header[7..].to_uppercase()),
    ] {
        let headers = [("x-hub-signature-256", header)];
        let whole = endpoint
            .receive(&RequestHead::new("POST", &headers))
            .unwrap();
        let whole = whole.finish_with(body).unwrap();
        assert_eq!(whole.fingerprint(), expected.fingerprint());
        let json: Verified<Json<serde_json::Value>> = whole.json().unwrap();
        assert_eq!(json.fingerprint(), expected.fingerprint());

        let mut chunks = endpoint
            .receive(&RequestHead::new("POST", &headers))
            .unwrap();
        for chunk in body.split_inclusive(':') {
            chunks.push(chunk.to_owned()).unwrap();
        }
        assert_eq!(
            chunks.finish().unwrap().fingerprint(),
            expected.fingerprint()
        );
    }
}

#[test]
fn fingerprint_depends_on_body_and_key() {
    let fingerprint = |verifier: &Verifier, body: &'static str| {
        let header = verifier.sign(body).to_string();
        verifier.verify(header, body).unwrap().fingerprint()
    };
    let mine = Verifier::new(secret());
    let other = Verifier::new(ring_of_bytes(b"another key").unwrap());
    assert_ne!(fingerprint(&mine, "{}"), fingerprint(&mine, "[]"));
    assert_ne!(fingerprint(&mine, "{}"), fingerprint(&other, "{}"));
}

#[test]
fn fingerprint_depends_on_where_parts_end() {
    let lists: [&[&str]; 6] = [&[], &[""], &["", ""], &["a", "bc"], &["ab", "c"], &["abc"]];
    for (index, parts) in lists.iter().enumerate() {
        for other in &lists[..index] {
            assert_ne!(
                Fingerprint::new(*parts),
                Fingerprint::new(*other),
                "{parts:?}, {other:?}"
            );
        }
    }
}
