//! Random deliveries, each changed in one way, and random bytes.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use hubseal::diagnose::{Cause, Diagnose, Diagnosis};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::sign;
use crate::properties::with_cases_divided_by;

/// A delivery. The keys are not in alphabetical order.
#[derive(Debug, Serialize)]
struct Delivery {
    object: String,
    entry: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    time: f64,
    id: u64,
    text: String,
    changes: Vec<Option<bool>>,
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    let text = "([a-z @%<>&\"\\\\/\n\t]|\\PC|[äöü😊\u{2028}]){0,12}";
    let entry = (
        any::<u32>(),
        any::<u64>(),
        text,
        vec(any::<Option<bool>>(), 0..3),
    )
        .prop_map(|(time, id, text, changes)| Entry {
            time: f64::from(time) / 8.0,
            id,
            text,
            changes,
        });
    (text, vec(entry, 0..4)).prop_map(|(object, entry)| Delivery { object, entry })
}

impl Delivery {
    fn written(&self, formatter: impl Formatter) -> String {
        let mut out = Vec::new();
        self.serialize(&mut Serializer::with_formatter(&mut out, formatter))
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    /// As JavaScript and Rust write it.
    fn compact(&self) -> String {
        serde_json::to_string(self).unwrap()
    }

    /// As Meta writes it.
    fn as_sent(&self) -> String {
        let mut sent = String::new();
        for character in self.compact().chars() {
            match character {
                '/' => sent.push_str(r"\/"),
                character if character.is_ascii() => sent.push(character),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        write!(sent, "\\u{unit:04x}").unwrap();
                    }
                }
            }
        }
        sent
    }
}

/// Python's default layout.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: std::io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: std::io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: std::io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
    ) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

/// App secrets that `AppSecret::meta` accepts, with overwhelming probability.
fn secrets() -> impl Strategy<Value = String> {
    "[0-9a-f]{32}"
}

/// Asserts that the output shows neither the secrets nor the signature nor the body.
fn assert_hidden(diagnosis: &Diagnosis<'_>, hidden: &[&str]) {
    let shown = format!("{diagnosis}\n{diagnosis:?}");
    for hidden in hidden.iter().filter(|hidden| hidden.len() > 8) {
        assert!(!shown.contains(hidden), "{hidden} is shown in {shown}");
    }
}

/// The causes for a delivery that was signed and then changed.
fn changed(secret: &str, signed: &str, received: &str) -> Vec<Cause> {
    let signature = sign(secret, signed);
    let headers = [
        ("x-hub-signature-256", signature.as_str()),
        ("content-length", &signed.len().to_string()),
    ];
    let diagnosis = Diagnose::new(secret).delivery(&headers, received);
    assert_hidden(&diagnosis, &[secret, &signature[7..], received, signed]);
    diagnosis.causes().to_vec()
}

/// The cause of the first change that has changed anything.
fn expected(signed: &str, received: &str, cause: Cause) -> [Cause; 1] {
    [if signed == received {
        Cause::Matches
    } else {
        cause
    }]
}

