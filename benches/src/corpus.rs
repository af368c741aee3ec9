//! A generated log of a webhook service: JSON lines, access log, `tracing` output and webhook bodies.

use std::fmt::Write;

use hubseal::testing::sample;

use crate::{random::Random, sensitive_lines};

/// Distance between lines with a secret, in bytes.
const BETWEEN_SECRETS: usize = 2048;

/// A log and the secrets in it.
pub struct Corpus {
    pub text: String,
    pub secrets: Vec<String>,
}

/// Returns a log of about this many bytes, with a line with a secret in every 2 KiB.
#[must_use]
pub fn with_secrets(bytes: usize) -> Corpus {
    log(bytes, true)
}

/// Returns the same log without these lines.
#[must_use]
pub fn without_secrets(bytes: usize) -> Corpus {
    log(bytes, false)
}

/// Returns about this many bytes of webhook bodies, one in each line.
#[must_use]
pub fn bodies(bytes: usize) -> String {
    let mut random = Random(2026);
    let sample = String::from_utf8_lossy(&sample::text_message()).into_owned();
    let mut bodies = String::with_capacity(bytes + sample.len());
    while bodies.len() < bytes {
        let number = format!("1212555{}", random.digits(4));
        bodies.push_str(&sample.replace(sample::PHONE_NUMBER, &number));
        bodies.push('\n');
    }
    bodies
}

fn log(bytes: usize, keeps_secrets: bool) -> Corpus {
    let mut random = Random(2026);
    let mut corpus = Corpus {
        text: String::with_capacity(bytes + 4096),
        secrets: Vec::new(),
    };
    let (mut read, mut next_secret, mut kind) = (0, BETWEEN_SECRETS, 0);
    while read < bytes {
        if read >= next_secret {
            let (line, secret) = sensitive_lines::line(&mut random, kind);
            (read, kind) = (read + line.len() + 1, kind + 1);
            next_secret += BETWEEN_SECRETS;
            if keeps_secrets {
                writeln!(corpus.text, "{line}").expect("writing to a string cannot fail");
                corpus.secrets.push(secret);
            }
        }
        let line = ordinary(&mut random);
        read += line.len() + 1;
        writeln!(corpus.text, "{line}").expect("writing to a string cannot fail");
    }
    corpus
}

fn ordinary(random: &mut Random) -> String {
    let time = random.timestamp();
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
