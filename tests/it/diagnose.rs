//! The diagnosis of mismatches: every cause, made on purpose.

mod properties;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use hubseal::{
    AppSecret, Verifier,
    diagnose::{Cause, Diagnose},
    testing::ring_of_bytes,
};

use crate::common::ACCESS_TOKEN;

const SECRET: &str = "c1e8b0a53f7d4926a85b60d2917e43fc";
const OTHER_SECRET: &str = "7d1f0c62be9843a5910de4c7b83fa256";
const TOKEN: &str = "verify-token: of the tests";
const BODY: &str = r#"{"object":"page","entry":[{"id":"1","text":"a\/b \u00e4"},{}]}"#;

/// The value of the signature header for any key.
fn sign(key: impl AsRef<[u8]>, body: impl AsRef<[u8]>) -> String {
    let verifier = Verifier::new(ring_of_bytes(key.as_ref()).unwrap());
    verifier.sign(body).to_string()
}

fn causes(secret: impl AsRef<[u8]>, signature: &str, body: impl AsRef<[u8]>) -> Vec<Cause> {
    let secret = secret.as_ref();
    let headers = [("X-Hub-Signature-256", signature)];
    let diagnosis = Diagnose::new(secret)
        .add_secret("other app", OTHER_SECRET)
        .add_verify_token(TOKEN)
        .add_access_token(ACCESS_TOKEN)
        .delivery(&headers, body);
    diagnosis.causes().to_vec()
}

/// The causes for a body that was changed after it was signed.
fn changed(signed: impl AsRef<[u8]>, received: impl AsRef<[u8]>) -> Vec<Cause> {
    causes(SECRET, &sign(SECRET, signed), received)
}

/// The causes for a secret that differs from the one of the sender.
fn configured(signing: impl AsRef<[u8]>, configured: impl AsRef<[u8]>) -> Vec<Cause> {
    causes(configured, &sign(signing, BODY), BODY)
}

