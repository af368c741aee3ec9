//! The three types of secrets, and every source they are made from.

use std::{env, ffi::OsStr, fs, hint::black_box, os::unix::ffi::OsStrExt, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use hubseal::{
    AccessToken, AppSecret, AppSecretProof, Scheme, SecretError, SecretErrorKind, Secrets,
    Verifier, VerifyToken,
};
use hubseal_freed_memory::{Watched, left_by};

const SECRET: &str = "1f8b3c6d90e2a4475b7c8d1e2f3a4b5c";
const TOKEN: &str = "EAAfreedMemoryTestToken0123456789";

fn watched() -> Watched {
    Watched::secret(SECRET.as_bytes())
}

/// Formats the error of a refused secret, so that the search covers its output.
fn show<T>(made: Result<T, SecretError>) -> Option<SecretErrorKind> {
    let refused = made.err()?;
    black_box(format!("{refused} {refused:?}"));
    Some(refused.kind())
}

#[test]
fn wipes_secrets_made_from_any_type() {
    assert_eq!(left_by(&watched(), || drop(AppSecret::new(SECRET))), []);
    assert_eq!(left_by(&watched(), || drop(AppSecret::meta(SECRET))), []);
    assert_eq!(left_by(&watched(), || drop(VerifyToken::new(SECRET))), []);
    assert_eq!(left_by(&watched(), || drop(AccessToken::new(SECRET))), []);
    let owned = left_by(&watched(), || {
        let secret = AppSecret::new(black_box(String::from(SECRET))).unwrap();
        assert_eq!(black_box(&secret).expose_secret(), SECRET);
    });
    assert_eq!(owned, []);
    let moved = left_by(&watched(), || {
        let secret = black_box(Box::new(AppSecret::new(SECRET).unwrap()));
        drop(black_box(*secret));
    });
    assert_eq!(moved, []);
    let boxed = left_by(&watched(), || {
        let text: Box<str> = black_box(SECRET.into());
        drop(black_box(AppSecret::new(text)));
    });
    assert_eq!(boxed, []);
}

#[test]
fn wipes_spare_capacity() {
    let found = left_by(&watched(), || {
        let mut text = String::with_capacity(1_000);
        text.push_str("something longer ");
        text.push_str(SECRET);
        text.clear();
        text.push_str(&SECRET[..20]);
        assert!(AppSecret::new(black_box(text)).is_ok());
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_longest_secret() {
    let whole = left_by(&watched(), || {
        let mut text = String::with_capacity(20_000);
        while text.len() < 16 * 1024 {
            text.push_str(SECRET);
        }
        assert!(AppSecret::new(black_box(text)).is_ok());
    });
    assert_eq!(whole, []);
}

#[test]
fn wipes_refused_secrets() {
    use SecretErrorKind as Kind;
    for (before, after, kind) in [
        (" ", "", Kind::SurroundingWhitespace),
        ("", "\n", Kind::SurroundingWhitespace),
        ("\u{feff}", "", Kind::ControlCharacter),
        ("a\0", "", Kind::ControlCharacter),
        ("<", ">", Kind::Placeholder),
        ("changeme", "", Kind::Placeholder),
        ("your", "", Kind::Placeholder),
        ("'", "'", Kind::Quoted),
        ("APP_SECRET=", "", Kind::NamePrefix),
        ("$", "", Kind::UnresolvedReference),
        ("op://", "", Kind::UnresolvedReference),
    ] {
        for new in [AppSecret::new, AppSecret::meta] {
            let found = left_by(&watched(), || {
                let mut text = String::with_capacity(100);
                text.extend([before, SECRET, after]);
                assert_eq!(show(new(text)), Some(kind));
            });
            assert_eq!(found, [], "{kind:?}");
        }
    }
    for (text, kind) in [
        (SECRET.repeat(2), Kind::NotMetaForm),
        (SECRET[..16].repeat(2), Kind::Placeholder),
    ] {
        let found = left_by(&watched(), || {
            assert_eq!(show(AppSecret::meta(text)), Some(kind));
        });
        assert_eq!(found, [], "{kind:?}");
    }
    let found = left_by(&watched(), || {
        let text = black_box(String::from(&SECRET[..15]));
        assert_eq!(show(AppSecret::new(text)), Some(Kind::TooShort));
    });
    assert_eq!(found, [], "too short");
    let found = left_by(&watched(), || {
        let mut text = String::with_capacity(17 * 1024);
        while text.len() <= 16 * 1024 {
            text.push_str(SECRET);
        }
        assert_eq!(show(AppSecret::new(text)), Some(Kind::TooLong));
    });
    assert_eq!(found, [], "too long");
}

#[test]
fn wipes_decoded_key() {
    let key = hex::decode(SECRET).unwrap();
    let text = format!("whsec_{}", BASE64_STANDARD.encode(&key));
    let watched = Watched::key(&key).and(Watched::secret(text.as_bytes()));
    let decode =
        |text: &str| AppSecret::new(black_box(text.to_owned())).and_then(AppSecret::decode_whsec);
    let accepted = left_by(&watched, || {
        let scheme = Scheme::STANDARD_WEBHOOKS;
        let verifier = Verifier::new(decode(&text).unwrap()).with_scheme(scheme);
        let headers = verifier.sign_headers("msg_1", 1, "{}").unwrap();
        assert!(verifier.verify_headers(&headers, "{}").is_err());
    });
    assert_eq!(accepted, []);
    for (refused, kind) in [
        (&text[..text.len() - 1], SecretErrorKind::NotWhsec),
        (&text[..22], SecretErrorKind::TooShort),
    ] {
        let found = left_by(&watched, || assert_eq!(show(decode(refused)), Some(kind)));
        assert_eq!(found, [], "{kind:?}");
    }
}

/// A file of these parts, written without a copy of them in searched memory.
struct File(PathBuf);

impl File {
    fn of(name: &str, parts: &[&[u8]]) -> Self {
        use std::io::Write;
        let path = format!("hubseal-freed-memory-{}-{name}", std::process::id());
        let path = env::temp_dir().join(path);
        let mut file = fs::File::create(&path).unwrap();
        for part in parts {
            file.write_all(part).unwrap();
        }
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn reading_secret_file_leaves_no_copy() {
    use SecretErrorKind as Kind;
    let secret = SECRET.as_bytes();
    let long: Vec<&[u8]> = [secret].repeat(16 * 1024 / 32 + 1);
    for (name, parts, kind) in [
        ("plain", &[secret][..], None),
        ("line", &[secret, b"\n"], None),
        ("line with CRLF", &[secret, b"\r\n"], None),
        ("longest", &long[1..], None),
        ("too long", &long, Some(Kind::TooLong)),
        (
            "two lines",
            &[secret, b"\n\n"],
            Some(Kind::SurroundingWhitespace),
        ),
        ("binary", &[secret, b"\xff"], Some(Kind::NotUnicode)),
        (
            "long and binary",
            &[&[b"\xff", secret][..], &long].concat(),
            Some(Kind::TooLong),
        ),
        (
            "placeholder",
            &[b"<", secret, b">"],
            Some(Kind::Placeholder),
        ),
    ] {
        let file = File::of(name, parts);
        let found = left_by(&watched(), || {
            assert_eq!(show(AppSecret::from_file(&file.0)), kind)
        });
        assert_eq!(found, [], "{name}");
    }
}

#[test]
fn rotation_leaves_no_copy_of_replaced_secrets() {
    const NEXT: [&str; 3] = [
        "7c1e8b0a53f7d4926a85b60d2917e43f",
        "9d02b6f1e4a83c5770e1942bd8f65a3c",
        "7e0c5a91d3b84f26a1908273645566f7",
    ];
    let files = ["current", "token"].map(|name| File::of(name, &[SECRET.as_bytes()]));
    let watched = watched().and(Watched::key(SECRET.as_bytes()));
    let found = left_by(&watched, || {
        let secrets = Secrets::from_files(&files[0].0).verify_token_file(&files[1].0);
        let secrets = secrets.load().unwrap();
        let endpoint = secrets.endpoint().build().unwrap();
        let signature = endpoint.verifier().sign("{}");
        for next in NEXT {
            for file in &files {
                fs::write(&file.0, next).unwrap();
            }
            assert!(secrets.reload().unwrap());
            black_box(format!("{secrets:?} {endpoint:?}"));
        }
        assert!(
            endpoint
                .verifier()
                .verify_signature(&signature, "{}")
                .is_err()
        );
        secrets.revoke_previous();
    });
    assert_eq!(found, []);
}

#[test]
fn reading_environment_leaves_no_copy() {
    use SecretErrorKind as Kind;
    const NAME: &str = "HUBSEAL_FREED_MEMORY";
    for (before, after, kind) in [
        ("", &b""[..], None),
        (" ", b"", Some(Kind::SurroundingWhitespace)),
        ("<", b">", Some(Kind::Placeholder)),
        ("", b"\xff", Some(Kind::NotUnicode)),
    ] {
        let value = [before.as_bytes(), SECRET.as_bytes(), after].concat();
        // Safety: no other test reads or writes the environment, and this one has a single thread.
        unsafe { env::set_var(NAME, OsStr::from_bytes(&value)) };
        let found = left_by(&watched(), || {
            assert_eq!(show(AppSecret::from_env(NAME)), kind)
        });
        assert_eq!(found, [], "{kind:?}");
    }
    let found = left_by(&watched(), || {
        assert_eq!(
            show(AppSecret::from_env("HUBSEAL_NOT_SET")),
            Some(Kind::NotSet)
        );
    });
    assert_eq!(found, []);
}

#[test]
fn wipes_appsecret_proof_and_its_inputs() {
    for time in [None, Some(1_700_000_000)] {
        let digits = proof(time).expose_secret().to_owned();
        let watched = Watched::key(SECRET.as_bytes())
            .and(Watched::secret(TOKEN.as_bytes()))
            .and(Watched::secret(digits.as_bytes()))
            .and(Watched::secret(&hex::decode(&digits).unwrap()));
        let found = left_by(&watched, || drop(black_box(proof(time))));
        assert_eq!(found, [], "{time:?}");
        let moved = left_by(&watched, || {
            let proof = black_box(Box::new(proof(time)));
            drop(black_box(*proof));
        });
        assert_eq!(moved, [], "{time:?}");
    }
}

fn proof(time: Option<u64>) -> AppSecretProof {
    let secret = AppSecret::new(SECRET).unwrap();
    let token = AccessToken::new(TOKEN).unwrap();
    match time {
        None => AppSecretProof::new(&secret, &token),
        Some(time) => AppSecretProof::at(&secret, &token, time),
    }
}
