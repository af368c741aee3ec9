//! Positive controls: they prove that the search finds copies.

use std::{hint::black_box, mem};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use hubseal_freed_memory::{Found, Watched, left_by};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

const SECRET: &str = "c0a7d1e5f29b48366a1fd07e95b3c482";

fn forms(found: &[Found]) -> Vec<&str> {
    let mut forms: Vec<_> = found.iter().map(|found| found.form).collect();
    forms.dedup();
    forms
}

#[test]
fn finds_dropped_string() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || drop(black_box(String::from(SECRET))));
    let [only] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(only.fragment, SECRET.as_bytes());
    assert_eq!(only.block, SECRET.len());
}

#[test]
fn finds_old_buffer_of_grown_string() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || {
        let mut text = Zeroizing::new(String::new());
        SECRET.chars().for_each(|character| text.push(character));
        black_box(&text);
    });
    let sizes: Vec<_> = found.iter().map(|found| found.block).collect();
    assert_eq!(sizes, [8, 16], "{found:?}");
}

#[test]
fn finds_old_buffer_of_shrunk_string() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || {
        let mut text = String::with_capacity(100);
        text.push_str(SECRET);
        let mut exact = black_box(text).into_boxed_str();
        exact.zeroize();
        black_box(&exact);
    });
    let [only] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (only.block, only.fragment.as_slice()),
        (100, SECRET.as_bytes())
    );
}

#[test]
fn finds_bytes_in_spare_capacity() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || {
        let mut text = String::from(SECRET);
        text.clear();
        text.push_str("other");
        drop(black_box(text));
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fragment, &SECRET.as_bytes()[5..]);
}

#[test]
fn finds_leaked_memory() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || mem::forget(black_box(String::from(SECRET))));
    assert_eq!(forms(&found), ["raw"]);
}

#[test]
fn finds_other_encodings() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || drop(black_box(hex::encode(SECRET))));
    assert_eq!(forms(&found), ["in hexadecimal"]);
    for prefix in ["", "1", "12"] {
        let plain = Zeroizing::new(format!("{prefix}{SECRET}"));
        let found = left_by(&watched, || {
            drop(black_box(BASE64_STANDARD.encode(plain.as_bytes())))
        });
        assert_eq!(forms(&found), ["in base64"], "{prefix:?}");
    }
}

#[test]
fn finds_hmac_state_unless_dropped() {
    for key in [SECRET.to_owned(), SECRET.repeat(3)] {
        let watched = Watched::key(key.as_bytes());
        let prepare = || Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        let found = left_by(&watched, || {
            let _ = mem::ManuallyDrop::new(black_box(Box::new(prepare())));
        });
        assert!(forms(&found).contains(&"inner state"), "{found:?}");
        assert!(forms(&found).contains(&"outer state"), "{found:?}");

        let found = left_by(&watched, || drop(black_box(Box::new(prepare()))));
        assert_eq!(found, []);

        // The message changes the inner state only.
        let found = left_by(&watched, || {
            let mut mac = Box::new(prepare());
            mac.update(&[b'a'; 64]);
            let _ = mem::ManuallyDrop::new(black_box(mac));
        });
        assert_eq!(forms(&found), ["outer state"], "{found:?}");
    }
}

#[test]
fn finds_hmac_pads() {
    let watched = Watched::key(SECRET.as_bytes());
    for (pad, form) in [(0x36, "inner pad"), (0x5c, "outer pad")] {
        let found = left_by(&watched, || {
            let padded: Vec<u8> = SECRET.bytes().map(|byte| byte ^ pad).collect();
            drop(black_box(padded));
        });
        assert_eq!(forms(&found), [form], "{found:?}");
    }
}

#[test]
fn finds_value_moved_out_of_box() {
    let watched = Watched::secret(SECRET.as_bytes());
    let found = left_by(&watched, || {
        let bytes: [u8; 32] = SECRET.as_bytes().try_into().unwrap();
        let boxed = black_box(Box::new(Zeroizing::new(bytes)));
        drop(black_box(*boxed));
    });
    assert_eq!(forms(&found), ["raw"]);
}
