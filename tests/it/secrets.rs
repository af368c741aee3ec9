//! Secrets from where operators keep them.

use std::{fs, path::PathBuf};

use hubseal::{AccessToken, AppSecret, Head, SecretErrorKind, VerifyToken, testing::Request};

use crate::common::{SECRET, TOKEN, secret};

/// A file in the system's temporary folder, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("hubseal-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }

    fn read(&self) -> Result<String, SecretErrorKind> {
        AppSecret::from_file(&self.0)
            .map(|secret| secret.expose_secret().to_owned())
            .map_err(|refused| refused.kind())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_file_may_end_in_exactly_one_newline() {
    for ending in ["", "\n", "\r\n"] {
        let file = Scratch::new("newline", format!("{SECRET}{ending}"));
        assert_eq!(file.read().as_deref(), Ok(SECRET), "{ending:?}");
    }
    for ending in ["\n\n", "\r\n\r\n", " ", " \n", "\r", "\t\n"] {
        let file = Scratch::new("newlines", format!("{SECRET}{ending}"));
        assert_eq!(
            file.read(),
            Err(SecretErrorKind::SurroundingWhitespace),
            "{ending:?}"
        );
    }
}

#[test]
fn a_file_is_read_to_a_bound_and_no_further() {
    let longest = format!("{SECRET}{}", "a".repeat(16 * 1024 - SECRET.len()));
    assert_eq!(
        Scratch::new("longest", &longest).read().as_deref(),
        Ok(&*longest)
    );
    assert_eq!(
        Scratch::new("line", format!("{longest}\r\n"))
            .read()
            .as_deref(),
        Ok(&*longest)
    );
    let longer = format!("{longest}a");
    assert_eq!(
        Scratch::new("longer", longer).read(),
        Err(SecretErrorKind::TooLong)
    );
    // Where it is cut off may be within a character, and so says nothing of what it holds.
    let binary = vec![0xff; 20_000];
    assert_eq!(
        Scratch::new("longer-binary", binary).read(),
        Err(SecretErrorKind::TooLong)
    );
    let much_longer = vec![b'a'; 10 << 20];
    assert_eq!(
        Scratch::new("much-longer", much_longer).read(),
        Err(SecretErrorKind::TooLong)
    );
    #[cfg(unix)]
    assert!(AppSecret::from_file("/dev/zero").is_err());
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_its_content_is_not() {
    assert_eq!(
        Scratch::new("empty", "").read(),
        Err(SecretErrorKind::Empty)
    );
    assert_eq!(
        Scratch::new("blank", "\n").read(),
        Err(SecretErrorKind::Empty)
    );
    assert_eq!(
        Scratch::new("binary", b"\xff\xfe").read(),
        Err(SecretErrorKind::NotUnicode)
    );

    let missing = AppSecret::from_file("/nowhere/app-secret").err().unwrap();
    assert_eq!(missing.kind(), SecretErrorKind::FileNotFound);
    assert_eq!(
        missing.to_string(),
        "the app secret (from /nowhere/app-secret) is missing: no such file"
    );
    let folder = AppSecret::from_file(std::env::temp_dir()).err().unwrap();
    assert_eq!(folder.kind(), SecretErrorKind::FileUnreadable);

    let file = Scratch::new("spaced", format!(" {SECRET}"));
    let refused = VerifyToken::from_file(&file.0).err().unwrap();
    assert!(refused.to_string().contains("hubseal-"));
    assert!(!format!("{refused} {refused:?}").contains(SECRET));
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let missing = AccessToken::from_env("HUBSEAL_TEST_NOT_SET").err().unwrap();
    assert_eq!(missing.kind(), SecretErrorKind::NotSet);
    assert_eq!(
        missing.to_string(),
        "the access token (from HUBSEAL_TEST_NOT_SET) is missing: set the environment variable"
    );
}

#[test]
fn a_variable_that_is_set_is_read() {
    // Cargo sets it for every test.
    let package = AppSecret::from_env("CARGO_PKG_NAME").unwrap();
    assert_eq!(package.expose_secret(), "hubseal");
}

#[test]
fn half_of_what_a_template_is_wrapped_in_is_no_placeholder() {
    for text in ["<0f1e2d3c", "0f1e2d3c>", "[0f1e2d3c", "0f1e2d3c]", "0f1e%"] {
        let secret = AppSecret::new(text).map(|secret| secret.expose_secret().to_owned());
        assert_eq!(secret.ok().as_deref(), Some(text));
    }
    for text in ["<0f1e2d3c>", "[0f1e2d3c]", "%0f1e%"] {
        let refused = AppSecret::new(text).err().map(|refused| refused.kind());
        assert_eq!(refused, Some(SecretErrorKind::Placeholder), "{text}");
    }
}

#[test]
fn a_secret_moves_between_threads_and_is_shared_by_them() {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<AppSecret>();
    assert_send_sync::<VerifyToken>();
    assert_send_sync::<AccessToken>();
    assert_send_sync::<hubseal::Endpoint>();
    assert_send_sync::<hubseal::Intake>();
    assert_send_sync::<hubseal::Verified<bytes::Bytes>>();
}

#[test]
fn the_debug_of_a_request_shows_no_byte_that_could_be_a_secret() {
    let target = format!("/webhook?hub.verify_token={TOKEN}");
    let request = Request::signed(&target, &secret(), SECRET);
    let shown = format!("{request:?}");
    assert_eq!(
        shown,
        concat!(
            r#"Request { method: "POST", path: "/webhook", "#,
            r#"headers: ["content-length", "x-hub-signature-256"], bytes: 32, .. }"#
        )
    );
    let head = Head::new("POST", request.headers.as_slice()).query(&target);
    assert_eq!(format!("{head:?}"), "Head { .. }");
}
