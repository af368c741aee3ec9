//! The redacting writer: output, number of inner calls, and errors.

use std::{
    fmt,
    io::{self, ErrorKind, Write},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use hubseal::redact::{RedactingWriter, Redactor};

use super::recorder::{Call, Recorder};
use crate::common::ACCESS_TOKEN;

fn writer<W: Write>(inner: W) -> RedactingWriter<W> {
    Redactor::new().writer(inner)
}

fn write(text: &str) -> Call {
    Call::Write(text.to_owned())
}

/// Does what it is told to, and records that it was called.
struct Scripted<F>(Recorder, F);

impl<F: FnMut(&[u8]) -> io::Result<usize>> Write for Scripted<F> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let outcome = (self.1)(text);
        let taken = *outcome.as_ref().unwrap_or(&0);
        self.0.write_all(&text[..taken])?;
        outcome
    }

    fn flush(&mut self) -> io::Result<()> {
        (self.1)(b"").map(drop)
    }
}

#[test]
fn each_write_is_one_inner_write() {
    let log = Recorder::default();
    let mut writer = writer(log.clone());
    assert_eq!(writer.write(b"one line\n").unwrap(), 9);
    assert_eq!(writer.write(b"").unwrap(), 0);
    writer.write_all(b"another, of more words\n").unwrap();
    writeln!(writer, "{} of {:>3}, {:?}", 1, 2, "formatted").unwrap();
    drop(writer);
    let expected = [
        "one line\n",
        "another, of more words\n",
        "1 of   2, \"formatted\"\n",
    ];
    assert_eq!(log.calls(), expected.map(write));
}

#[test]
fn handles_short_writes_of_inner_writer() {
    let log = Recorder::default();
    let mut turn = 0;
    let slow = Scripted(log.clone(), |text: &[u8]| {
        turn += 1;
        match turn % 2 {
            0 => Err(ErrorKind::Interrupted.into()),
            _ => Ok(text.len().min(3)),
        }
    });
    let mut writer = writer(slow);
    assert_eq!(writer.write(b"eleven byt.").unwrap(), 11);
    drop(writer);
    assert_eq!(log.calls(), ["ele", "ven", " by", "t."].map(write));
}

#[test]
fn flush_is_forwarded_and_finish_returns_inner_writer() {
    let log = Recorder::default();
    let mut writer = writer(log.clone());
    writer.write_all(b"a").unwrap();
    writer.flush().unwrap();
    writer.write_all(b"b").unwrap();
    assert_eq!(writer.get_ref().text(), "ab");
    let mut inner = writer.finish().unwrap();
    inner.write_all(b"c").unwrap();
    let expected = [write("a"), Call::Flush, write("b"), Call::Flush, write("c")];
    assert_eq!(log.calls(), expected);
}

#[test]
fn writes_nothing_after_first_error() {
    type Step = fn(RedactingWriter<&mut dyn Write>) -> Option<RedactingWriter<&mut dyn Write>>;
    fn kind<T>(outcome: io::Result<T>) {
        let error = outcome.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert!(!format!("{error} {error:?}").contains("text"), "{error:?}");
    }
    let steps: [Step; 5] = [
        |mut writer| {
            kind(writer.write(b"text"));
            Some(writer)
        },
        |mut writer| {
            kind(writer.write_all(b"text"));
            Some(writer)
        },
        |mut writer| {
            kind(write!(writer, "{}", String::from("text")));
            Some(writer)
        },
        |mut writer| {
            kind(writer.flush());
            Some(writer)
        },
        |writer| {
            kind(writer.finish());
            None
        },
    ];
    for first in steps {
        let mut calls = 0;
        let mut broken = Scripted(Recorder::default(), |_: &[u8]| {
            calls += 1;
            Err(ErrorKind::BrokenPipe.into())
        });
        let mut writer = Some(writer(&mut broken as &mut dyn Write));
        writer = first(writer.unwrap());
        for later in steps {
            writer = writer.and_then(later);
        }
        drop(writer);
        assert_eq!(calls, 1);
    }
}

#[test]
fn inner_writer_that_accepts_nothing_is_an_error() {
    let mut writer = writer(Scripted(Recorder::default(), |_: &[u8]| Ok(0)));
    let refused = |outcome: io::Result<usize>| outcome.unwrap_err().kind();
    assert_eq!(refused(writer.write(b"text")), ErrorKind::WriteZero);
    assert_eq!(refused(writer.write(b"text")), ErrorKind::WriteZero);
}