/// The causes for a signature that matches nothing, with more headers.
fn clues(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Cause> {
    let signature = sign("an unknown key", BODY);
    let mut all = vec![("x-hub-signature-256", signature.as_str())];
    all.extend_from_slice(headers);
    let diagnosis = Diagnose::new(SECRET).delivery(&all, body);
    assert!(!diagnosis.is_certain());
    diagnosis.causes().to_vec()
}

#[test]
fn names_signature_headers_that_cannot_be_used() {
    let valid = sign(SECRET, BODY);
    let diagnosed = |headers: &[(&str, &str)]| {
        let diagnosis = Diagnose::new(SECRET).delivery(headers, BODY);
        assert!(diagnosis.is_certain());
        diagnosis.causes().to_vec()
    };
    assert_eq!(diagnosed(&[]), [Cause::SignatureMissing]);
    assert_eq!(
        diagnosed(&[("X-Hub-Signature", "sha1=00")]),
        [Cause::SignatureSha1Only]
    );
    let header = ("X-Hub-Signature-256", valid.as_str());
    assert_eq!(diagnosed(&[header, header]), [Cause::SignatureRepeated]);
    let quoted = format!("\"{valid}\"");
    for malformed in ["", "sha256=", &valid[7..], &valid[..70], &quoted] {
        let header = ("X-Hub-Signature-256", malformed);
        assert_eq!(diagnosed(&[header]), [Cause::SignatureMalformed]);
    }
    let both = [header, ("X-Hub-Signature", "sha1=00")];
    assert_eq!(diagnosed(&both), [Cause::Matches]);
}

#[test]
fn names_another_secret_or_token() {
    assert_eq!(configured(SECRET, SECRET), [Cause::Matches]);
    assert_eq!(configured(OTHER_SECRET, SECRET), [Cause::OtherSecret]);
    assert_eq!(configured(TOKEN, SECRET), [Cause::VerifyTokenAsSecret]);
    assert_eq!(configured(SECRET, TOKEN), [Cause::VerifyTokenAsSecret]);
    assert_eq!(
        configured(ACCESS_TOKEN, SECRET),
        [Cause::AccessTokenAsSecret]
    );
    assert_eq!(
        configured(SECRET, ACCESS_TOKEN),
        [Cause::AccessTokenAsSecret]
    );

    let signature = sign("an unknown key", BODY);
    let headers = [("x-hub-signature-256", signature)];
    let app_token = format!("1234567890123456|{SECRET}");
    for shaped in [ACCESS_TOKEN, &format!("{ACCESS_TOKEN}\n"), &app_token] {
        let diagnosis = Diagnose::new(shaped).delivery(&headers, BODY);
        assert_eq!(diagnosis.causes(), [Cause::AccessTokenAsSecret]);
    }
}

#[test]
fn names_a_secret_that_is_wrapped_decoded_or_encoded() {
    for wrapped in [
        format!("{SECRET}\n"),
        format!(" {SECRET}\r\n"),
        format!("\u{feff}{SECRET}"),
        format!("'{SECRET}'"),
        format!("export APP_SECRET=\"{SECRET}\"\n"),
    ] {
        assert_eq!(configured(SECRET, &wrapped), [Cause::SecretWrapped]);
        // The sender has another secret.
        let refused = [Cause::SecretRefused];
        assert_eq!(configured("unknown", &wrapped), refused);
    }
    let bytes = hex::decode(SECRET).unwrap();
    assert_eq!(configured(SECRET, &bytes), [Cause::SecretHexDecoded]);
    assert_eq!(configured(&bytes, SECRET), [Cause::SecretHexDecoded]);
    for text in [SECRET, &format!("{SECRET}\n")] {
        let encoded = BASE64_STANDARD.encode(text);
        assert_eq!(configured(SECRET, encoded), [Cause::SecretBase64]);
    }
}

#[test]
fn names_a_refused_secret_as_a_clue() {
    for refused in ["", "changeme", "${APP_SECRET}", &SECRET[1..]] {
        assert_eq!(configured("unknown", refused), [Cause::SecretRefused]);
    }
    assert_eq!(configured("unknown", b"\xff\xfe"), [Cause::SecretRefused]);
    assert_eq!(configured("unknown", SECRET), [Cause::NothingMatches]);
}

#[test]
fn names_changed_newlines() {
    let newline = [Cause::BodyNewline];
    for end in ["\n", "\r\n"] {
        assert_eq!(changed(BODY, format!("{BODY}{end}")), newline);
        assert_eq!(changed(format!("{BODY}{end}"), BODY), newline);
    }
    assert_eq!(changed("a=1\nb=2\n", "a=1\r\nb=2\r\n"), newline);
    assert_eq!(changed("a=1\r\nb=2\r\n", "a=1\nb=2\n"), newline);
    assert_eq!(changed("a=1\r\nb=2\r\n", "a=1\r\nb=2\n"), newline);
    assert_eq!(changed("", "\n"), newline);
}

#[test]
fn names_changed_encodings() {
    let marked = format!("\u{feff}{BODY}");
    assert_eq!(changed(BODY, &marked), [Cause::BodyByteOrderMark]);
    assert_eq!(changed(&marked, BODY), [Cause::BodyByteOrderMark]);

    let body = "{\"text\":\"😊>>>???\"}";
    let encoded = BASE64_STANDARD.encode(body);
    let wrapped = format!("{}\n{}\n", &encoded[..8], &encoded[8..]);
    let for_urls = BASE64_URL_SAFE_NO_PAD.encode(body);
    for received in [&encoded, &wrapped, &for_urls] {
        assert_eq!(changed(body, received), [Cause::BodyBase64]);
    }
    assert_eq!(changed(encoded, body), [Cause::BodyBase64Decoded]);

    let string = serde_json::to_string(BODY).unwrap();
    assert_eq!(changed(BODY, string), [Cause::BodyInJsonString]);
}

#[test]
fn names_rewritten_json_and_changed_escapes() {
    let decoded = BODY.replace(r"\/", "/").replace(r"\u00e4", "ä");
    assert_eq!(changed(BODY, &decoded), [Cause::EscapesDecoded]);
    assert_eq!(changed(&decoded, BODY), [Cause::EscapesAdded]);
    let spaced = BODY.replace(',', " , ");
    assert_eq!(changed(BODY, &spaced), [Cause::JsonRewritten]);
    let both = decoded.replace(':', ": ").replace(',', ",\n");
    assert_eq!(changed(BODY, both), [Cause::JsonRewritten]);
    let upper = BODY.replace(r"\u00e4", r"\u00E4").replace(r"\/", "/");
    assert_eq!(changed(&upper, &decoded), [Cause::EscapesDecoded]);
    let further = r#"{"mail":"a\u0040example.org\/\u003C50\u0025"}"#;
    let received = r#"{"mail":"a@example.org/<50%"}"#;
    assert_eq!(changed(further, received), [Cause::EscapesDecoded]);
    // `curl -d @file` removes the newlines of an indented file.
    let file = "{\n  \"a\": [\n    1.0,\n    {}\n  ]\n}\n";
    assert_eq!(
        changed(file, file.replace('\n', "")),
        [Cause::JsonRewritten]
    );
}

#[test]
fn names_clues_of_the_length() {
    let length = BODY.len();
    let declared =
        |length: usize, body: &str| clues(&[("Content-Length", length.to_string().as_str())], body);
    let other = BODY.replace("page", "user");
    assert_eq!(declared(length, &other), [Cause::NothingMatches]);
    assert_eq!(declared(length, &other[1..]), [Cause::BodyTruncated]);
    assert_eq!(declared(length + 1, &other), [Cause::BodyLengthChanged]);
    assert_eq!(declared(length - 1, &other), [Cause::BodyLengthChanged]);
    assert_eq!(declared(length, ""), [Cause::BodyEmpty]);
    assert_eq!(clues(&[], ""), [Cause::BodyEmpty]);
    assert_eq!(clues(&[], &other[..length - 1]), [Cause::BodyTruncated]);
    for unusable in ["", "-1", "99999999999999999999999"] {
        let header = ("Content-Length", unusable);
        assert_eq!(clues(&[header], &other), [Cause::NothingMatches]);
    }
    let repeated = [("Content-Length", "1"), ("Content-Length", "2")];
    assert_eq!(clues(&repeated, &other), [Cause::NothingMatches]);
}

#[test]
fn names_clues_of_the_content() {
    let coding = |coding| clues(&[("Content-Encoding", coding)], "{}");
    assert_eq!(coding("gzip"), [Cause::ContentEncoded]);
    assert_eq!(coding(" Identity"), [Cause::NothingMatches]);
    for compressed in [&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd\x04"] {
        assert_eq!(clues(&[], compressed), [Cause::ContentEncoded]);
    }
    let sorted = r#"{"entry":[{"changes":[{"field":"a","value":{}}],"id":"1"}],"object":"page"}"#;
    assert_eq!(clues(&[], sorted), [Cause::JsonKeysSorted]);
    for unsorted in [
        sorted.replace("field", "zone"),
        sorted.replace("object", "a"),
        sorted.replace("\"id\"", "\"changes\""),
        r#"{"a":1,"b":2,"c":3}{"#.to_owned(),
        r#"{"a":1,"b":2,"c":["d"]}"#.to_owned(),
    ] {
        assert_eq!(clues(&[], &unsorted), [Cause::NothingMatches], "{unsorted}");
    }
}

#[test]
fn names_several_causes() {
    let signature = sign(SECRET, BODY);
    let received = format!("{BODY}\n");
    assert_eq!(
        causes(format!("'{SECRET}'"), &signature, &received),
        [Cause::SecretWrapped, Cause::BodyNewline]
    );
    assert_eq!(
        causes(TOKEN, &signature, ""),
        [Cause::BodyEmpty, Cause::VerifyTokenAsSecret]
    );
}

#[test]
fn matches_only_what_the_verifier_accepts() {
    let headers = [("x-hub-signature-256", sign(SECRET, BODY))];
    let verifier = Verifier::new(AppSecret::meta(SECRET).unwrap());
    for body in [BODY, &format!("{BODY}\n"), ""] {
        let accepted = verifier.verify(&headers[0].1, body).is_ok();
        let diagnosis = Diagnose::new(SECRET).delivery(&headers, body);
        assert_eq!(diagnosis.causes() == [Cause::Matches], accepted);
    }
    // Anybody can sign with an empty key.
    let headers = [(
        "x-hub-signature-256",
        "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
    )];
    assert_eq!(
        Diagnose::new("").delivery(&headers, "").causes(),
        [Cause::BodyEmpty, Cause::SecretRefused]
    );
}

#[test]
fn shows_the_name_of_the_secret_but_no_secret() {
    let headers = [("x-hub-signature-256", sign(OTHER_SECRET, BODY))];
    let diagnose = Diagnose::new(SECRET).add_secret("support\napp", OTHER_SECRET);
    let diagnosis = diagnose.delivery(&headers, BODY);
    assert_eq!(
        diagnosis.to_string(),
        "other_secret: the signature matches another secret than the configured one (support\\napp). \
         Add this secret to the `KeyRing`, or configure it instead."
    );
    // Swapped arguments: the name, which is the secret, is not shown.
    let swapped = Diagnose::new(SECRET).add_secret(OTHER_SECRET, "support app");
    let diagnosis = swapped.delivery(&headers, BODY);
    assert!(!format!("{diagnosis} {diagnosis:?} {swapped:?}").contains(OTHER_SECRET));
}

#[test]
fn does_not_change_large_bodies() {
    let mut body = "a".repeat(8 * 1024 * 1024);
    assert_eq!(changed(&body, &body), [Cause::Matches]);
    assert_eq!(changed(format!("{body}\n"), &body), [Cause::BodyNewline]);
    body.push('a');
    assert_eq!(changed(&body, &body), [Cause::Matches]);
    assert_eq!(changed(format!("{body}\n"), &body), [Cause::NothingMatches]);
}

#[test]
fn every_cause_has_a_name_a_sentence_a_remedy_and_a_row_in_the_guide() {
    let guide = include_str!("../../docs/guide/signature-mismatch.md");
    let mut names: Vec<&str> = Cause::ALL.iter().map(|cause| cause.as_str()).collect();
    for cause in Cause::ALL {
        let name = cause.as_str();
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte))
        );
        assert!(!cause.to_string().ends_with('.') && !cause.to_string().is_empty());
        assert!(cause.remedy().ends_with('.'));
        assert!(guide.contains(&format!("\n| `{name}` ")), "{name}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Cause::ALL.len());
}

#[test]
fn names_another_scheme_instead_of_a_missing_signature() {
    for name in [
        "Stripe-Signature",
        "x-slack-signature",
        "x-shopify-hmac-sha256",
        "webhook-signature",
        "svix-signature",
    ] {
        let headers = [(name, "t=1,v1=0")];
        let diagnosis = Diagnose::new(SECRET).delivery(&headers, "{}");
        assert_eq!(diagnosis.causes(), [Cause::OtherScheme], "{name}");
        let both = [(name, "t=1,v1=0"), ("x-hub-signature-256", "sha256=")];
        let diagnosis = Diagnose::new(SECRET).delivery(&both, "{}");
        assert_eq!(diagnosis.causes(), [Cause::SignatureMalformed], "{name}");
    }
}
