//! The corpora: log lines around a webhook receiver, with and without secrets.

use std::fmt::Write as _;

use hubseal::{AccessToken, AppSecret, VerifyToken, redact::Redactor};

const SECRETS: &str = include_str!("corpus/secrets.txt");
const NOTATIONS: &str = include_str!("corpus/notations.txt");
const ENDINGS: &str = include_str!("corpus/endings.txt");
const ORDINARY: &str = include_str!("corpus/ordinary.txt");
const REGISTERED: &str = include_str!("corpus/registered.txt");
const REGISTERED_ENDINGS: &str = include_str!("corpus/registered_endings.txt");

/// The values that the heads of the files list, in that order.
const VALUES: [(&str, &str); 3] = [
    ("database_password", "Tr0ub4dor&3/horse battery+staple"),
    ("smtp_password", "grün\"Zäune\\mit 🔑 am/Tor"),
    (
        "signing_key",
        "QmFk-not-a-key.7Yv2kPz9~Lr4tWx8!Hs1dGf6$Jb3nMc5^Uo0eAi2*Zq7yXw9(Tk4rPl8)\
         Vh1gSd6:Nb3mCj5;Ew0uOi2?",
    ),
];

/// The number of characters of a secret in a row that must not survive.
const TELLING: usize = 8;

fn registered() -> Redactor {
    let builder = Redactor::builder()
        .app_secret(&AppSecret::new("c0ffee15deadbea7fa11acade5ca1ab1").unwrap())
        .verify_token(&VerifyToken::new("meadow+lantern/47 of kites").unwrap())
        .access_token(&AccessToken::new("opaque~partner~9f8e7d6c5b4a").unwrap());
    let builder = VALUES.into_iter().fold(builder, |builder, (label, value)| {
        builder.register(label, value)
    });
    builder.build().unwrap()
}

/// A line of a corpus, and what must become of it.
pub(crate) struct Case {
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) secrets: Vec<String>,
    pub(crate) expected: String,
}

/// A corpus, and how many JSON strings its lines may be put into.
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<Case>,
    levels: usize,
    registered: bool,
}

/// What became of the lines of a corpus.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) exact: usize,
    /// A telling part of a secret survives.
    pub(crate) leaking: usize,
    /// No secret survives, but the text is another than expected.
    pub(crate) harmed: usize,
    pub(crate) report: String,
}

pub(crate) fn corpora() -> Vec<Corpus> {
    let corpus = |name, cases, levels, registered| Corpus {
        name,
        cases,
        levels,
        registered,
    };
    vec![
        corpus("secrets.txt", pairs(SECRETS), 2, false),
        corpus("notations.txt", pairs(NOTATIONS), 1, false),
        corpus("endings.txt", pairs(ENDINGS), 0, false),
        corpus("registered.txt", pairs(REGISTERED), 1, true),
        corpus("registered_endings.txt", pairs(REGISTERED_ENDINGS), 0, true),
        corpus("ordinary.txt", ordinary(), 2, false),
        corpus("ordinary.txt", ordinary(), 2, true),
    ]
}

impl Corpus {
    fn redactor(&self) -> Redactor {
        if self.registered {
            registered()
        } else {
            Redactor::new()
        }
    }

    /// Redacts every line, alone and as the message of JSON log lines.
    fn judge(&self, redactor: &Redactor) -> Outcome {
        let mut outcome = Outcome::default();
        for case in &self.cases {
            let mut text = case.text.clone();
            let mut expected = case.expected.clone();
            for level in 0..=self.levels {
                if level > 0 {
                    text = message(&text);
                    expected = message(&expected);
                }
                let redacted = redactor.redact(&text);
                let kind = if case
                    .secrets
                    .iter()
                    .any(|secret| survives(secret, &redacted))
                {
                    outcome.leaking += 1;
                    "leaks"
                } else if redacted != expected {
                    outcome.harmed += 1;
                    "harms"
                } else if redactor.redact(&redacted) != redacted {
                    outcome.harmed += 1;
                    "changes twice"
                } else {
                    outcome.exact += 1;
                    continue;
                };
                let Self { name, .. } = self;
                let number = case.number;
                writeln!(
                    outcome.report,
                    "{name}:{number}, {level} deep: {kind}\n    text {text}\n expected {expected}\n    found {redacted}"
                )
                .unwrap();
            }
        }
        outcome
    }
}

/// The text as the message of a JSON log line.
pub(crate) fn message(text: &str) -> String {
    serde_json::json!({ "message": text }).to_string()
}

/// Whether a telling part of the secret is still there.
pub(crate) fn survives(secret: &str, redacted: &str) -> bool {
    let characters: Vec<char> = secret.chars().collect();
    // Of two or three characters nothing can be said: they occur by themselves.
    let length = characters.len().min(TELLING);
    length > 3
        && characters
            .windows(length)
            .any(|part| redacted.contains(&String::from_iter(part)))
}

fn ordinary() -> Vec<Case> {
    let case = |(number, line)| Case {
        number,
        text: characters(line),
        secrets: Vec::new(),
        expected: characters(line),
    };
    lines(ORDINARY).map(case).collect()
}

fn pairs(corpus: &str) -> Vec<Case> {
    let mut lines = lines(corpus);
    let mut cases = Vec::new();
    while let Some((number, line)) = lines.next() {
        let text = line.strip_prefix("< ").expect("a text");
        let expected = lines.next().and_then(|(_, line)| line.strip_prefix("> "));
        let secrets = text.split('⟦').skip(1);
        let secrets = secrets.map(|rest| rest.split_once('⟧').expect("a closed mark").0);
        cases.push(Case {
            number,
            secrets: secrets.map(characters).collect(),
            text: characters(&text.replace(['⟦', '⟧'], "")),
            expected: characters(expected.expect("a second line")),
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
    let character = |character: char| match character {
        '\u{2400}'..='\u{241f}' => {
            char::from_u32(u32::from(character) - 0x2400).unwrap_or(character)
        }
        other => other,
    };
    line.chars().map(character).collect()
}

#[test]
fn every_line_becomes_what_its_corpus_says() {
    for corpus in corpora() {
        let outcome = corpus.judge(&corpus.redactor());
        println!(
            "{:24} exact {:4}  leaking {:3}  harmed {:3}",
            corpus.name, outcome.exact, outcome.leaking, outcome.harmed
        );
        assert!(outcome.report.is_empty(), "{}", outcome.report);
    }
}
