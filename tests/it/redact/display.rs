//! Redaction of formatted values.

use std::fmt;

use hubseal::redact::Redactor;

use crate::common::ACCESS_TOKEN;

/// As an error of an HTTP client: the URL is in the `Debug` and in the `Display`, in pieces.
#[derive(Debug)]
struct ClientError {
    #[allow(dead_code, reason = "shown by its Debug")]
    url: String,
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error sending request")?;
        if f.alternate() {
            f.write_str(" for url (")?;
            self.url.chars().try_for_each(|c| write!(f, "{c}"))?;
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl ClientError {
    fn new() -> Self {
        let url = format!("https://graph.facebook.com/me?access_token={ACCESS_TOKEN}");
        Self { url }
    }
}

#[test]
fn redacts_every_format_of_a_value() {
    let (redactor, error) = (Redactor::new(), ClientError::new());
    assert!(format!("{error:#} {error:?} {error:#?}").contains(ACCESS_TOKEN));
    assert_eq!(redactor.display(&error).to_string(), error.to_string());
    let marked = "https://graph.facebook.com/me?access_token=[redacted:access_token]";
    assert_eq!(
        format!("{:#}", redactor.display(&error)),
        format!("error sending request for url ({marked})")
    );
    assert_eq!(
        format!("{:#?}", redactor.display(&error)),
        format!("error sending request for url ({marked})")
    );
    assert_eq!(
        format!("{:?}", redactor.debug(&error)),
        format!("ClientError {{ url: {marked:?} }}")
    );
    assert_eq!(
        format!("{:#}", redactor.debug(&error)),
        format!("ClientError {{\n    url: {marked:?},\n}}")
    );
}

#[test]
fn redacts_secrets_in_uri() {
    let target = format!("/webhook?hub.mode=subscribe&access_token={ACCESS_TOKEN}");
    let uri: http::Uri = target.parse().unwrap();
    assert_eq!(
        Redactor::new().display(&uri).to_string(),
        "/webhook?hub.mode=subscribe&access_token=[redacted:access_token]"
    );
}

#[test]
fn width_and_precision_apply_to_redacted_text() {
    let redactor = Redactor::new();
    let shown = redactor.display("äbc");
    assert_eq!(
        format!("{shown:>5}|{shown:-<4}|{shown:.2}"),
        "  äbc|äbc-|äb"
    );
}

#[test]
fn writes_nothing_if_formatting_fails() {
    struct HalfWay;
    impl fmt::Display for HalfWay {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            Err(fmt::Error)
        }
    }
    let mut text = String::new();
    let redactor = Redactor::new();
    assert!(fmt::write(&mut text, format_args!("{}", redactor.display(HalfWay))).is_err());
    assert_eq!(text, "");
}
