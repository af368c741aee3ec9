//! Files that are refused: keys, tokens and redactor stay as they are.

use std::fs;

use hubseal::{Endpoint, SecretErrorKind};

use super::{Folder, accepts, keys};
use crate::common::{PREVIOUS_SECRET as A, SECRET as B};

/// Makes a named pipe, which nobody writes to.
#[cfg(unix)]
fn make_pipe(folder: &Folder, name: &str) {
    folder.put(name, None);
    let made = std::process::Command::new("mkfifo")
        .arg(folder.file(name))
        .status();
    assert!(made.unwrap().success());
}

#[cfg(unix)]
#[test]
fn refused_file_keeps_everything() {
    use SecretErrorKind::{
        Empty, FileNotFound, NotAFile, NotMetaForm, NotUnicode, Placeholder, SurroundingWhitespace,
    };
    type Spoil = fn(&Folder, &str);

    let cases: [(Spoil, SecretErrorKind); 8] = [
        (|folder, name| folder.put(name, None), FileNotFound),
        (|folder, name| folder.put(name, Some("")), Empty),
        (
            |folder, name| folder.put(name, Some(" padded ")),
            SurroundingWhitespace,
        ),
        (
            |folder, name| folder.put(name, Some("changeme")),
            Placeholder,
        ),
        (make_pipe, NotAFile),
        (
            |folder, name| {
                folder.put(name, None);
                fs::create_dir(folder.file(name)).unwrap();
            },
            NotAFile,
        ),
        (
            |folder, name| fs::write(folder.file(name), [0xff; 32]).unwrap(),
            NotUnicode,
        ),
        // A token has no form.
        (
            |folder, name| folder.put(name, Some("\"quoted")),
            NotMetaForm,
        ),
    ];
    for (spoil, expected) in cases {
        for name in ["current", "previous", "token"] {
            if name == "previous" && expected == FileNotFound
                || name == "token" && expected == NotMetaForm
            {
                continue;
            }
            let folder = Folder::new("refused");
            folder.put("current", Some(A));
            folder.put("token", Some("one"));
            let redaction = Redaction::new();
            let secrets = redaction.of(folder.builder()).load().unwrap();
            let endpoint = secrets.endpoint().build().unwrap();
            // The other two files have changed.
            folder.put("current", Some(B));
            folder.put("previous", Some(super::C));
            folder.put("token", Some("two-and-more"));
            spoil(&folder, name);

            for _ in 0..2 {
                let refused = secrets.reload().unwrap_err();
                assert_eq!(refused.kind(), expected, "{name}");
                let text = refused.to_string();
                assert!(
                    text.contains(&*folder.file(name).to_string_lossy()),
                    "{text}"
                );
                assert!(
                    !text.contains("padded") && !text.contains("changeme"),
                    "{text}"
                );
                assert_eq!(
                    std::error::Error::source(&refused).is_some(),
                    expected == FileNotFound
                );
                assert_unchanged(&endpoint, &redaction);
            }
            let _ = fs::remove_dir(folder.file(name));
            folder.put("current", Some(B));
            folder.put("previous", None);
            folder.put("token", Some("two-and-more"));
            assert!(secrets.reload().unwrap());
            assert_eq!(keys(&endpoint), "pc-");
            redaction.assert([(A, true), (B, true), ("two-and-more", true)]);
        }
    }
}

fn assert_unchanged(endpoint: &Endpoint, redaction: &Redaction) {
    assert_eq!(keys(endpoint), "c--");
    assert!(accepts(endpoint, "one") && !accepts(endpoint, "two-and-more"));
    redaction.assert([(A, true), (B, false), ("two-and-more", false)]);
}

#[test]
fn load_refuses_the_same_files() {
    let folder = Folder::new("load");
    folder.put("current", Some(A));
    let refused = folder.builder().load().unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::FileNotFound);
    assert!(
        refused.to_string().starts_with("the verify token file "),
        "{refused}"
    );

    folder.put("token", Some("one"));
    folder.put("current", Some("a secret of another form"));
    let refused = folder.builder().load().unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotMetaForm);
    let secrets = folder.builder().any_form().load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    assert_eq!(
        super::key(&endpoint, "a secret of another form").unwrap(),
        "current"
    );
    folder.put("previous", Some("0123456"));
    assert_eq!(
        secrets.reload().unwrap_err().kind(),
        SecretErrorKind::TooShort
    );
}

