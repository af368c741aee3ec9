//! `tracing` events on their way to a writer.

use std::io::Write;

use ::axum::{Router, body::Body, extract::Request, routing::get};
use hubseal::redact::{RedactedHeaders, RedactedUrl, Redactor};
use tower::ServiceExt;
use tower_http::trace::{DefaultMakeSpan, HttpMakeClassifier, MakeSpan, TraceLayer};
use tracing::{Level, Span, subscriber::with_default};
use tracing_subscriber::fmt::{MakeWriter, writer::MakeWriterExt};

use super::recorder::Recorder;
use crate::common::{self, ACCESS_TOKEN, TOKEN};

fn redactor() -> Redactor {
    Redactor::builder()
        .app_secret(&common::secret())
        .verify_token(&common::token())
        .build()
        .unwrap()
}

/// Returns the output of `events`, and the number of writes.
fn logged<M>(writer: impl FnOnce(Recorder) -> M, events: impl FnOnce()) -> (String, usize)
where
    M: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = Recorder::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(writer(log.clone()))
        .finish();
    with_default(subscriber, events);
    (log.text(), log.writes().len())
}

fn raw(log: Recorder) -> impl Fn() -> Recorder {
    move || log.clone()
}

fn redacted(log: Recorder) -> impl for<'a> MakeWriter<'a> {
    redactor().make_writer(raw(log))
}

fn work() {
    let url = format!("https://graph.facebook.com/v23.0/me?access_token={ACCESS_TOKEN}&fields=id");
    let span = tracing::info_span!("request", %url);
    let _entered = span.enter();
    tracing::info!(query = ?format!("hub.verify_token={TOKEN}"), "registering");
    tracing::warn!("it failed with {}", common::SECRET);
}

#[test]
fn each_event_is_one_write() {
    let (text, writes) = logged(redacted, || {
        tracing::info!(attempt = 1, "one");
        tracing::warn!("another, which ends with access_token:");
    });
    assert_eq!((text.lines().count(), writes), (2, 2), "{text}");
    assert!(text.contains("one attempt=1\n"), "{text}");
    assert!(text.ends_with("ends with access_token:\n"), "{text}");
}

#[test]
fn event_with_several_lines_is_one_record() {
    let log = Recorder::default();
    let made = redactor().make_writer(raw(log.clone()));
    let mut event = made.make_writer();
    event
        .write_all(b"nothing secret\naccess_token\n:\n\"a b\"\n")
        .unwrap();
    assert_eq!(log.text(), "");
    drop(event);
    assert_eq!(
        log.text(),
        "nothing secret\naccess_token\n:\n\"[redacted:access_token]\"\n"
    );
}

#[test]
fn passes_metadata_to_inner_make_writer() {
    let events = || {
        tracing::info!("too low");
        tracing::error!("high enough");
    };
    let only_errors = |log| redactor().make_writer(raw(log).with_max_level(Level::ERROR));
    let (text, _) = logged(only_errors, events);
    assert!(text.contains("high enough") && !text.contains("too low"));
}

#[test]
fn redacts_fields_spans_and_messages() {
    let secrets = [ACCESS_TOKEN, TOKEN, common::SECRET];
    let (control, _) = logged(raw, work);
    assert!(secrets.iter().all(|secret| control.contains(secret)));
    let (text, writes) = logged(redacted, work);
    for secret in secrets {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("access_token=[redacted:access_token]&fields=id"));
    assert!(text.contains("registering") && text.contains("[redacted:app_secret]"));
    assert_eq!(writes, 2);
}

/// Returns the output of `TraceLayer` for a handshake and a request with a token.
fn traced<M, S>(
    writer: impl FnOnce(Recorder) -> M,
    layer: TraceLayer<HttpMakeClassifier, S>,
) -> String
where
    M: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    S: MakeSpan<Body> + Clone + Send + Sync + 'static,
{
    let app = Router::new()
        .route("/webhook", get(|| async { "7" }))
        .layer(layer);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let verify_token = TOKEN.replace('+', "%2B").replace(' ', "+");
    let targets = [
        format!("/webhook?hub.mode=subscribe&hub.verify_token={verify_token}"),
        format!("/webhook?fields=id&access_token={ACCESS_TOKEN}"),
    ];
    let (text, _) = logged(writer, || {
        for target in targets {
            let request = Request::get(target)
                .header("authorization", format!("Bearer {ACCESS_TOKEN}"))
                .body(Body::empty())
                .unwrap();
            let answer = runtime.block_on(app.clone().oneshot(request)).unwrap();
            assert_eq!(answer.status(), 200);
        }
    });
    assert!(
        text.contains("hub.mode=subscribe") && text.contains("fields=id"),
        "{text}"
    );
    text
}

const IN_URIS: [&str; 2] = ["verify%2Btoken", ACCESS_TOKEN];

#[test]
fn redacts_default_span_of_tower_http() {
    let layer = || {
        let span = DefaultMakeSpan::new()
            .level(Level::INFO)
            .include_headers(true);
        TraceLayer::new_for_http().make_span_with(span)
    };
    let control = traced(raw, layer());
    assert!(
        IN_URIS.iter().all(|secret| control.contains(secret)),
        "{control}"
    );
    let text = traced(redacted, layer());
    for secret in IN_URIS {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn redacted_span_fields_need_no_writer() {
    let layer = TraceLayer::new_for_http().make_span_with(|request: &Request| -> Span {
        tracing::info_span!(
            "request",
            uri = %RedactedUrl(request.uri().to_string()),
            headers = ?RedactedHeaders(request.headers()),
        )
    });
    let text = traced(raw, layer);
    for secret in IN_URIS {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(
        text.contains(r#""authorization": [redacted:header]"#),
        "{text}"
    );
}
