//! The log of a webhook service: JSON lines, access log, `tracing`, webhook bodies.

use std::fmt::Write;

use crate::{random::Random, sensitive};

/// What the lines of one log may leak.
pub const APP_SECRET: &str = "7c1f0a94be5d4f3e8b26d9107f5ac3e2";
pub const VERIFY_TOKEN: &str = "w3bhook/verify+token for/staging";

/// After so many bytes comes the next line with a secret in it.
const BETWEEN_SECRETS: usize = 2048;

/// A log, and what must not be left of it.
pub struct Corpus {
    pub text: String,
    pub secrets: Vec<Secret>,
}

pub struct Secret {
    /// Text that must be gone.
    pub text: String,
    /// Whether it is known only because it is registered.
    pub registered: bool,
}

/// A log of about this many bytes, with a sensitive line in every 2 KiB.
#[must_use]
pub fn sensitive(bytes: usize) -> Corpus {
    log(bytes, true)
}

/// The same log without the sensitive lines.
#[must_use]
pub fn clean(bytes: usize) -> Corpus {
    log(bytes, false)
}

fn log(bytes: usize, with_secrets: bool) -> Corpus {
    let mut random = Random(2026);
    let mut corpus = Corpus {
        text: String::with_capacity(bytes + 4096),
        secrets: Vec::new(),
    };
    let (mut read, mut next_secret, mut kind) = (0, BETWEEN_SECRETS, 0);
    while read < bytes {
        if read >= next_secret {
            let (line, secret) = sensitive::line(&mut random, kind);
            (read, kind) = (read + line.len() + 1, kind + 1);
            next_secret += BETWEEN_SECRETS;
            if with_secrets {
                writeln!(corpus.text, "{line}").expect("a string takes everything");
                corpus.secrets.push(secret);
            }
        }
        let line = ordinary(&mut random);
        read += line.len() + 1;
        writeln!(corpus.text, "{line}").expect("a string takes everything");
    }
    corpus
}

/// A moment on the day of this log.
pub(crate) fn time(random: &mut Random) -> String {
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    let micros = random.below(1_000_000);
    format!("2026-03-14T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

fn ordinary(random: &mut Random) -> String {
    let time = time(random);
    let id = random.uuid();
    let (bytes, micros) = (400 + random.below(4000), 40 + random.below(900));
    let path = random.pick(&[
        "/webhook",
        "/webhook",
        "/webhook?tenant=7",
        "/healthz",
        "/metrics",
    ]);
    let target = random.pick(&[
        "inbox::webhook",
        "inbox::queue",
        "tower_http::trace::on_response",
    ]);
    match random.below(10) {
        0..=2 => format!(
            r#"{{"timestamp":"{time}","level":"INFO","fields":{{"message":"delivery verified","bytes":{bytes},"elapsed_us":{micros},"key":"current"}},"target":"{target}","span":{{"request_id":"{id}","name":"webhook"}},"threadId":"ThreadId({})"}}"#,
            random.below(16),
        ),
        3 | 4 => format!(
            r#"{}.{}.{}.{} - - [14/Mar/2026:09:26:{:02} +0000] "POST {path} HTTP/1.1" 200 {bytes} "-" "facebookexternalua" rt=0.{micros:03} id={id}"#,
            66,
            220,
            random.below(256),
            random.below(256),
            random.below(60),
        ),
        5 | 6 => format!(
            "{time}  INFO request{{method=POST uri={path} version=HTTP/1.1 request_id={id}}}: {target}: finished processing request latency={micros} μs status=200",
        ),
        7 => format!(
            r#"{{"timestamp":"{time}","level":"WARN","fields":{{"message":"message not delivered","error.code":131047,"error.title":"Re-engagement message","phone_number_id":"{}","attempt":{}}},"target":"{target}"}}"#,
            random.digits(15),
            random.below(5),
        ),
        8 => format!(
            "{time} DEBUG hyper_util::client::legacy::pool: reuse idle connection for (\"https\", graph.facebook.com) GET /v23.0/{}/message_templates?fields=name,status&limit=50 {micros} μs",
            random.digits(15),
        ),
        _ => format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{}","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"1555{}","phone_number_id":"{}"}},"statuses":[{{"id":"wamid.{}","status":"delivered","timestamp":"17{}","recipient_id":"1650{}"}}]}},"field":"messages"}}]}}]}}"#,
            random.digits(15),
            random.digits(7),
            random.digits(15),
            random.alphanumeric(52),
            random.digits(8),
            random.digits(7),
        ),
    }
}
