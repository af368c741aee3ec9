//! Secrets of Standard Webhooks.

use std::{env, fs, process};

use hubseal::{AppSecret, KeyRing, Scheme, SecretErrorKind, Secrets, Verifier};

use super::{NOW, at, verifier};

const TEXT: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn decoded(text: &str) -> Result<AppSecret, SecretErrorKind> {
    let secret = AppSecret::new(text).unwrap();
    secret.decode_whsec().map_err(|refused| refused.kind())
}

#[test]
fn key_is_the_decoded_bytes() {
    let bytes = b"\x0b\x61\x55\xb0\x14\x08\x86\xbb\x1c\x0a\x19\x50\x20\xc5\x7e\x6f\x9b\x12\x62\xca\x68\x6f\xba\x03";
    let expected = Verifier::new(hubseal::testing::ring_of_bytes(bytes).unwrap());
    let expected = expected.sign("{}").to_string();
    for text in [TEXT, &TEXT[6..]] {
        let secret = decoded(text).unwrap();
        assert_eq!(secret.expose_secret(), text);
        assert_eq!(format!("{secret:?}"), "AppSecret([redacted])");
        assert_eq!(
            hubseal::Signature::sign(&secret, "{}").to_string(),
            expected
        );
        assert_eq!(Verifier::new(&secret).sign("{}").to_string(), expected);
        let named = KeyRing::new([("a", secret)]).unwrap();
        assert_eq!(Verifier::new(named).sign("{}").to_string(), expected);
    }
    let text = Verifier::new(AppSecret::new(TEXT).unwrap());
    assert_ne!(
        text.sign("{}").to_string(),
        expected,
        "the text is another key"
    );
}

#[test]
fn refuses_what_is_not_base64_or_too_short() {
    let not_base64 = [
        "a secret of another scheme",
        "whsec_a secret of another scheme",
        "WHSEC_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "whsec_whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o",
        "whsec_MDEyMzQ1Njc4OWFiY2RlZg",
        "whpk_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    ];
    for text in not_base64 {
        assert_eq!(
            decoded(text).err(),
            Some(SecretErrorKind::NotWhsec),
            "{text}"
        );
    }
    assert_eq!(
        decoded("whsec_MDEyMzQ1Njc4OWFiY2Rl").err(),
        Some(SecretErrorKind::TooShort)
    );
    assert!(decoded("whsec_MDEyMzQ1Njc4OWFiY2RlZg==").is_ok());

    let refused = AppSecret::new("a secret of another scheme").unwrap();
    assert_eq!(
        refused.decode_whsec().unwrap_err().to_string(),
        "the app secret is not base64, with or without whsec_ before it; copy the signing secret again",
    );
}

#[test]
fn rotated_files_are_decoded() {
    let folder = env::temp_dir().join(format!("hubseal-schemes-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("secret");
    fs::write(&file, format!("{TEXT}\n")).unwrap();
    let builder = Secrets::from_files(&file).whsec().clock(|| at(NOW));
    let secrets = builder.load().unwrap();
    let endpoint = secrets.endpoint().scheme(Scheme::SVIX).build().unwrap();
    let headers = verifier(Scheme::SVIX)
        .sign_headers("id", NOW, "{}")
        .unwrap();
    let key = |verifier: &Verifier| verifier.verify_headers(&headers, "{}").unwrap().key();
    assert_eq!(key(endpoint.verifier()).as_str(), "current");

    fs::write(&file, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    assert!(secrets.reload().unwrap());
    assert_eq!(key(endpoint.verifier()).as_str(), "previous");

    fs::write(&file, "a secret of another scheme").unwrap();
    let refused = secrets.reload().unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotWhsec);
    assert!(
        refused.to_string().contains(&format!("{file:?}")),
        "{refused}"
    );
    assert_eq!(
        key(endpoint.verifier()).as_str(),
        "previous",
        "nothing has changed"
    );
    fs::remove_dir_all(&folder).unwrap();
}
