//! Secrets in files, which the servers read again on SIGHUP.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use hubseal::{
    AppSecret,
    testing::{Request, exchange},
};

use super::{
    SERVERS, Server, example,
    logs::{http2_request, send},
};
use crate::{
    adapters::PATIENCE,
    common::{PREVIOUS_SECRET, SECRET},
};

const NEXT_SECRET: &str = "7e0c5a91d3b84f26a1908273645566f7";
const ROTATED: &str = "secrets reloaded";
const REFUSED: &str = "secrets not reloaded";

/// A server that reads its secrets from files.
struct RotatingServer {
    server: Server,
    folder: PathBuf,
}

impl RotatingServer {
    fn start(name: &str, test: &str, more: &[(&str, &str)]) -> Self {
        let folder = env::temp_dir().join(format!("hubseal-{test}-{name}-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let [current, previous] = ["current", "previous"].map(|name| folder.join(name));
        fs::write(&current, SECRET).unwrap();
        let mut settings = vec![
            ("APP_SECRET_FILE", current.to_str().unwrap()),
            ("APP_SECRET_PREVIOUS_FILE", previous.to_str().unwrap()),
        ];
        settings.extend(more);
        let server = Server::start(name, &settings);
        Self { server, folder }
    }

    fn write(&self, file: &str, secret: &str) {
        fs::write(self.folder.join(file), format!("{secret}\n")).unwrap();
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.folder.join(file)).unwrap();
    }

    fn answer(&self, secret: &str) -> (u16, String) {
        let request = Request::signed("/webhook", &AppSecret::new(secret).unwrap(), "{}");
        let answer = exchange(self.server.address, &request, PATIENCE).unwrap();
        (answer.status, String::from_utf8(answer.body).unwrap())
    }
}

impl Drop for RotatingServer {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn verified_with(key: &str) -> (u16, String) {
    (200, format!(r#"{{"key":"{key}","bytes":2}}"#))
}

#[test]
fn sighup_rotates_secrets_without_losing_deliveries() {
    for name in SERVERS {
        let rotating = RotatingServer::start(name, "rotation", &[]);
        assert_eq!(rotating.answer(SECRET), verified_with("current"), "{name}");
        assert_eq!(rotating.answer(NEXT_SECRET).0, 401, "{name}");

        let rotated = AtomicBool::new(false);
        thread::scope(|scope| {
            let senders = [(); 2].map(|()| {
                scope.spawn(|| {
                    let mut answers = Vec::new();
                    while !rotated.load(Ordering::Relaxed) {
                        answers.push(rotating.answer(SECRET));
                    }
                    answers
                })
            });
            rotating.write("previous", SECRET);
            rotating.write("current", NEXT_SECRET);
            rotating.server.signal("-HUP");
            rotating.server.wait_for_log(ROTATED, 1);
            rotated.store(true, Ordering::Relaxed);
            for answer in senders.map(|sender| sender.join().unwrap()).concat() {
                let known = ["current", "previous"].map(verified_with);
                assert!(known.contains(&answer), "{name}: {answer:?}");
            }
        });
        assert_eq!(
            rotating.answer(NEXT_SECRET),
            verified_with("current"),
            "{name}"
        );
        assert_eq!(rotating.answer(SECRET), verified_with("previous"), "{name}");

        rotating.remove("previous");
        rotating.server.signal("-HUP");
        rotating.server.wait_for_log(ROTATED, 2);
        assert_eq!(
            rotating.answer(NEXT_SECRET),
            verified_with("current"),
            "{name}"
        );
        assert_eq!(rotating.answer(SECRET).0, 401, "{name}");
    }
}

#[test]
fn refused_secret_file_keeps_current_secrets() {
    for name in SERVERS {
        let rotating = RotatingServer::start(name, "refused", &[]);
        rotating.write("previous", PREVIOUS_SECRET);
        let refused = ["", " padded ", "changeme"];
        for (index, secret) in refused.into_iter().enumerate() {
            rotating.write("current", secret);
            rotating.server.signal("-HUP");
            rotating.server.wait_for_log(REFUSED, index + 1);
        }
        rotating.remove("current");
        rotating.server.signal("-HUP");
        rotating.server.wait_for_log(REFUSED, refused.len() + 1);

        assert_eq!(rotating.answer(SECRET), verified_with("current"), "{name}");
        assert_eq!(rotating.answer(PREVIOUS_SECRET).0, 401, "{name}");
        let written = rotating.server.written.lock().unwrap();
        let reasons: Vec<_> = written
            .lines()
            .filter(|line| line.contains(REFUSED))
            .collect();
        assert_eq!(
            reasons.len(),
            refused.len() + 1,
            "one line each: {reasons:?}"
        );
        for reason in reasons {
            assert!(
                reason.contains("hubseal-refused"),
                "names the file: {reason}"
            );
            assert!(
                !reason.contains("padded") && !reason.contains("changeme"),
                "{reason}"
            );
        }
    }
}

#[test]
fn redacts_rotated_secrets() {
    for name in SERVERS {
        let rotating = RotatingServer::start(name, "redacted", &[("RUST_LOG", "trace")]);
        rotating.write("current", NEXT_SECRET);
        rotating.server.signal("-HUP");
        rotating.server.wait_for_log(ROTATED, 1);

        // The frameworks log these parts of invalid requests.
        let address = rotating.server.address;
        let no_length = format!("GET / HTTP/1.1\r\ncontent-length: {NEXT_SECRET}\r\n\r\n");
        send(address, no_length.as_bytes());
        send(address, &http2_request(&format!("/{NEXT_SECRET} ")));
        rotating.server.wait_for_log("[redacted:app_secret]", 1);
        let written = rotating.server.written.lock().unwrap();
        assert!(!written.contains(NEXT_SECRET), "{name}: {written}");
    }
}

#[test]
fn rotation_under_load_checks_itself() {
    let output = example("rotation").env("PHASE_MS", "400").output().unwrap();
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{stdout}{stderr}");
    let after = stdout
        .lines()
        .find(|line| line.starts_with("after"))
        .unwrap();
    assert!(
        after.contains("key_expired") && after.contains("handshake_rejected"),
        "{stdout}"
    );
    assert!(stdout.contains("genuine requests rejected: 0"), "{stdout}");
    assert!(stderr.is_empty(), "{stderr}");
}
