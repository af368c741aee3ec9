//! Texts and files of secrets, and names of keys: accepted values are unchanged, and errors do not
//! show refused ones.
//!
//! The first byte has three flags. One pads the rest to the maximum length. One also writes it to a
//! file, which is slow. One reads it as the number of a character, to try with its neighbours. The rest
//! is a text, and also a list of lines with one name each.
#![no_main]

use std::{fs, path::PathBuf, process, sync::LazyLock};

use hubseal::{
    AccessToken, AppSecret, KeyRing, KeyRingError, SecretError, SecretErrorKind, Signature,
    VerifyToken,
};

use hubseal_fuzz::known::{secret, tag};

const MAX_BYTES: usize = 16 * 1024;
const MIN_KEY_BYTES: usize = 16;

/// Examples of each documented kind.
const INVISIBLE: [char; 18] = [
    '\u{ad}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202e}',
    '\u{2060}',
    '\u{2069}',
    '\u{3164}',
    '\u{feff}',
    '\u{fffd}',
    '\u{e0041}',
];
libfuzzer_sys::fuzz_target!(|input: &[u8]| check(input));

fn check(input: &[u8]) {
    let Some((choice, input)) = input.split_first() else {
        return;
    };
    let padding = if choice & 1 == 1 { MAX_BYTES - 8 } else { 0 };
    if let Some((number, _)) = input.split_first_chunk()
        && choice & 4 == 4
    {
        characters(u32::from_le_bytes(*number));
    }
    let before = "ab".repeat(padding / 2);
    let bytes = [before.as_bytes(), input].concat();

    if choice & 2 == 2 {
        file(&bytes);
    }
    if let Ok(text) = str::from_utf8(&bytes) {
        shapes(text, text_alone(text));
        meta(text);
        names(text);
    }
}

/// Tries each character of a row of 256 in the middle of a text.
fn characters(number: u32) {
    let row = number & !0xff;
    for character in (row..=row | 0xff).filter_map(char::from_u32) {
        let text = format!("a{character}b");
        let refused = VerifyToken::new(text.as_str()).err();
        let kind = refused.map(|refused| refused.kind());
        assert!(is_documented(&text, kind), "{kind:?} of {text:?}");
    }
}

/// Constructs each secret type from the text, and returns why `VerifyToken` refuses it.
fn text_alone(text: &str) -> Option<SecretErrorKind> {
    let secret = AppSecret::new(text);
    if let Ok(secret) = &secret {
        assert_eq!(secret.expose_secret(), text);
        assert_eq!(*Signature::sign(secret, "{}").as_bytes(), tag(text, b"{}"));
    }
    let token = VerifyToken::new(text).map(|token| assert_eq!(token.expose_secret(), text));
    let access = AccessToken::new(text).map(|token| assert_eq!(token.expose_secret(), text));
    let refused = [
        secret
            .err()
            .inspect(|refused| assert_reveals_nothing(refused, AppSecret::new)),
        token
            .err()
            .inspect(|refused| assert_reveals_nothing(refused, VerifyToken::new)),
        access
            .err()
            .inspect(|refused| assert_reveals_nothing(refused, AccessToken::new)),
    ];
    let [kind, of_token, of_access] = refused.map(|refused| refused.map(|refused| refused.kind()));
    assert_eq!(of_token, of_access);
    if of_token.is_none() && text.len() < MIN_KEY_BYTES {
        assert_eq!(kind, Some(SecretErrorKind::TooShort));
    } else {
        assert_eq!(kind, of_token);
    }
    assert!(is_documented(text, of_token), "{of_token:?} of {text:?}");
    of_token
}

/// Checks the documented order. It is exact except for placeholder forms and invisible characters,
/// of which the documentation names only the worst.
fn is_documented(text: &str, refused: Option<SecretErrorKind>) -> bool {
    let invisible = |character: char| character.is_control() || INVISIBLE.contains(&character);
    let visible = |character: char| character == ' ' || character.is_ascii_graphic();
    match refused {
        _ if text.is_empty() => refused == Some(SecretErrorKind::Empty),
        _ if text.len() > MAX_BYTES => refused == Some(SecretErrorKind::TooLong),
        _ if text.trim() != text => refused == Some(SecretErrorKind::SurroundingWhitespace),
        Some(SecretErrorKind::ControlCharacter) => !text.chars().all(visible),
        _ if text.chars().any(invisible) => false,
        None
        | Some(
            SecretErrorKind::Quoted
            | SecretErrorKind::NamePrefix
            | SecretErrorKind::UnresolvedReference
            | SecretErrorKind::Placeholder,
        ) => true,
        Some(_) => false,
    }
}

/// Checks that the error equals that of any other text refused with this kind.
fn assert_reveals_nothing<T>(refused: &SecretError, new: fn(String) -> Result<T, SecretError>) {
    let other = match refused.kind() {
        SecretErrorKind::Empty => String::new(),
        SecretErrorKind::SurroundingWhitespace => " a b".to_owned(),
        SecretErrorKind::ControlCharacter => "a\0b".to_owned(),
        SecretErrorKind::Quoted => "'a b'".to_owned(),
        SecretErrorKind::NamePrefix => "NAME=a b".to_owned(),
        SecretErrorKind::UnresolvedReference => "$NAME".to_owned(),
        SecretErrorKind::Placeholder => "changeme".to_owned(),
        SecretErrorKind::TooShort => "a b".to_owned(),
        SecretErrorKind::NotMetaForm => "a text of another form".to_owned(),
        SecretErrorKind::TooLong => "ab".repeat(MAX_BYTES),
        other => panic!("unexpected kind {other:?}"),
    };
    let other = new(other).err().unwrap();
    assert_eq!(refused.to_string(), other.to_string());
    assert_eq!(format!("{refused:?}"), format!("{other:?}"));
}

