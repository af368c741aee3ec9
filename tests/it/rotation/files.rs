//! `Secrets`: files that are read again while requests are active.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};

use hubseal::{
    AppSecret, ConfigError, Endpoint, KeyRing, RejectionKind, Secrets, SecretsBuilder, Signature,
    VerifyToken,
};

use super::deadlines::TestClock;
use crate::common::{PREVIOUS_SECRET as A, SECRET as B, kind};

mod refused;
mod table;

pub(super) const C: &str = "7e0c5a91d3b84f26a1908273645566f7";
/// The grace and the start of the clock, in seconds.
const GRACE: u64 = 100;
const START: u64 = 1_800_000_000;

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(test: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubseal-files-{test}-{number}-{}", process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file, or removes it.
    pub(super) fn put(&self, name: &str, text: Option<&str>) {
        // Writing to a named pipe would block.
        let _ = fs::remove_file(self.file(name));
        if let Some(text) = text {
            fs::write(self.file(name), format!("{text}\n")).unwrap();
        }
    }

    pub(super) fn builder(&self) -> SecretsBuilder {
        Secrets::from_files(self.file("current"))
            .previous_file(self.file("previous"))
            .verify_token_file(self.file("token"))
            .grace(Duration::from_secs(GRACE))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the key that verifies a delivery signed with this secret, or the kind of the rejection.
pub(super) fn key(endpoint: &Endpoint, secret: &str) -> Result<String, RejectionKind> {
    let signature = Signature::sign(&AppSecret::new(secret).unwrap(), "{}");
    let verified = endpoint.verifier().verify_signature(&signature, "{}");
    verified
        .map(|verified| verified.key().to_string())
        .map_err(|rejection| rejection.kind())
}

pub(super) fn accepts(endpoint: &Endpoint, token: &str) -> bool {
    let query = format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}");
    endpoint.handshake(query).is_ok()
}

/// Returns how the secrets A, B and C are answered: `c` for `current`, `p` for `previous`, `x` for expired, `-`
/// for no key.
fn keys(endpoint: &Endpoint) -> String {
    let letter = |secret| match key(endpoint, secret) {
        Ok(name) => name.chars().next().unwrap(),
        Err(RejectionKind::KeyExpired) => 'x',
        Err(RejectionKind::SignatureMismatch) => '-',
        Err(other) => panic!("{other:?}"),
    };
    [A, B, C].map(letter).into_iter().collect()
}

#[test]
fn replaced_token_is_accepted_until_the_grace_ends_or_the_next_change() {
    let (folder, clock) = (Folder::new("token"), TestClock::default());
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    clock.set(START);
    let secrets = folder.builder().clock(clock.read()).load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    let tokens = || ["one", "two", "three"].map(|token| accepts(&endpoint, token));
    assert_eq!(tokens(), [true, false, false]);

    folder.put("token", Some("two"));
    assert!(secrets.reload().unwrap());
    assert_eq!(tokens(), [true, true, false]);
    clock.set(START + GRACE - 1);
    assert!(!secrets.reload().unwrap());
    assert_eq!(tokens(), [true, true, false]);
    clock.set(START + GRACE);
    assert_eq!(tokens(), [false, true, false]);

    folder.put("token", Some("one"));
    assert!(secrets.reload().unwrap());
    folder.put("token", Some("three"));
    assert!(secrets.reload().unwrap());
    assert_eq!(tokens(), [true, false, true]);
    // The keys have not changed with the tokens.
    assert_eq!(keys(&endpoint), "c--");
}

#[test]
fn change_of_one_keeps_the_deadline_of_the_other() {
    let (folder, clock) = (Folder::new("apart"), TestClock::default());
    let secrets_at = |at: u64| {
        clock.set(START + at);
        folder.builder().clock(clock.read()).load().unwrap()
    };
    for token_first in [false, true] {
        folder.put("current", Some(A));
        folder.put("token", Some("one"));
        let secrets = secrets_at(0);
        let endpoint = secrets.endpoint().build().unwrap();
        let files = [("current", B), ("token", "two")];
        let order = if token_first { [1, 0] } else { [0, 1] };
        for (index, file) in order.into_iter().enumerate() {
            clock.set(START + 10 * index as u64);
            folder.put(files[file].0, Some(files[file].1));
            assert!(secrets.reload().unwrap());
            clock.set(START + 10 * index as u64 + 5);
            assert!(!secrets.reload().unwrap());
        }
        let accepted = |at: u64| {
            clock.set(START + at);
            let both = [keys(&endpoint) == "pc-", accepts(&endpoint, "one")];
            order.map(|file| both[file])
        };
        assert_eq!(accepted(GRACE - 1), [true, true]);
        assert_eq!(accepted(GRACE), [false, true]);
        assert_eq!(accepted(GRACE + 9), [false, true]);
        assert_eq!(accepted(GRACE + 10), [false, false]);
    }
}

#[test]
fn all_endpoints_share_keys_and_tokens() {
    let folder = Folder::new("shared");
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    folder.put("override", Some("of-the-override-url"));
    let builder = folder.builder().verify_token_file(folder.file("override"));
    let secrets = builder.load().unwrap();
    let endpoints =
        ["orders", "support"].map(|name| secrets.clone().endpoint().name(name).build().unwrap());
    folder.put("current", Some(B));
    folder.put("token", Some("two"));
    assert!(secrets.reload().unwrap());
    for endpoint in &endpoints {
        assert_eq!(keys(endpoint), "pc-");
        let tokens = ["one", "two", "of-the-override-url", "three"];
        assert_eq!(
            tokens.map(|token| accepts(endpoint, token)),
            [true, true, true, false]
        );
    }
    endpoints[0].replace_verify_tokens([VerifyToken::new("three").unwrap()]);
    assert!(accepts(&endpoints[1], "three"));
}

#[test]
fn endpoint_has_own_tokens_without_a_token_file_only() {
    let folder = Folder::new("own-tokens");
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    let own = || VerifyToken::new("its-own").unwrap();
    let refused = folder
        .builder()
        .load()
        .unwrap()
        .endpoint()
        .verify_token(own())
        .build();
    assert_eq!(refused.err(), Some(ConfigError::VerifyTokensFromSecrets));

    let secrets = Secrets::from_files(folder.file("current")).load().unwrap();
    let endpoint = secrets.endpoint().verify_token(own()).build().unwrap();
    let other = secrets.endpoint().build().unwrap();
    folder.put("current", Some(B));
    assert!(secrets.reload().unwrap());
    assert!(accepts(&endpoint, "its-own") && !accepts(&other, "its-own"));
}

#[test]
fn revoking_rejects_replaced_secret_and_token_at_once() {
    let folder = Folder::new("revoked");
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    let secrets = folder.builder().load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    folder.put("previous", Some(A));
    folder.put("current", Some(B));
    folder.put("token", Some("two"));
    secrets.reload().unwrap();
    assert_eq!(
        (keys(&endpoint).as_str(), accepts(&endpoint, "one")),
        ("pc-", true)
    );

    secrets.revoke_previous();
    for _ in 0..2 {
        assert_eq!(
            (keys(&endpoint).as_str(), accepts(&endpoint, "one")),
            ("-c-", false)
        );
        assert!(accepts(&endpoint, "two"));
        // The file of the previous secret is still there, but has not changed.
        assert!(!secrets.reload().unwrap());
    }
}

#[test]
fn grace_of_zero_rejects_the_replaced_secret_at_once() {
    for (grace, expected) in [(Duration::ZERO, "xc-"), (Duration::MAX, "pc-")] {
        let folder = Folder::new("zero");
        folder.put("current", Some(A));
        folder.put("token", Some("one"));
        let secrets = folder.builder().grace(grace).load().unwrap();
        let endpoint = secrets.endpoint().build().unwrap();
        folder.put("current", Some(B));
        folder.put("token", Some("two"));
        assert!(secrets.reload().unwrap());
        assert_eq!(keys(&endpoint), expected);
        assert_eq!(accepts(&endpoint, "one"), expected == "pc-");
    }
}

#[test]
fn concurrent_reloads_reject_no_genuine_delivery() {
    let folder = Folder::new("races");
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    let secrets = folder.builder().load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    // A file that is replaced in one step, as a secret manager does.
    let put = |secret: &str| {
        folder.put("next", Some(secret));
        fs::rename(folder.file("next"), folder.file("current")).unwrap();
    };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let mut others = Vec::new();
        for secret in [A, B] {
            let (endpoint, done) = (&endpoint, &done);
            others.push(scope.spawn(move || {
                let mut count = 0_u32;
                while !done.load(Ordering::Relaxed) {
                    // B is accepted from the first rotation on.
                    let is_known = key(endpoint, secret).is_ok();
                    assert!(is_known || secret == B && count == 0, "{secret} {count}");
                    count += u32::from(is_known);
                }
                count
            }));
        }
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    secrets.reload().unwrap();
                }
            });
        }
        for _ in 0..100 {
            put(B);
            secrets.reload().unwrap();
            assert_eq!(keys(&endpoint), "pc-");
            put(A);
            secrets.reload().unwrap();
            assert_eq!(keys(&endpoint), "cp-");
        }
        done.store(true, Ordering::Relaxed);
        for other in others {
            assert!(other.join().unwrap() > 0);
        }
    });
    let ring = endpoint.verifier().keys();
    assert!(ring.match_count("previous").is_some_and(|count| count > 0));
}