#[test]
fn interrupted_inner_writer_does_not_loop() {
    struct Interrupted;
    impl Write for Interrupted {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::Interrupted.into())
        }
        fn write_all(&mut self, _: &[u8]) -> io::Result<()> {
            Err(ErrorKind::Interrupted.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut writer = writer(Interrupted);
    let outcome = io::copy(&mut b"text".as_slice(), &mut writer);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Other);
}

#[test]
fn writes_nothing_after_inner_writer_panics() {
    let (log, mut calls) = (Recorder::default(), 0);
    let mut writer = writer(Scripted(log.clone(), |text: &[u8]| {
        calls += 1;
        if text == b"second." {
            resume_unwind(Box::new("the inner writer's own"));
        }
        Ok(text.len())
    }));
    writer.write_all(b"first.").unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| writer.write_all(b"second.")));
    assert!(panicked.is_err());
    assert!(writer.write_all(b"third.").is_err());
    drop(writer);
    assert_eq!((log.calls(), calls), (vec![write("first.")], 2));
}

#[test]
fn writes_nothing_twice_on_unwind() {
    let log = Recorder::default();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut writer = writer(log.clone());
        writer.write_all(b"once.").unwrap();
        resume_unwind(Box::new("somebody else's"));
    }));
    assert!(panicked.is_err());
    assert_eq!(log.calls(), [write("once.")]);
}

#[test]
fn formatting_error_is_returned_and_writer_stays_usable() {
    struct Unformattable;
    impl fmt::Display for Unformattable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    let log = Recorder::default();
    let mut writer = writer(log.clone());
    assert!(write!(writer, "before {Unformattable} behind").is_err());
    writer.write_all(b"later").unwrap();
    assert_eq!(log.text(), "before later");
}

#[test]
fn debug_shows_nothing_that_was_written() {
    let mut writer = writer(Recorder::default());
    writer.write_all(b"it is EAAG").unwrap();
    assert_eq!(
        format!("{writer:?}"),
        "RedactingWriter { broken: None, .. }"
    );
}

#[test]
fn finds_secret_split_across_writes() {
    let text = format!("GET /me?access_token={ACCESS_TOKEN}&fields=id done\n");
    let expected = "GET /me?access_token=[redacted:access_token]&fields=id done\n";
    for cut in 0..=text.len() {
        let (one, other) = text.split_at(cut);
        let mut writer = writer(Vec::new());
        for piece in [one, other] {
            writer.write_all(piece.as_bytes()).unwrap();
            writer.flush().unwrap();
        }
        let written = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(written, expected, "cut at {cut}");
    }
    let mut writer = writer(Vec::new());
    for byte in text.bytes() {
        write!(writer, "{}", char::from(byte)).unwrap();
    }
    assert_eq!(writer.finish().unwrap(), expected.as_bytes());
}

#[test]
fn flush_does_not_release_partial_secret() {
    let log = Recorder::default();
    let mut writer = writer(log.clone());
    writer.write_all(b"it is EAAGm0PX").unwrap();
    writer.flush().unwrap();
    assert!(!log.text().contains("EAAG"), "{:?}", log.calls());
}

#[test]
fn drop_discards_held_back_text() {
    for cut in 4..ACCESS_TOKEN.len() {
        let log = Recorder::default();
        let mut writer = writer(log.clone());
        writer.write_all(b"it is ").unwrap();
        writer.write_all(&ACCESS_TOKEN.as_bytes()[..cut]).unwrap();
        drop(writer);
        let written = log.text();
        assert!(
            [
                "it is [redacted:incomplete]",
                "it is [redacted:access_token]"
            ]
            .contains(&written.as_str()),
            "cut at {cut}: {written}"
        );
    }
}

#[test]
fn explicit_end_of_text_is_honoured() {
    let redactor = Redactor::new();
    for cut in 1..ACCESS_TOKEN.len() {
        let text = format!("it is {}", &ACCESS_TOKEN[..cut]);
        let mut writer = redactor.writer(Vec::new());
        writer.write_all(text.as_bytes()).unwrap();
        let written = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(written, redactor.redact(&text), "cut at {cut}");
    }
}
