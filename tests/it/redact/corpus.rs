//! Two corpora of log lines around a webhook receiver: lines without secrets and lines with
//! secrets. Every failing line is reported. The corpus files describe their format at the top.

use std::borrow::Cow;

use hubseal::redact::{Family, Redactor};
use hubseal::{AccessToken, AppSecret, VerifyToken};

const ORDINARY: &str = include_str!("corpus/ordinary.txt");
const SECRETS: &str = include_str!("corpus/secrets.txt");
const NOTATIONS: &str = include_str!("corpus/notations.txt");
const ENDINGS: &str = include_str!("corpus/endings.txt");
const REGISTERED: &str = include_str!("corpus/registered.txt");
const REGISTERED_ENDINGS: &str = include_str!("corpus/registered_endings.txt");

/// The values that the heads of the files list, in that order.
const DATABASE_PASSWORD: &str = "Tr0ub4dor&3/horse battery+staple";
const SMTP_PASSWORD: &str = "grün\"Zäune\\mit 🔑 am/Tor";
const SIGNING_KEY: &str = "QmFk-not-a-key.7Yv2kPz9~Lr4tWx8!Hs1dGf6$Jb3nMc5^Uo0eAi2*Zq7yXw9(Tk4rPl8)\
                           Vh1gSd6:Nb3mCj5;Ew0uOi2?";
const APP_SECRET: &str = "c0ffee15deadbea7fa11acade5ca1ab1";
const VERIFY_TOKEN: &str = "meadow+lantern/47 of kites";
const ACCESS_TOKEN: &str = "opaque~partner~9f8e7d6c5b4a";

/// So many characters of a secret in a row must not survive.
const TELLING: usize = 8;

/// A line of a corpus: where it stands, and what must become of it.
struct Case {
    number: usize,
    text: String,
    secrets: Vec<String>,
    expected: String,
}

#[test]
fn leaves_ordinary_lines_unchanged() {
    let cases = ordinary();
    assert!(cases.len() >= 200, "{} lines", cases.len());
    let mut failures = Failures::new("ordinary.txt");
    for (name, redactor) in [
        ("built-in rules", Redactor::new()),
        ("registered values", registered()),
    ] {
        for case in &cases {
            unchanged(&redactor, name, case, &mut failures);
            splits(&redactor, case, &mut failures);
            embedded(&redactor, case, 2, &mut failures);
        }
    }
    failures.report();
}

#[test]
fn replaces_secrets() {
    let cases = pairs(SECRETS);
    assert!(cases.len() >= 200, "{} cases", cases.len());
    for family in Family::ALL {
        let marker = format!("[redacted:{family}]");
        let found = cases.iter().filter(|case| case.expected.contains(&marker));
        assert!(found.count() >= 3, "{marker} is hardly exercised");
    }
    replaced("secrets.txt", &Redactor::new(), &cases, 2);
}

#[test]
fn finds_every_key_in_every_notation() {
    let cases = pairs(NOTATIONS);
    assert!(cases.len() >= 300, "{} cases", cases.len());
    replaced("notations.txt", &Redactor::new(), &cases, 1);
}

#[test]
fn replaces_truncated_secrets() {
    replaced("endings.txt", &Redactor::new(), &pairs(ENDINGS), 0);
}

#[test]
fn replaces_registered_values_in_all_encodings() {
    let cases = pairs(REGISTERED);
    assert!(cases.len() >= 80, "{} cases", cases.len());
    replaced("registered.txt", &registered(), &cases, 1);
}

#[test]
fn replaces_truncated_registered_values() {
    let cases = pairs(REGISTERED_ENDINGS);
    replaced("registered_endings.txt", &registered(), &cases, 0);
}

fn registered() -> Redactor {
    Redactor::builder()
        .register("database_password", DATABASE_PASSWORD)
        .register("smtp_password", SMTP_PASSWORD)
        .register("signing_key", SIGNING_KEY)
        .app_secret(&AppSecret::new(APP_SECRET).unwrap())
        .verify_token(&VerifyToken::new(VERIFY_TOKEN).unwrap())
        .access_token(&AccessToken::new(ACCESS_TOKEN).unwrap())
        .build()
        .unwrap()
}

