//! Errors and panics of the inner writer, and its calls.

use std::{
    io::{self, ErrorKind, Write},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use hubseal::redact::{RedactingWriter, Redactor};

use crate::redact::recorder::{FLUSH, Recorder, Scripted};

fn writer<W: Write>(inner: W) -> RedactingWriter<W> {
    Redactor::new().writer(inner)
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
    assert_eq!(writer.write(b"ten bytes\n").unwrap(), 10);
    assert_eq!(writer.write(b"").unwrap(), 0);
    drop(writer);
    assert_eq!(log.calls(), ["ten", " by", "tes", "\n"]);
}

#[test]
fn flush_is_forwarded_and_finish_returns_inner_writer() {
    let log = Recorder::default();
    let mut writer = writer(log.clone());
    writer.write_all(b"a\nb").unwrap();
    writer.flush().unwrap();
    assert_eq!(writer.get_ref().text(), "a\n");
    let mut inner = writer.finish().unwrap();
    inner.write_all(b"c").unwrap();
    assert_eq!(log.calls(), ["a\n", FLUSH, "b", FLUSH, "c"]);
}

#[test]
fn writes_nothing_after_first_error() {
    type Step = fn(RedactingWriter<&mut dyn Write>) -> Option<RedactingWriter<&mut dyn Write>>;
    fn assert_broken<T>(outcome: io::Result<T>) {
        let error = outcome.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert!(!format!("{error} {error:?}").contains("text"), "{error:?}");
    }
    let steps: [Step; 4] = [
        |mut writer| {
            assert_broken(writer.write(b"text\n"));
            Some(writer)
        },
        |mut writer| {
            assert_broken(writeln!(writer, "{}", String::from("text")));
            Some(writer)
        },
        |mut writer| {
            assert_broken(writer.flush());
            Some(writer)
        },
        |writer| {
            assert_broken(writer.finish());
            None
        },
    ];
    for first in steps {
        let mut calls = 0;
        let mut broken = Scripted(Recorder::default(), |_: &[u8]| {
            calls += 1;
            Err(ErrorKind::BrokenPipe.into())
        });
        let mut writer = first(writer(&mut broken as &mut dyn Write));
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
    for _ in 0..2 {
        let refused = writer.write(b"text\n").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::WriteZero);
    }
}

/// `Interrupted` means to try again, which a sticky error makes an endless loop.
#[test]
fn interrupted_flush_is_another_error() {
    let interrupted = |_: &[u8]| Err(ErrorKind::Interrupted.into());
    let mut writer = writer(Scripted(Recorder::default(), interrupted));
    assert_eq!(writer.flush().unwrap_err().kind(), ErrorKind::Other);
    let outcome = io::copy(&mut b"text\n".as_slice(), &mut writer);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Other);
}

#[test]
fn writes_nothing_after_inner_writer_panics() {
    let (log, mut calls) = (Recorder::default(), 0);
    let mut writer = writer(Scripted(log.clone(), |text: &[u8]| {
        calls += 1;
        if text == b"second\n" {
            resume_unwind(Box::new("the inner writer's"));
        }
        Ok(text.len())
    }));
    writer.write_all(b"first\n").unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| writer.write_all(b"second\n")));
    assert!(panicked.is_err());
    assert!(writer.write_all(b"third\n").is_err());
    drop(writer);
    assert_eq!(log.calls(), ["first\n"]);
    assert_eq!(calls, 2);
}

#[test]
fn writer_dropped_in_panic_ends_its_line_once() {
    let log = Recorder::default();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut writer = writer(log.clone());
        writer.write_all(b"once\npin=123456").unwrap();
        resume_unwind(Box::new("the caller's"));
    }));
    assert!(panicked.is_err());
    assert_eq!(log.calls(), ["once\n", "pin=[redacted:pin]"]);
}

#[test]
fn debug_shows_error_but_no_text() {
    let mut writer = writer(Scripted(Recorder::default(), |_: &[u8]| Ok(0)));
    writer.write_all(b"it is EAAG").unwrap();
    assert_eq!(
        format!("{writer:?}"),
        "RedactingWriter { broken: None, .. }"
    );
    assert!(writer.write(b"\n").is_err());
    assert_eq!(
        format!("{writer:?}"),
        "RedactingWriter { broken: Some(WriteZero), .. }"
    );
}
