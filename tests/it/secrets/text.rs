//! Texts that are not secrets: references, quotes, placeholders and keys in another form.

use hubseal::{AccessToken, AppSecret, SecretErrorKind, VerifyToken};

use crate::common::SECRET;

/// Returns why the text is refused, and checks that all secret types agree.
fn kind(text: &str) -> Option<SecretErrorKind> {
    let kind = VerifyToken::new(text).err().map(|refused| refused.kind());
    assert_eq!(
        AccessToken::new(text).err().map(|refused| refused.kind()),
        kind
    );
    let of_secret = AppSecret::new(text).err().map(|refused| refused.kind());
    if kind.is_some() || text.len() >= 16 {
        assert_eq!(of_secret, kind, "{text}");
    } else {
        assert_eq!(of_secret, Some(SecretErrorKind::TooShort), "{text}");
    }
    kind
}

#[test]
fn refuses_secrets_in_quotes() {
    for quote in ["\"", "'", "`"] {
        for text in [SECRET, "correct-horse", "$APP_SECRET", "changeme", ""] {
            let text = format!("{quote}{text}{quote}");
            assert_eq!(kind(&text), Some(SecretErrorKind::Quoted), "{text}");
        }
    }
    let refused = AppSecret::new(format!("'{SECRET}'")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the app secret is wrapped in quotes; remove them"
    );
}

#[test]
fn refuses_secret_after_variable_name() {
    for name in [
        "APP_SECRET",
        "FB_APP_SECRET_2",
        "TOKEN",
        "export APP_SECRET",
    ] {
        for text in [SECRET, "\"quoted secret\"", "$APP_SECRET", "a=b="] {
            let text = format!("{name}={text}");
            assert_eq!(kind(&text), Some(SecretErrorKind::NamePrefix), "{text}");
        }
    }
    for text in [
        "QUJDREVGRUdISUpLTE1O==",
        "QUI=",
        "a1b2c3d4=e5f6a7b8c9d0",
        "1234=e5f6a7b8c9d0e1f2",
        "=0f1e2d3c4b5a6978",
    ] {
        assert_eq!(kind(text), None, "{text}");
    }
}

#[test]
fn refuses_unresolved_references() {
    for text in [
        "$FB_APP_SECRET",
        "$(WHATSAPP_APP_SECRET)",
        "${APP_SECRET}",
        "${APP_SECRET:-none}",
        "$(cat /run/secrets/app)",
        "{WHATSAPP_APP_SECRET}",
        "{{ secrets.app_secret }}",
        "{{ secret }}",
        "%APP_SECRET%",
        "op://vault/item",
        "op://vault/item/field",
        "awssm://production/app",
        "gcp-sm://project/app",
        "vault:secret/data/app#secret",
        "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ=,type:str]",
        "!vault |",
        "!secret app_secret",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app",
        "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/app)",
    ] {
        let unresolved = Some(SecretErrorKind::UnresolvedReference);
        assert_eq!(kind(text), unresolved, "{text}");
    }
}

#[test]
fn refuses_placeholders_of_templates_and_samples() {
    for text in [
        "...",
        "********",
        "---",
        "00000000000000000000000000000000",
        "<app secret>",
        "CHANGE_ME",
        "TODO",
        "YOUR_VERIFY_TOKEN",
        "[secret]",
        "app_secret",
        "change-me-please",
        "changeme",
        "changeme-0f1e2d3c4b5a",
        "dummy-secret",
        "enter your 0f1e2d3c here",
        "insert your token here",
        "my-app-secret",
        "my_verify_token",
        "mysecret",
        "null",
        "password",
        "paste_secret_here",
        "placeholder",
        "replace-with-your-secret",
        "replace_this",
        "secret",
        "super-secret",
        "test",
        "test_app_secret",
        "todo",
        "undefined",
        "verify-token",
        "whatsapp_app_secret",
        "x",
        "xxxx-xxxx-xxxx-xxxx",
        "xxxxxxxxxxxxxxxx",
        "your-app-secret",
        "your_app_secret_here",
        "your_own_random_string",
        "\u{2026}",
    ] {
        assert_eq!(kind(text), Some(SecretErrorKind::Placeholder), "{text}");
    }
}

