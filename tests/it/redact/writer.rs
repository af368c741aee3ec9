//! The redacting writer: lines and forced cuts.

mod errors;

use std::io::Write;

use hubseal::redact::{PersonalData, Redactor};

use super::{
    corpus::{corpora, survives},
    recorder::{FLUSH, Recorder},
};

const TOKEN: &str = "EAAGm0PX4ZCpsBAExampleExampleExampleExampleExample7ZD";
const MAX: usize = Redactor::MAX_RECORD;

/// Redacts the chunks with one writer.
fn written<'t>(redactor: &Redactor, chunks: impl IntoIterator<Item = &'t [u8]>) -> String {
    let mut writer = redactor.writer(Vec::new());
    for chunk in chunks {
        writer.write_all(chunk).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn redacts_lines_of_corpora_in_any_chunks() {
    let redactor = Redactor::new();
    let mut text = String::new();
    let mut expected = String::new();
    for corpus in corpora() {
        if corpus.name.starts_with("registered") {
            continue;
        }
        for case in &corpus.cases {
            if case.text.contains(['\n', '\r']) {
                continue;
            }
            text.push_str(&case.text);
            text.push('\n');
            expected.push_str(&case.expected);
            expected.push('\n');
        }
    }
    let whole = written(&redactor, [text.as_bytes()]);
    for (found, expected) in whole.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(whole, expected);
    for size in [1, 7, 61, 8192, 100_000] {
        assert_eq!(
            written(&redactor, text.as_bytes().chunks(size)),
            whole,
            "{size}"
        );
    }
}

#[test]
fn finds_secret_split_across_writes_and_flushes() {
    let text = format!("GET /me?access_token={TOKEN}&fields=id done\n");
    for cut in 0..=text.len() {
        let log = Recorder::default();
        let mut writer = Redactor::new().writer(log.clone());
        let (one, other) = text.split_at(cut);
        for chunk in [one, other] {
            writer.write_all(chunk.as_bytes()).unwrap();
            writer.flush().unwrap();
            assert!(!survives(TOKEN, &log.text()), "{}", log.text());
        }
        assert_eq!(
            log.text(),
            "GET /me?access_token=[redacted:access_token]&fields=id done\n"
        );
        assert_eq!(log.calls().iter().filter(|call| *call == FLUSH).count(), 2);
    }
}

#[test]
fn each_write_of_lines_is_one_inner_write() {
    let log = Recorder::default();
    let mut writer = Redactor::new().writer(log.clone());
    writer.write_all(b"one line\nanother\na").unwrap();
    writeln!(writer, " {} of {:>3}, {:?}", 1, 2, "formatted").unwrap();
    drop(writer);
    assert_eq!(
        log.calls(),
        ["one line\nanother\n", "a 1 of   2, \"formatted\"\n"]
    );
}

#[test]
fn key_finds_its_value_on_the_next_line() {
    for open in ["{", "[", "(", "=", ": ", "=>", "access_token:", "a, "] {
        let text = format!("\"access_token\": {open}\n  \"opaque-4711\"\n");
        let whole = Redactor::new().redact(&text).into_owned();
        assert_eq!(
            written(&Redactor::new(), [text.as_bytes()]),
            whole,
            "{open}"
        );
    }
    let text = "verify_token: Some(\n    \"meadow-lantern\",\n)\n";
    assert!(!written(&Redactor::new(), [text.as_bytes()]).contains("meadow"));
}

/// The secret is at any distance from the end of the record, and from the cut 4 KiB before it.
#[test]
fn long_line_leaks_nothing_at_forced_cut() {
    let redactor = Redactor::builder()
        .register("phrase", "correct horse battery staple")
        .personal_data(PersonalData::Mask)
        .build()
        .unwrap();
    let secrets = [
        format!("access_token={TOKEN}&x"),
        format!("[{TOKEN}]"),
        "a correct horse battery staple b".to_owned(),
        r#"{"app_secret":["1f2e3d4c5b6a7988","opaque value 4711"],"x":1}"#.to_owned(),
        r#"{"name":"Sample Customer of Nowhere","wa_id":"12125550142"}"#.to_owned(),
        format!("authorization: Bearer {TOKEN}"),
    ];
    let telling = [
        TOKEN,
        "horse battery",
        "1f2e3d4c5b6a",
        "value 4711",
        "Customer",
        "2125550142",
    ];
    for (index, filler) in ["word ", "x", "base64+/", "é", "\\\"", "a,b&c=d;"]
        .iter()
        .enumerate()
    {
        for secret in &secrets {
            let step = if index == 0 { 41 } else { 307 };
            let near_cut = (MAX - 5300..MAX - 3900).step_by(step);
            for before in near_cut.chain((MAX - 200..MAX + 100).step_by(step)) {
                let mut text = filler.repeat(before / filler.len());
                text.push(' ');
                text.push_str(secret);
                text.push(' ');
                text.push_str(&filler.repeat(6000 / filler.len()));
                text.push_str("\nnext line\n");
                let found = written(&redactor, text.as_bytes().chunks(8192));
                for telling in telling {
                    assert!(
                        !survives(telling, &found),
                        "{telling} of {secret} at {before} in {filler}"
                    );
                }
                assert!(found.ends_with("\nnext line\n"));
                assert!(found.contains("[redacted:"));
            }
        }
    }
}

#[test]
fn long_secret_takes_the_rest_of_its_line() {
    let long = "opaque 4711 ".repeat(20_000);
    let text = format!("a {{\"app_secret\":\"{long}\",\"b\":1}}\nnext\n");
    let found = written(&Redactor::new(), text.as_bytes().chunks(8192));
    assert_eq!(found, "a {\"app_secret\":\"[redacted:app_secret]\nnext\n");
}

#[test]
fn long_line_without_secrets_stays() {
    for filler in ["word ", "x", "é", "a%20b", "😀", "{\"a\":1},"] {
        let text = filler.repeat(4 * MAX / filler.len()) + "\n";
        assert_eq!(
            written(&Redactor::new(), text.as_bytes().chunks(1000)),
            text
        );
    }
}

#[test]
fn dropped_writer_ends_its_line() {
    for (text, expected) in [
        ("done\nit is ", "done\nit is "),
        (
            "it is access_token=EAAG",
            "it is access_token=[redacted:access_token]",
        ),
        ("[redacted:incomplete", "[redacted:incomplete"),
        ("verify_token: Some(\n", "verify_token: Some(\n"),
        ("", ""),
    ] {
        let log = Recorder::default();
        let mut writer = Redactor::new().writer(log.clone());
        writer.write_all(text.as_bytes()).unwrap();
        drop(writer);
        assert_eq!(log.text(), expected);
    }
}