/// Every check of lines with secrets; `levels` is how many JSON strings a line may be put into.
fn replaced(file: &'static str, redactor: &Redactor, cases: &[Case], levels: usize) {
    let mut failures = Failures::new(file);
    for case in cases {
        whole(redactor, case, &mut failures);
        splits(redactor, case, &mut failures);
        embedded(redactor, case, levels, &mut failures);
    }
    failures.report();
}

fn unchanged(redactor: &Redactor, name: &str, case: &Case, failures: &mut Failures) {
    let actual = redactor.redact(&case.text);
    failures.compare(name, case, &case.text, &case.expected, &actual);
    if !matches!(actual, Cow::Borrowed(_)) {
        failures.note("copied though nothing was found", case, &actual);
    }
    let bytes = redactor.redact_bytes(case.text.as_bytes());
    if !matches!(bytes, Cow::Borrowed(_)) {
        let bytes = String::from_utf8_lossy(&bytes);
        failures.note("copied though nothing was found, as bytes", case, &bytes);
    }
    let owned = redactor.redact_string(case.text.clone());
    failures.compare("as a string", case, &case.text, &case.expected, &owned);
}

fn whole(redactor: &Redactor, case: &Case, failures: &mut Failures) {
    let actual = redactor.redact(&case.text);
    failures.compare("at once", case, &case.text, &case.expected, &actual);
    for piece in survivors(case, &actual) {
        failures.note(&format!("{piece:?} survives"), case, &actual);
    }
    let bytes = redactor.redact_bytes(case.text.as_bytes());
    let bytes = String::from_utf8_lossy(&bytes);
    failures.compare("as bytes", case, &case.text, &case.expected, &bytes);
    let owned = redactor.redact_string(case.text.clone());
    failures.compare("as a string", case, &case.text, &case.expected, &owned);
    let again = redactor.redact(&actual);
    failures.compare("again", case, &actual, &actual, &again);
}

/// In two pieces, cut at every offset, and byte by byte. One scrubber does them all: it may be used
/// again. The first cut that fails speaks for the others.
fn splits(redactor: &Redactor, case: &Case, failures: &mut Failures) {
    let bytes = case.text.as_bytes();
    let halves = (0..=bytes.len()).map(|offset| {
        let (before, after) = bytes.split_at(offset);
        (format!("cut at byte {offset}"), vec![before, after])
    });
    let single = ("byte by byte".to_owned(), bytes.chunks(1).collect());
    let mut scrubber = redactor.scrubber();
    let mut first = None;
    let mut count = 0;
    for (how, pieces) in halves.chain([single]) {
        let mut out = Vec::new();
        for piece in pieces {
            scrubber.push(piece, &mut out);
        }
        scrubber.finish(&mut out);
        if out != case.expected.as_bytes() {
            count += 1;
            first.get_or_insert((how, out));
        }
    }
    if let Some((how, out)) = first {
        let how = format!("{how} ({count} ways of cutting fail)");
        let out = String::from_utf8_lossy(&out);
        failures.compare(&how, case, &case.text, &case.expected, &out);
    }
}

/// As the message of a JSON log line, and that line as the message of another.
fn embedded(redactor: &Redactor, case: &Case, levels: usize, failures: &mut Failures) {
    let mut log = case.text.clone();
    for level in 1..=levels {
        log = serde_json::json!({ "message": log }).to_string();
        let how = format!("in JSON, {level} deep");
        let actual = redactor.redact(&log);
        match unwrap(&actual, level) {
            Some(message) => {
                failures.compare(&how, case, &log, &case.expected, &message);
                for piece in survivors(case, &actual) {
                    failures.note(&format!("{piece:?} survives {how}"), case, &actual);
                }
            }
            None => failures.note(&format!("no longer JSON, {level} deep"), case, &actual),
        }
    }
}

