//! Secrets from files and from the environment.

mod text;

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};
#[cfg(unix)]
use std::{process::Command, sync::mpsc, thread, time::Duration};

use hubseal::{
    AccessToken, AppSecret, AppSecretProof, KeyRingError, RequestHead, SecretErrorKind,
    VerifyToken,
    testing::{Request, ring_of_bytes},
};

use crate::common::{ACCESS_TOKEN, SECRET, TOKEN, secret, token};

/// A file in the system's temporary folder, removed on drop.
struct TempFile(PathBuf);

impl TempFile {
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

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn secret_file_may_end_in_one_newline() {
    for ending in ["", "\n", "\r\n"] {
        let file = TempFile::new("newline", format!("{SECRET}{ending}"));
        assert_eq!(file.read().as_deref(), Ok(SECRET), "{ending:?}");
    }
    for ending in ["\n\n", "\r\n\r\n", " ", " \n", "\r", "\t\n"] {
        let file = TempFile::new("newlines", format!("{SECRET}{ending}"));
        assert_eq!(
            file.read(),
            Err(SecretErrorKind::SurroundingWhitespace),
            "{ending:?}"
        );
    }
}

#[test]
fn secret_file_size_is_bounded() {
    let longest = format!("{SECRET}{}", "a".repeat(16 * 1024 - SECRET.len()));
    assert_eq!(
        TempFile::new("longest", &longest).read().as_deref(),
        Ok(&*longest)
    );
    assert_eq!(
        TempFile::new("line", format!("{longest}\r\n"))
            .read()
            .as_deref(),
        Ok(&*longest)
    );
    let longer = format!("{longest}a");
    assert_eq!(
        TempFile::new("longer", longer).read(),
        Err(SecretErrorKind::TooLong)
    );
    // The read limit can fall inside a character, so the content counts as too long, not as invalid
    // UTF-8.
    let binary = vec![0xff; 20_000];
    assert_eq!(
        TempFile::new("longer-binary", binary).read(),
        Err(SecretErrorKind::TooLong)
    );
    let much_longer = vec![b'a'; 10 << 20];
    assert_eq!(
        TempFile::new("much-longer", much_longer).read(),
        Err(SecretErrorKind::TooLong)
    );
}

#[test]
fn error_names_file_but_not_its_content() {
    assert_eq!(
        TempFile::new("empty", "").read(),
        Err(SecretErrorKind::Empty)
    );
    assert_eq!(
        TempFile::new("blank", "\n").read(),
        Err(SecretErrorKind::Empty)
    );
    assert_eq!(
        TempFile::new("binary", b"\xff\xfe").read(),
        Err(SecretErrorKind::NotUnicode)
    );
    let file = TempFile::new("spaced", format!(" {SECRET}"));
    for refused in [
        VerifyToken::from_file(&file.0).unwrap_err(),
        AppSecret::from_file(&file.0).unwrap_err(),
        AppSecret::meta_from_file(&file.0).unwrap_err(),
    ] {
        assert!(refused.to_string().contains("-spaced\" starts or ends"));
        assert!(!format!("{refused} {refused:?}").contains(SECRET));
    }
}

#[test]
fn file_error_keeps_its_cause() {
    let too_long = std::env::temp_dir().join("a".repeat(5_000));
    for (path, kind, problem) in [
        (
            Path::new("/nowhere/app-secret"),
            SecretErrorKind::FileNotFound,
            r#"the app secret file "/nowhere/app-secret" does not exist; check the path: "#,
        ),
        (
            &too_long,
            SecretErrorKind::FileUnreadable,
            "cannot be read; check its permissions: ",
        ),
    ] {
        let refused = AppSecret::from_file(path).unwrap_err();
        assert_eq!(refused.kind(), kind);
        let cause = refused.source().expect("a cause");
        assert!(cause.is::<io::Error>());
        let shown = refused.to_string();
        assert!(shown.contains(&format!("{problem}{cause}")), "{shown}");
    }
}

#[test]
fn debug_of_error_is_its_message() {
    let refused = AppSecret::from_env("HUBSEAL_TEST_NOT_SET").unwrap_err();
    assert_eq!(
        format!("{refused:?}"),
        "HUBSEAL_TEST_NOT_SET is not set; set this environment variable"
    );
    assert_eq!(format!("{refused:#?}"), refused.to_string());
}

#[test]
fn escapes_control_characters_in_names() {
    let path = "/nowhere/\u{1b}[2Japp\nsecret\u{202e}";
    for refused in [
        AppSecret::from_file(path).unwrap_err(),
        AppSecret::from_env(path).unwrap_err(),
    ] {
        let shown = format!("{refused} {refused:?}");
        assert!(!shown.contains(['\u{1b}', '\n', '\u{202e}']), "{shown:?}");
        assert!(shown.contains(r"/nowhere/\u{1b}[2Japp\nsecret"), "{shown}");
    }
}

/// Reads a secret in another thread, so that a blocking call fails the test.
#[cfg(unix)]
fn kind_with_timeout(path: PathBuf) -> Option<SecretErrorKind> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(AppSecret::from_file(path).err().map(|e| e.kind())));
    receiver
        .recv_timeout(Duration::from_secs(10))
        .expect("reading the secret blocked")
}