#[test]
fn accepts_text_similar_to_placeholder_or_reference() {
    for text in [
        SECRET,
        "name:0f1e2d3c4b5a6978",
        "no scheme at all://0f1e2d3c4b5a",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "It's a Secret to Everybody",
        "app-secret-0123456789abcdef",
        "correct-horse-battery-staple",
        "pässwörd with spaces",
        "nullable-thing-of-16",
        "mystery-otter-and-friends",
        "testing-in-the-dark",
        "the-todo-of-tomorrow",
        "\u{1f512}\u{1f511}\u{1f513}\u{1f512}",
        "<0f1e2d3c4b5a6978",
        "0f1e2d3c4b5a6978>",
        "[0f1e2d3c4b5a6978",
        "0f1e2d3c4b5a6978]",
        "{0f1e2d3c4b5a6978",
        "0f1e2d3c4b5a6978%",
        "0f1e2d3c4b5a6978$",
        "'0f1e2d3c4b5a6978",
        "0f1e2d3c4b5a6978\"",
        "ab",
        "EAAJB4dK3example0token",
    ] {
        assert_eq!(kind(text), None, "{text}");
    }
}

#[test]
fn refuses_app_secrets_shorter_than_16_bytes() {
    for text in ["k", "0f1e2d3c", "0f1e2d3c4b5a697"] {
        let refused = AppSecret::new(text).err().map(|refused| refused.kind());
        let expected = match text {
            "k" => SecretErrorKind::Placeholder,
            _ => SecretErrorKind::TooShort,
        };
        assert_eq!(refused, Some(expected), "{text}");
    }
    assert!(AppSecret::new("0f1e2d3c4b5a6978").is_ok());
    assert!(VerifyToken::new("0f1e2d3c").is_ok());
    assert!(AccessToken::new("0f1e2d3c").is_ok());
}

#[test]
fn meta_app_secret_is_32_lower_case_hex_digits() {
    let kind = |text: &str| AppSecret::meta(text).err().map(|refused| refused.kind());
    assert_eq!(AppSecret::meta(SECRET).unwrap().expose_secret(), SECRET);
    for text in [
        &SECRET[..31],
        &format!("{SECRET}0"),
        &SECRET.to_uppercase(),
        &SECRET.replace('d', "g"),
        "0f1e2d3c4b5a6978",
        "short",
        "It's a Secret to Everybody, Hex",
        "correct-horse-battery-staple",
        "EAAGm0PX4ZCpsBAKqkq1ZB8ZCw3ZBnZA",
        "c1e8b0a53f7d4926a85b60d2917e43f\u{e9}",
    ] {
        assert_eq!(kind(text), Some(SecretErrorKind::NotMetaForm), "{text}");
    }
    assert_eq!(kind(&format!("'{SECRET}'")), Some(SecretErrorKind::Quoted));
    assert_eq!(
        kind("$APP_SECRET"),
        Some(SecretErrorKind::UnresolvedReference)
    );
    assert_eq!(kind("changeme"), Some(SecretErrorKind::Placeholder));
}

#[test]
fn refuses_sample_values_in_form_of_meta_app_secret() {
    for text in [
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "00112233445566778899aabbccddeeff",
        "ffeeddccbbaa99887766554433221100",
        "000102030405060708090a0b0c0d0e0f",
        "0123456789abcdef0123456789abcdef",
        "fedcba9876543210fedcba9876543210",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "abababababababababababababababab",
        "00000000000000000000000000000000",
    ] {
        let refused = AppSecret::meta(text).err().map(|refused| refused.kind());
        assert_eq!(refused, Some(SecretErrorKind::Placeholder), "{text}");
    }
}