/// The message of `level` log lines within one another.
fn unwrap(log: &str, level: usize) -> Option<String> {
    (0..level).try_fold(log.to_owned(), |log, _| {
        let object: serde_json::Value = serde_json::from_str(&log).ok()?;
        let message = object.get("message")?.as_str()?;
        (object.as_object()?.len() == 1).then(|| message.to_owned())
    })
}

/// For each secret of which a telling piece is still there, the first such piece.
fn survivors(case: &Case, output: &str) -> Vec<String> {
    let piece_of = |secret: &String| {
        let characters: Vec<char> = secret.chars().collect();
        // Of two or three characters nothing can be said: they occur by themselves.
        let length = characters.len().min(TELLING);
        let mut pieces = characters
            .windows(length.max(1))
            .map(String::from_iter)
            .filter(|_| length > 3);
        pieces.find(|piece| output.contains(piece.as_str()))
    };
    case.secrets.iter().filter_map(piece_of).collect()
}

fn ordinary() -> Vec<Case> {
    lines(ORDINARY)
        .map(|(number, line)| Case {
            number,
            text: characters(line),
            secrets: Vec::new(),
            expected: characters(line),
        })
        .collect()
}

fn pairs(corpus: &str) -> Vec<Case> {
    let mut lines = lines(corpus);
    let mut cases = Vec::new();
    while let Some((number, line)) = lines.next() {
        let text = line.strip_prefix("< ");
        let text = text.unwrap_or_else(|| panic!("line {number} does not begin a case: {line}"));
        let expected = lines.next().and_then(|(_, line)| line.strip_prefix("> "));
        let expected = expected.unwrap_or_else(|| panic!("line {number} has no second: {line}"));
        let secrets: Vec<String> = text
            .split('⟦')
            .skip(1)
            .map(|rest| {
                let (secret, _) = rest.split_once('⟧').expect("a secret's mark is closed");
                characters(secret)
            })
            .collect();
        assert!(!secrets.is_empty(), "line {number} marks no secret");
        cases.push(Case {
            number,
            text: characters(&text.replace(['⟦', '⟧'], "")),
            secrets,
            expected: characters(expected),
        });
    }
    cases
}

/// The lines of a corpus that are none of its comments, with their numbers.
fn lines(corpus: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = corpus.lines().zip(1..).map(|(line, number)| (number, line));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The control characters in place of their pictures.
fn characters(line: &str) -> String {
    line.chars()
        .map(|character| match character {
            '\u{2400}'..='\u{241f}' => {
                char::from_u32(u32::from(character) - 0x2400).unwrap_or(character)
            }
            other => other,
        })
        .collect()
}

/// What went wrong, all of it.
struct Failures {
    file: &'static str,
    reports: Vec<String>,
    lines: Vec<usize>,
}

impl Failures {
    fn new(file: &'static str) -> Self {
        Self {
            file,
            reports: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn compare(&mut self, how: &str, case: &Case, input: &str, expected: &str, actual: &str) {
        if expected != actual {
            self.push(
                case,
                &format!(
                    "{how}\n     input: {input:?}\n  expected: {expected:?}\n    actual: {actual:?}"
                ),
            );
        }
    }

    fn note(&mut self, what: &str, case: &Case, actual: &str) {
        let Case { text, expected, .. } = case;
        self.push(
            case,
            &format!(
                "{what}\n     input: {text:?}\n  expected: {expected:?}\n    actual: {actual:?}"
            ),
        );
    }

    fn push(&mut self, case: &Case, report: &str) {
        let Case { number, .. } = case;
        self.reports
            .push(format!("{}:{number}: {report}", self.file));
        self.lines.push(*number);
    }

    fn report(mut self) {
        self.lines.sort_unstable();
        self.lines.dedup();
        assert!(
            self.reports.is_empty(),
            "{} checks of {} lines failed:\n\n{}\n\nlines: {:?}",
            self.reports.len(),
            self.lines.len(),
            self.reports.join("\n\n"),
            self.lines
        );
    }
}