/// Checks properties of placeholder forms that do not need their list.
fn shapes(text: &str, refused: Option<SecretErrorKind>) {
    use SecretErrorKind::{NamePrefix, Placeholder, Quoted, UnresolvedReference};
    let is_shape = [Quoted, NamePrefix, UnresolvedReference, Placeholder];
    if refused.is_some_and(|kind| !is_shape.contains(&kind)) {
        return;
    }
    for (open, close, kind) in [
        ("'", "'", Quoted),
        ("\"", "\"", Quoted),
        ("<", ">", Placeholder),
        ("[", "]", Placeholder),
        ("$", "", UnresolvedReference),
        ("{", "}", UnresolvedReference),
        ("%", "%", UnresolvedReference),
    ] {
        if text.starts_with(open) && text.ends_with(close) {
            assert_eq!(refused, Some(kind), "{text:?}");
            return;
        }
    }
    if text.chars().all(|character| text.starts_with(character)) {
        assert!(refused.is_some(), "{text:?}");
    } else if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        assert_eq!(refused, None, "{text:?} has the form of Meta's app secrets");
    }
    if matches!(refused, None | Some(Placeholder)) {
        // Case and inner punctuation do not matter.
        let mut other = text.to_ascii_uppercase();
        let within = (1..other.len()).find(|at| other.is_char_boundary(*at));
        if let Some(at) = within
            && other.len() < MAX_BYTES
        {
            other.insert(at, '-');
            let kind = VerifyToken::new(other.as_str()).err().map(|e| e.kind());
            assert_eq!(kind, refused, "{other:?}");
        }
    }
}

/// Checks the form of Meta's app secrets.
fn meta(text: &str) {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let has_form = text.len() == 32 && text.bytes().all(is_digit);
    match AppSecret::meta(text) {
        Ok(secret) => {
            assert!(has_form, "{text:?}");
            assert_eq!(secret.expose_secret(), text);
        }
        Err(refused) => {
            let sample = has_form && refused.kind() == SecretErrorKind::Placeholder;
            assert!(sample || !has_form, "{text:?}");
            assert_reveals_nothing(&refused, AppSecret::meta);
        }
    }
}

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let directory = PathBuf::from("/dev/shm");
    let directory = Some(directory).filter(|directory| directory.is_dir());
    let name = format!("hubseal-fuzz-{}", process::id());
    directory.unwrap_or_else(std::env::temp_dir).join(name)
});

/// Checks that a file gives the result of its text without one final newline.
fn file(bytes: &[u8]) {
    fs::write(&*FILE, bytes).unwrap();
    let read = AppSecret::from_file(&*FILE);
    fs::remove_file(&*FILE).unwrap();

    let expected = match str::from_utf8(bytes) {
        _ if bytes.len() > MAX_BYTES + 2 => Err(SecretErrorKind::TooLong),
        Err(_) => Err(SecretErrorKind::NotUnicode),
        Ok(text) => {
            let line = text
                .strip_suffix("\r\n")
                .or(text.strip_suffix('\n'))
                .unwrap_or(text);
            AppSecret::new(line)
                .map(|_| line)
                .map_err(|refused| refused.kind())
        }
    };
    match (read, expected) {
        (Ok(secret), Ok(text)) => assert_eq!(secret.expose_secret(), text),
        (Err(refused), Err(kind)) => {
            assert_eq!(refused.kind(), kind);
            assert_eq!(
                refused.to_string(),
                format!("the app secret file {:?} {kind}", *FILE)
            );
        }
        (Ok(_), Err(kind)) => panic!("read instead of refused with {kind:?}"),
        (Err(refused), Ok(_)) => panic!("{refused}"),
    }
}

/// Checks each line as the name of a key.
fn names(text: &str) {
    let names: Vec<&str> = text.lines().collect();
    let good = |name: &str| {
        let allowed =
            |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        (1..=32).contains(&name.len()) && name.chars().all(allowed)
    };
    let wrong = names.iter().enumerate().find_map(|(at, name)| match at {
        _ if !good(name) => Some("bad"),
        _ if names[..at].contains(name) => Some("repeated"),
        8.. => Some("too many"),
        _ => None,
    });
    let wrong = wrong.or(names.is_empty().then_some("empty"));

    match KeyRing::new(names.iter().map(|name| (name, secret()))) {
        Ok(ring) => {
            assert_eq!(wrong, None);
            assert!(
                ring.names()
                    .map(|name| name.to_string())
                    .eq(names.iter().copied())
            );
            assert_eq!(format!("{ring:?}"), format!("KeyRing({names:?})"));
            assert!(names.iter().all(|name| ring.match_count(name) == Some(0)));
        }
        Err(refused) => {
            let expected = match refused {
                KeyRingError::Empty => "empty",
                KeyRingError::TooMany => "too many",
                KeyRingError::DuplicateName(_) => "repeated",
                KeyRingError::BadName => "bad",
                other => panic!("{other}"),
            };
            assert_eq!(wrong, Some(expected), "{names:?}");
            if let KeyRingError::DuplicateName(name) = refused {
                let count = names
                    .iter()
                    .filter(|known| **known == name.as_str())
                    .count();
                assert!(count > 1);
            }
        }
    }
}