#[test]
fn match_counts_go_on_over_reloads() {
    let folder = Folder::new("counts");
    folder.put("current", Some(A));
    folder.put("token", Some("one"));
    let secrets = folder.builder().load().unwrap();
    let endpoint = secrets.endpoint().build().unwrap();
    let counts = || {
        let ring: &KeyRing = &endpoint.verifier().keys();
        ["current", "previous"].map(|name| ring.match_count(name))
    };
    key(&endpoint, A).unwrap();
    assert_eq!(counts(), [Some(1), None]);
    folder.put("current", Some(B));
    secrets.reload().unwrap();
    key(&endpoint, A).unwrap();
    key(&endpoint, B).unwrap();
    assert_eq!(counts(), [Some(2), Some(1)]);
    folder.put("current", Some(C));
    secrets.reload().unwrap();
    assert_eq!(counts(), [Some(2), Some(1)]);
}

#[test]
fn debug_shows_no_secret() {
    let folder = Folder::new("debug");
    folder.put("current", Some(A));
    folder.put("token", Some("correct-horse"));
    let secrets = folder.builder().load().unwrap();
    let shown = format!("{secrets:?}");
    assert_eq!(
        shown,
        r#"Secrets { keys: KeyRing(["current"]), handshake: Some(Handshake { tokens: 1 }), .. }"#
    );
    assert!(kind(secrets.endpoint().build().unwrap().handshake("")).is_some());
}
