//! Sources of secrets: text, files and the environment.
//!
//! A secret is checked once when it is loaded: UTF-8, line end, white space, invisible characters
//! and placeholders. This happens at start-up on the operator's own input, before a client can
//! connect. For an accepted secret, the checks depend only on its validity and its length.
//! Afterwards nothing depends on the secret: the last case here checks this, and all other cases
//! start there.

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
/// Results of the check.
const CHECKED: Site = Site::In("src/secret/text.rs", "new");

pub const CASES: &[Case] = &[
    Case {
        name: "a secret from text",
        run: from_text,
        expected: Expected::Only(&[CHECK, CHECKED]),
    },
    Case {
        name: "a refused secret",
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
        name: "an accepted secret: key rings, replaced and dropped",
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

/// Makes a key ring of the secret and drops it, without another finding.
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
        "code after the check depends on the secret"
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

/// Length of a line end.
const LINE_END: usize = 2;

/// Whether bytes read from files are secret.
static READS_SECRETS: AtomicBool = AtomicBool::new(false);

unsafe extern "C" {
    fn __read(file: c_int, buffer: *mut c_void, room: usize) -> isize;
    fn getenv(name: *const c_char) -> *const c_char;
}

/// Replaces the C library's `read`, because memcheck treats bytes written by the system as public.
/// The last two bytes stay public: they decide the length, which is not secret.
#[unsafe(no_mangle)]
extern "C" fn read(file: c_int, buffer: *mut c_void, room: usize) -> isize {
    // SAFETY: this calls the original function with the caller's arguments.
    let length = unsafe { __read(file, buffer, room) };
    if let Ok(read) = usize::try_from(length)
        && READS_SECRETS.load(Ordering::Relaxed)
    {
        // SAFETY: the call has just written this many bytes there.
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
    // SAFETY: the process has a single thread.
    unsafe { env::set_var(NAME, TEXT) };
    // SAFETY: the name ends with a zero byte, and the value has the length that was set above.
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
    // Longer than a block of SHA-256, so it is hashed first.
    use_and_drop(accepted(&TEXT.repeat(3)));

    let verifier = Verifier::new(accepted(TEXT));
    verifier
        .replace_keys(KeyRing::new([("new", accepted(OTHER)), ("old", accepted(TEXT))]).unwrap());
    let signature = verifier.sign("{}");
    drop(verifier);
    assert!(is_secret(signature.as_bytes()), "the mark was lost");
}