#[cfg(feature = "redact")]
#[test]
fn redactor_refuses_value_of_a_marker() {
    let folder = Folder::new("marker");
    folder.put("current", Some(A));
    folder.put("token", Some("one-of-many"));
    let redaction = Redaction::new();
    let secrets = redaction.of(folder.builder()).load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    folder.put("current", Some(B));
    folder.put("token", Some("message_id"));
    let refused = secrets.reload().unwrap_err();
    assert_eq!(refused.kind(), SecretErrorKind::NotRedactable);
    let start = format!(
        "the verify token file {:?} cannot be redacted",
        folder.file("token")
    );
    assert!(refused.to_string().starts_with(&start), "{refused}");
    assert!(std::error::Error::source(&refused).is_some());
    assert_eq!(keys(&endpoint), "c--");
    assert!(accepts(&endpoint, "one-of-many"));
    redaction.assert([(A, true), ("one-of-many", true), (B, false)]);
}

#[cfg(feature = "redact")]
#[test]
fn redactor_learns_secrets_before_they_are_accepted() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    const TOKENS: [&str; 3] = ["one-of-many", "two-of-many", "three-of-many"];
    let folder = Folder::new("learns");
    folder.put("current", Some(A));
    folder.put("token", Some(TOKENS[0]));
    let redaction = Redaction::new();
    let secrets = redaction.of(folder.builder()).load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    let redactor = &redaction.0;
    // Counts the reloads, and is at its maximum at the end.
    let reloads = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            loop {
                let before = reloads.load(Ordering::SeqCst);
                let secrets = [A, B, super::C].map(|secret| super::key(&endpoint, secret).is_ok());
                let tokens = TOKENS.map(|token| accepts(&endpoint, token));
                let redacted = [A, B, super::C].map(|secret| redactor.redact(secret) != secret);
                let redacted_tokens = TOKENS.map(|token| redactor.redact(token) != token);
                if before == usize::MAX {
                    break;
                }
                // After more reloads, a secret may be forgotten again.
                if reloads.load(Ordering::SeqCst) == before {
                    let all = secrets.into_iter().zip(redacted);
                    for (is_accepted, is_redacted) in
                        all.chain(tokens.into_iter().zip(redacted_tokens))
                    {
                        assert!(is_redacted || !is_accepted, "accepted, but not redacted");
                    }
                }
            }
        });
        for _ in 0..10 {
            // Each rotation drops a secret and a token, which come back in the next one.
            for (secret, token) in [B, super::C, A]
                .into_iter()
                .zip([TOKENS[1], TOKENS[2], TOKENS[0]])
            {
                folder.put("current", Some(secret));
                folder.put("token", Some(token));
                reloads.fetch_add(1, Ordering::SeqCst);
                assert!(secrets.reload().unwrap());
            }
        }
        reloads.store(usize::MAX, Ordering::SeqCst);
    });
}

#[cfg(feature = "redact")]
#[test]
fn several_secrets_share_a_redactor() {
    let redactor = hubseal::redact::Redactor::builder()
        .register("redis_password", "correct horse")
        .build()
        .unwrap();
    let folders = [A, B].map(|secret| {
        let folder = Folder::new("two");
        folder.put("current", Some(secret));
        folder.put("token", Some("short"));
        folder
    });
    let secrets = folders
        .each_ref()
        .map(|folder| folder.builder().redactor(&redactor).load().unwrap());
    redactor
        .replace_values([("phrase", "battery staple")])
        .unwrap();
    folders[0].put("current", Some(super::C));
    assert!(secrets[0].reload().unwrap());
    for text in [A, B, super::C, "correct horse", "battery staple"] {
        assert!(redactor.redact(text).starts_with("[redacted:"), "{text}");
    }
    assert_eq!(redactor.redact("short"), "short");
    // A secret that is no longer accepted is redacted until the next change.
    for (secret, is_redacted) in [("9d02b6f1e4a83c5770e1942bd8f65a3c", true), (B, false)] {
        folders[0].put("current", Some(secret));
        assert!(secrets[0].reload().unwrap());
        assert_eq!(redactor.redact(A) != A, is_redacted);
    }
}

/// A redactor, if there is one.
#[cfg(feature = "redact")]
struct Redaction(hubseal::redact::Redactor);

#[cfg(feature = "redact")]
impl Redaction {
    fn new() -> Self {
        Self(hubseal::redact::Redactor::new())
    }

    fn of(&self, builder: hubseal::SecretsBuilder) -> hubseal::SecretsBuilder {
        builder.redactor(&self.0)
    }

    fn assert<const N: usize>(&self, values: [(&str, bool); N]) {
        for (value, is_redacted) in values {
            assert_eq!(self.0.redact(value) != value, is_redacted, "{value}");
        }
    }
}

#[cfg(not(feature = "redact"))]
struct Redaction;

#[cfg(not(feature = "redact"))]
impl Redaction {
    fn new() -> Self {
        Self
    }

    fn of(&self, builder: hubseal::SecretsBuilder) -> hubseal::SecretsBuilder {
        builder
    }

    fn assert<const N: usize>(&self, _: [(&str, bool); N]) {}
}