#[cfg(unix)]
#[test]
fn refuses_named_pipe_without_waiting_for_writer() {
    let pipe = TempFile::new("pipe", "");
    fs::remove_file(&pipe.0).unwrap();
    let made = Command::new("mkfifo").arg(&pipe.0).status().unwrap();
    assert!(made.success());
    assert_eq!(
        kind_with_timeout(pipe.0.clone()),
        Some(SecretErrorKind::NotAFile)
    );

    let link = TempFile::new("link-to-pipe", "");
    fs::remove_file(&link.0).unwrap();
    std::os::unix::fs::symlink(&pipe.0, &link.0).unwrap();
    assert_eq!(
        kind_with_timeout(link.0.clone()),
        Some(SecretErrorKind::NotAFile)
    );
}

#[cfg(unix)]
#[test]
fn refuses_directories_devices_and_sockets() {
    let socket = TempFile::new("socket", "");
    fs::remove_file(&socket.0).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(&socket.0).unwrap();
    for path in [
        std::env::temp_dir(),
        "/dev/null".into(),
        "/dev/zero".into(),
        socket.0.clone(),
    ] {
        assert_eq!(kind_with_timeout(path), Some(SecretErrorKind::NotAFile));
    }
}

/// Kubernetes mounts a secret as a link to a link.
#[cfg(unix)]
#[test]
fn reads_file_through_symbolic_links() {
    let file = TempFile::new("linked", SECRET);
    let [one, two] = ["link-one", "link-two"].map(|name| {
        let link = TempFile::new(name, "");
        fs::remove_file(&link.0).unwrap();
        link
    });
    std::os::unix::fs::symlink(&file.0, &one.0).unwrap();
    std::os::unix::fs::symlink(&one.0, &two.0).unwrap();
    assert_eq!(two.read().as_deref(), Ok(SECRET));
}

#[test]
fn error_names_environment_variable() {
    let missing = AccessToken::from_env("HUBSEAL_TEST_NOT_SET").unwrap_err();
    assert_eq!(missing.kind(), SecretErrorKind::NotSet);
    // Cargo sets this variable for every test.
    let short = AppSecret::from_env("CARGO_PKG_NAME").unwrap_err();
    assert_eq!(
        short.to_string(),
        "CARGO_PKG_NAME is shorter than 16 bytes; copy all of it, or choose a longer one"
    );
}

#[test]
fn reads_environment_variable() {
    let package = VerifyToken::from_env("CARGO_PKG_NAME").unwrap();
    assert_eq!(package.expose_secret(), "hubseal");
}

#[test]
fn reads_meta_app_secret_from_file_and_environment() {
    let file = TempFile::new("meta", format!("{SECRET}\n"));
    let secret = AppSecret::meta_from_file(&file.0).unwrap();
    assert_eq!(secret.expose_secret(), SECRET);

    let file = TempFile::new("github", "It's a Secret to Everybody");
    let refused = AppSecret::meta_from_file(&file.0).unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotMetaForm);
    let shown = refused.to_string();
    assert!(shown.contains("-github\" is not 32 lower-case hexadecimal digits"));
    assert!(shown.ends_with("copy it from App Dashboard > App settings > Basic"));

    // Cargo sets this variable for every test.
    let refused = AppSecret::meta_from_env("CARGO_PKG_NAME").unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotMetaForm);
    assert!(refused.to_string().starts_with("CARGO_PKG_NAME is not 32"));
    let refused = AppSecret::meta_from_env("HUBSEAL_TEST_NOT_SET").unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotSet);
}

#[test]
fn refuses_empty_key() {
    assert_eq!(ring_of_bytes(b"").err(), Some(KeyRingError::EmptyKey));
    assert!(ring_of_bytes(b"\0").is_ok());
}

#[test]
fn derived_debug_shows_no_secret() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "read by `Debug`")]
    struct Settings {
        secret: AppSecret,
        verify: VerifyToken,
        access: AccessToken,
        proof: AppSecretProof,
    }
    let access = AccessToken::new(ACCESS_TOKEN).unwrap();
    let settings = Settings {
        proof: AppSecretProof::new(&secret(), &access),
        secret: secret(),
        verify: token(),
        access,
    };
    assert_eq!(
        format!("{settings:?}"),
        concat!(
            "Settings { secret: AppSecret([redacted]), verify: VerifyToken([redacted]), ",
            "access: AccessToken([redacted]), proof: AppSecretProof([redacted]) }"
        )
    );
}

#[test]
fn secrets_are_send_and_sync() {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<AppSecret>();
    assert_send_sync::<VerifyToken>();
    assert_send_sync::<AccessToken>();
    assert_send_sync::<hubseal::Endpoint>();
    assert_send_sync::<hubseal::BodyVerifier>();
    assert_send_sync::<hubseal::Verified<bytes::Bytes>>();
}

#[test]
fn request_debug_shows_no_secret() {
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
    let head = RequestHead::new("POST", request.headers.as_slice()).query(&target);
    assert_eq!(format!("{head:?}"), "RequestHead { .. }");
}
