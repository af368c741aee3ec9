//! Where secrets come from: text, a file, the environment.
//!
//! A secret is looked at when it is taken: whether it is UTF-8, where a line or a value ends, white
//! space, invisible characters, and whether it looks like a placeholder. This happens once at start-up,
//! on the operator's own input, before anybody can connect; and it tells of a good secret no more than
//! that it is one, and how long. Afterwards nothing depends on it, which the last of these cases and all
//! others begin with.

use std::{
    env,
    ffi::{CString, c_char, c_int, c_void},
    fs, hint, process, slice,
    sync::atomic::{AtomicBool, Ordering},
};

use hubseal::{AccessToken, AppSecret, KeyRing, SecretErrorKind, Verifier, VerifyToken};
use hubseal_constant_time::memcheck::{errors, is_secret, make_secret};

use crate::{Case, Expected, findings::Site};

const CHECK: Site = Site::Under("src/secret/text.rs", "check");
/// What the check has found.
const CHECKED: Site = Site::In("src/secret/text.rs", "new");

pub const CASES: &[Case] = &[
    Case {
        name: "a secret from text",
        run: from_text,
        expected: Expected::Only(&[CHECK, CHECKED]),
    },
    Case {
        name: "a secret that is refused",
        run: refused,
        expected: Expected::Only(&[CHECK, CHECKED]),
    },
    Case {
        name: "a secret from a file",
        run: from_file,
        expected: Expected::Only(&[Site::Under("src/secret/source.rs", "read"), CHECK, CHECKED]),
    },
    Case {
        name: "a secret from the environment",
        run: from_environment,
        expected: Expected::Only(&[
            Site::Under("src/secret/source.rs", "from_env"),
            CHECK,
            CHECKED,
        ]),
    },
    Case {
        name: "an accepted secret: rings, replaced and dropped",
        run: life,
        expected: Expected::Nothing,
    },
];

const TEXT: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const META: &str = "5ec2e7d3a0b94f1687c8d9eaf0b1c2d3";
const OTHER: &str = "pässwörd with spaces";

fn secret_string(text: &str) -> String {
    let text = String::from(text);
    make_secret(text.as_str());
    text
}

/// Makes a ring of it and drops that, without a further finding.
fn use_and_drop(secret: AppSecret) {
    let before = errors();
    let bytes = secret.expose_secret().as_bytes();
    let marked = bytes.len() - LINE_END;
    assert!(is_secret(&bytes[..marked]), "the mark was lost");
    drop(hint::black_box(KeyRing::from(&secret)));
    drop(secret);
    assert_eq!(
        errors(),
        before,
        "what comes after the check depends on the secret"
    );
}

fn from_text() {
    use_and_drop(AppSecret::meta(secret_string(META)).unwrap());
    for text in [TEXT, OTHER] {
        use_and_drop(AppSecret::new(secret_string(text)).unwrap());
        for text in [
            VerifyToken::new(secret_string(text))
                .unwrap()
                .expose_secret(),
            AccessToken::new(secret_string(text))
                .unwrap()
                .expose_secret(),
        ] {
            assert!(is_secret(text.as_bytes()), "the mark was lost");
        }
    }
}

fn refused() {
    for (text, kind) in [
        ("changeme", SecretErrorKind::Placeholder),
        ("'0f1e2d3c4b5a6978'", SecretErrorKind::Quoted),
        ("SECRET=0f1e2d3c4b5a6978", SecretErrorKind::NamePrefix),
        ("op://vault/item", SecretErrorKind::UnresolvedReference),
        ("0f1e2d3c4b5a697", SecretErrorKind::TooShort),
        (" 0f1e2d3c4b5a6978", SecretErrorKind::SurroundingWhitespace),
        (
            "0f1e2d3c\u{200b}4b5a6978",
            SecretErrorKind::ControlCharacter,
        ),
    ] {
        let error = AppSecret::new(secret_string(text)).err().unwrap();
        assert_eq!(error.kind(), kind);
    }
}

/// The bytes that may end a line.
const LINE_END: usize = 2;

/// Whether what is read from files is secret.
static READS_SECRETS: AtomicBool = AtomicBool::new(false);

unsafe extern "C" {
    fn __read(file: c_int, buffer: *mut c_void, room: usize) -> isize;
    fn getenv(name: *const c_char) -> *const c_char;
}

/// Stands before the C library's, because what the system writes into memory is public to memcheck. The
/// last two bytes stay public: whether they end a line decides on the length, and that is no secret.
#[unsafe(no_mangle)]
extern "C" fn read(file: c_int, buffer: *mut c_void, room: usize) -> isize {
    // SAFETY: the same function under another name, and what the caller promised it.
    let length = unsafe { __read(file, buffer, room) };
    if let Ok(read) = usize::try_from(length)
        && READS_SECRETS.load(Ordering::Relaxed)
    {
        // SAFETY: that many bytes have just been written there.
        make_secret(unsafe {
            slice::from_raw_parts(buffer.cast::<u8>(), read.saturating_sub(LINE_END))
        });
    }
    length
}

fn from_file() {
    let path = env::temp_dir().join(format!("hubseal-constant-time-{}", process::id()));
    for end in ["", "\n", "\r\n"] {
        fs::write(&path, format!("{TEXT}{end}")).unwrap();
        READS_SECRETS.store(true, Ordering::Relaxed);
        let secret = AppSecret::from_file(&path);
        READS_SECRETS.store(false, Ordering::Relaxed);
        fs::remove_file(&path).unwrap();
        use_and_drop(secret.unwrap());
    }
}

fn from_environment() {
    const NAME: &str = "HUBSEAL_CONSTANT_TIME_SECRET";
    let name = CString::new(NAME).unwrap();
    // SAFETY: no other thread runs, and none has.
    unsafe { env::set_var(NAME, TEXT) };
    // SAFETY: the name ends with a zero byte, and the value is as long as it was when set above.
    make_secret(unsafe { slice::from_raw_parts(getenv(name.as_ptr()).cast::<u8>(), TEXT.len()) });
    use_and_drop(AppSecret::from_env(NAME).unwrap());
}

fn life() {
    let accepted = |text: &str| {
        let secret = AppSecret::new(text).unwrap();
        make_secret(secret.expose_secret());
        secret
    };
    use_and_drop(accepted(TEXT));
    // Longer than a block of SHA-256: hashed first.
    use_and_drop(accepted(&TEXT.repeat(3)));

    let verifier = Verifier::new(accepted(TEXT));
    verifier
        .replace_keys(KeyRing::new([("new", accepted(OTHER)), ("old", accepted(TEXT))]).unwrap());
    let signature = verifier.sign("{}");
    drop(verifier);
    assert!(is_secret(signature.as_bytes()), "the mark was lost");
}