proptest! {
    #![proptest_config(with_cases_divided_by(2))]

    #[test]
    fn names_every_change_of_the_body(secret in secrets(), delivery in deliveries(), cut: Index) {
        let sent = delivery.as_sent();
        let compact = delivery.compact();
        let cause = |received: &str| changed(&secret, &sent, received);

        prop_assert_eq!(cause(&sent), [Cause::Matches]);
        prop_assert_eq!(cause(&format!("{sent}\n")), [Cause::BodyNewline]);
        prop_assert_eq!(changed(&secret, &format!("{sent}\r\n"), &sent), [Cause::BodyNewline]);
        prop_assert_eq!(cause(&compact), expected(&sent, &compact, Cause::EscapesDecoded));
        prop_assert_eq!(
            changed(&secret, &compact, &sent),
            expected(&sent, &compact, Cause::EscapesAdded)
        );
        prop_assert_eq!(cause(&BASE64_STANDARD.encode(&sent)), [Cause::BodyBase64]);
        let encoded = BASE64_STANDARD.encode(&sent);
        prop_assert_eq!(changed(&secret, &encoded, &sent), [Cause::BodyBase64Decoded]);
        let string = serde_json::to_string(&sent).unwrap();
        prop_assert_eq!(cause(&string), [Cause::BodyInJsonString]);
        prop_assert_eq!(cause(&format!("\u{feff}{sent}")), [Cause::BodyByteOrderMark]);
        prop_assert_eq!(cause(""), [Cause::BodyEmpty]);
        // Without the last byte only, the rest may be a variant.
        let cut = 1 + cut.index(sent.len() - 2);
        prop_assert_eq!(cause(&sent[..cut]), [Cause::BodyTruncated]);
    }

    #[test]
    fn names_rewritten_json(secret in secrets(), delivery in deliveries()) {
        let sent = delivery.as_sent();
        for received in [
            delivery.written(Spaced),
            delivery.written(PrettyFormatter::new()),
            delivery.written(PrettyFormatter::with_indent(b"    ")) + "\n",
            delivery.written(PrettyFormatter::with_indent(b"\t")),
        ] {
            prop_assert_eq!(changed(&secret, &sent, &received), [Cause::JsonRewritten]);
            prop_assert_eq!(changed(&secret, &received, &sent), [Cause::JsonRewritten]);
        }
    }

    #[test]
    fn names_every_mistake_with_the_secret(
        secrets in [secrets(), secrets(), secrets()],
        token in "[a-z]{3}-[a-z]{3,30}",
        access_token in "EAA[A-Z][a-z0-9]{30,60}[A-Z]",
        delivery in deliveries(),
    ) {
        let [secret, other, unknown] = secrets.each_ref().map(String::as_str);
        let body = delivery.as_sent();
        let length = body.len().to_string();
        let cause = |signing: &[u8], configured: &[u8]| {
            let signature = sign(signing, &body);
            let headers = [
                ("x-hub-signature-256", signature.as_str()),
                ("content-length", &length),
            ];
            let diagnose = Diagnose::new(configured)
                .add_secret("other", other)
                .add_verify_token(&token)
                .add_access_token(&access_token);
            let diagnosis = diagnose.delivery(&headers, &body);
            let hidden = [secret, other, unknown, &access_token, &signature[7..], &body];
            assert_hidden(&diagnosis, &hidden);
            assert_eq!(format!("{diagnose:?}"), "Diagnose([redacted])");
            diagnosis.causes().to_vec()
        };
        let key = secret.as_bytes();
        let bytes = hex::decode(secret).unwrap();

        prop_assert_eq!(cause(key, key), [Cause::Matches]);
        prop_assert_eq!(cause(other.as_bytes(), key), [Cause::OtherSecret]);
        prop_assert_eq!(cause(unknown.as_bytes(), key), [Cause::NothingMatches]);
        for (cause_of, text) in [
            (Cause::VerifyTokenAsSecret, &token),
            (Cause::AccessTokenAsSecret, &access_token),
        ] {
            prop_assert_eq!(cause(text.as_bytes(), key), [cause_of]);
            prop_assert_eq!(cause(key, text.as_bytes()), [cause_of]);
        }
        for wrapped in [
            format!("{secret}\n"),
            format!("\"{secret}\""),
            format!("APP_SECRET={secret}"),
            format!("APP_SECRET='{secret}' "),
        ] {
            prop_assert_eq!(cause(key, wrapped.as_bytes()), [Cause::SecretWrapped]);
        }
        prop_assert_eq!(cause(key, &bytes), [Cause::SecretHexDecoded]);
        prop_assert_eq!(cause(&bytes, key), [Cause::SecretHexDecoded]);
        let encoded = BASE64_STANDARD.encode(secret);
        prop_assert_eq!(cause(key, encoded.as_bytes()), [Cause::SecretBase64]);
        prop_assert_eq!(cause(unknown.as_bytes(), b"changeme"), [Cause::SecretRefused]);
    }
}

/// Bytes that are close to JSON, base64 or wrapped secrets.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let near_json = r#"[\[\]{}":,\\/u0-9d\n =A'"]{0,40}"#.prop_map(String::into_bytes);
    prop_oneof![vec(any::<u8>(), 0..60), near_json]
}

proptest! {
    #[test]
    fn accepts_any_bytes(
        secret in any_bytes(),
        others in vec(any_bytes(), 3),
        headers in vec((".{0,20}", any_bytes()), 0..3),
        mut body in any_bytes(),
        change: Index,
        byte: u8,
    ) {
        let mut all = vec![("x-hub-signature-256".to_owned(), sign("another key", &body).into_bytes())];
        all.extend(headers);
        all.push(("content-length".to_owned(), others[0].clone()));
        if !body.is_empty() {
            let change = change.index(body.len());
            body[change] = byte;
        }
        let diagnosis = Diagnose::new(&secret)
            .add_secret("other", &others[0])
            .add_verify_token(&others[1])
            .add_access_token(&others[2])
            .delivery(&all, &body);
        prop_assert!(!diagnosis.causes().is_empty());
        prop_assert!(!diagnosis.causes().contains(&Cause::Matches));
        prop_assert_eq!(diagnosis.is_certain(), false);
    }
}
