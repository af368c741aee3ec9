//! The events of the feature `tracing`.

#[cfg(all(feature = "replay", feature = "tower"))]
mod replay;

use std::{
    io,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use hubseal::{RequestHead, VerifyToken};
use tracing::{Level, subscriber::with_default};
use tracing_subscriber::fmt::MakeWriter;

use crate::common::{SECRET, endpoint, receive};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Runs `requests` and returns the lines of the log from this level on.
pub(crate) fn log_of(level: Level, requests: impl FnOnce()) -> Vec<String> {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(log.clone())
        .with_ansi(false)
        .without_time()
        .finish();
    with_default(subscriber, requests);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    log.lines().map(str::to_owned).collect()
}

#[track_caller]
pub(crate) fn assert_line(lines: &[String], start: &str, fields: &[&str]) {
    let [line] = lines else { panic!("{lines:?}") };
    assert!(line.trim_start().starts_with(start), "{line}");
    for field in fields {
        assert!(line.contains(field), "{field} in {line}");
    }
}

#[test]
fn wrong_secret_is_a_warning() {
    let endpoint = endpoint().name("whatsapp").build().unwrap();
    let lines = log_of(Level::INFO, || {
        assert!(
            receive(&endpoint, b"{}", &[])
                .unwrap()
                .finish_with("[]")
                .is_err()
        );
    });
    assert_line(
        &lines,
        "WARN hubseal: rejected: signature matches no configured key",
        &[
            r#"endpoint="whatsapp""#,
            r#"reason="signature_mismatch""#,
            "body_bytes=2",
            "elapsed_us=",
        ],
    );
}

#[test]
fn elapsed_time_is_in_microseconds() {
    let endpoint = endpoint().build().unwrap();
    let lines = log_of(Level::INFO, || {
        let verifier = receive(&endpoint, b"{}", &[]).unwrap();
        thread::sleep(Duration::from_millis(5));
        assert!(verifier.finish_with("[]").is_err());
    });
    let (_, elapsed) = lines[0].split_once("elapsed_us=").unwrap();
    let elapsed = Duration::from_micros(elapsed.trim().parse().unwrap());
    assert!(elapsed >= Duration::from_millis(5), "{elapsed:?}");
    assert!(elapsed < Duration::from_secs(60), "{elapsed:?}");
}

#[test]
fn levels_fit_the_end() {
    let token = VerifyToken::new("correct-horse").unwrap();
    let endpoint = endpoint().verify_token(token).build().unwrap();
    let verify = || {
        receive(&endpoint, b"{}", &[])
            .unwrap()
            .finish_with("{}")
            .unwrap();
    };
    assert_eq!(log_of(Level::INFO, verify), [""; 0]);
    let lines = log_of(Level::DEBUG, verify);
    assert_line(
        &lines,
        "DEBUG hubseal: verified",
        &["key=current", "body_bytes=2"],
    );

    let lines = log_of(Level::INFO, || {
        let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
        endpoint.handshake(query).unwrap();
    });
    assert_line(&lines, "INFO hubseal: handshake answered", &[]);

    let lines = log_of(Level::INFO, || drop(receive(&endpoint, b"{}", &[])));
    assert_line(&lines, "WARN hubseal: abandoned", &[]);

    let lines = log_of(Level::INFO, || {
        let verifier = receive(&endpoint, b"{}", &[("content-length", "2")]).unwrap();
        assert!(verifier.finish_without_body().is_err());
    });
    assert_line(
        &lines,
        "ERROR hubseal: rejected: no single endpoint",
        &[r#"reason="not_configured""#],
    );
}

#[test]
fn flood_is_counted_and_told_when_endpoint_goes() {
    let endpoint = endpoint().build().unwrap();
    let lines = log_of(Level::INFO, || {
        for _ in 0..1_000 {
            assert!(
                receive(&endpoint, b"{}", &[])
                    .unwrap()
                    .finish_with("[]")
                    .is_err()
            );
        }
        drop(endpoint);
    });
    // Eleven lines for each second that the flood takes.
    assert!((11..=110).contains(&lines.len()), "{} lines", lines.len());
    let more: usize = lines
        .iter()
        .filter_map(|line| {
            line.trim_start()
                .strip_prefix("WARN hubseal: ")?
                .split_once(" more requests in one second")
        })
        .map(|(count, _)| count.parse::<usize>().unwrap() - 1)
        .sum();
    assert_eq!(lines.len() + more, 1_000, "{lines:#?}");
}

#[test]
fn verified_deliveries_are_not_limited() {
    let endpoint = endpoint().build().unwrap();
    let lines = log_of(Level::DEBUG, || {
        for _ in 0..100 {
            receive(&endpoint, b"{}", &[])
                .unwrap()
                .finish_with("{}")
                .unwrap();
        }
    });
    assert_eq!(lines.len(), 100);
}

#[test]
fn no_byte_of_the_request_is_logged() {
    let endpoint = endpoint().build().unwrap();
    let body = r#"{"text":"a private message"}"#;
    let signature = endpoint.verifier().sign(body).to_string();
    let lines = log_of(Level::TRACE, || {
        let headers = [("x-hub-signature-256", &*signature)];
        let head = RequestHead::new("POST", &headers);
        endpoint.receive(&head).unwrap().finish_with(body).unwrap();
        assert!(
            endpoint
                .receive(&head)
                .unwrap()
                .finish_with("another secret text")
                .is_err()
        );
        assert!(
            endpoint
                .handshake("hub.verify_token=a-wrong-guess")
                .is_err()
        );
    });
    let log = lines.join("\n");
    assert_eq!(lines.len(), 3, "{log}");
    for part in ["private", "text", "guess", SECRET, &signature[7..15]] {
        assert!(!log.contains(part), "{log}");
    }
}

#[cfg(feature = "full")]
mod adapters {
    use actix_web::{
        App, HttpResponse,
        test::{TestRequest, call_service, init_service},
        web,
    };
    use http::Request;
    use hubseal::{Json, Verified};
    use tower::ServiceExt;
    use tracing::Level;

    use super::{assert_line, log_of};
    use crate::common::endpoint;

    #[test]
    fn delivery_of_another_type_is_a_warning() {
        async fn on_number(_number: Verified<Json<u64>>) {}

        let endpoint = endpoint().build().unwrap();
        let signed = endpoint.verifier().sign("{}").to_string();
        let expected = "WARN hubseal: verified delivery answered with 422, Meta repeats it";
        let fields = [r#"reason="json_mismatch""#, "at line 1 column 0"];

        let lines = log_of(Level::INFO, || {
            let app = hubseal::axum::webhook("/", on_number).with_state(endpoint.clone());
            let request = Request::post("/")
                .header("x-hub-signature-256", &signed)
                .body(axum::body::Body::from("{}"))
                .unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap();
            let response = runtime.block_on(app.oneshot(request)).unwrap();
            assert_eq!(response.status(), 422);
        });
        assert_line(&lines, expected, &fields);

        let lines = log_of(Level::INFO, || {
            actix_web::rt::System::new().block_on(async {
                let app = App::new().service(hubseal::actix::webhook(
                    "/",
                    endpoint.clone(),
                    async |_number: Verified<Json<u64>>| HttpResponse::Ok(),
                ));
                let request = TestRequest::post()
                    .insert_header(("x-hub-signature-256", &*signed))
                    .set_payload("{}");
                let app = init_service(app).await;
                let response = call_service(&app, request.to_request()).await;
                assert_eq!(response.status(), 422);
            });
        });
        assert_line(&lines, expected, &fields);
    }

    #[test]
    fn actix_route_without_endpoint_is_an_error() {
        let lines = log_of(Level::INFO, || {
            actix_web::rt::System::new().block_on(async {
                let app = App::new().route(
                    "/hooks",
                    web::post().to(async |_body: Verified<web::Bytes>| HttpResponse::Ok()),
                );
                let app = init_service(app).await;
                let request = TestRequest::post().uri("/hooks?a-private-name");
                let response = call_service(&app, request.to_request()).await;
                assert_eq!(response.status(), 500);
            });
        });
        assert_line(
            &lines,
            "ERROR hubseal: cannot verify a delivery at \"/hooks\":",
            &["no Endpoint is registered"],
        );
    }
}
