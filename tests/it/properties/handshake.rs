//! Handshake queries.

mod oracle;

use std::fmt::Write;

use hubseal::{Handshake, RejectionKind, VerifyToken};
use proptest::{collection::vec, prelude::*, sample::select};

use self::oracle::{Pair, decode, oracle};
use super::{Edit, edits};

const TOKENS: [&str; 3] = ["correct-horse", "50% söme+thing & =other", "correct-hors"];

fn answer(tokens: &[&str], query: impl AsRef<[u8]>) -> Result<String, RejectionKind> {
    let tokens = tokens.iter().map(|token| VerifyToken::new(*token).unwrap());
    Handshake::new(tokens)
        .answer(query)
        .map(|challenge| challenge.as_str().to_owned())
        .map_err(|rejection| rejection.kind())
}

/// Usually the right value, so that three right parameters together are likely.
fn usually(
    right: impl Strategy<Value = Vec<u8>>,
    wrong: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![9 => right, 1 => wrong]
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// The three parameters in any order, usually right and usually once, among other parameters.
fn parameters() -> impl Strategy<Value = Vec<Pair>> {
    let stray = || vec(any::<u8>(), 0..12);
    let near = |text: &'static str| edits().prop_map(move |edit: Edit| edit.apply(text.as_bytes()));
    let modes = usually(
        Just(bytes("subscribe")),
        prop_oneof![near("subscribe"), stray()],
    );
    let tokens = usually(
        select(&TOKENS[..2]).prop_map(bytes),
        prop_oneof![
            near(TOKENS[0]),
            near(TOKENS[1]),
            stray(),
            Just(bytes(TOKENS[2]))
        ],
    );
    let challenges = usually(
        prop_oneof!["[0-9]{10}", "[0-9A-Za-z._~+/=:-]{1,40}", "[a-z]{254,256}"]
            .prop_map(String::into_bytes),
        prop_oneof![
            Just(Vec::new()),
            "[a-z]{257,258}".prop_map(String::into_bytes),
            "[0-9]{0,3}[\u{fffd} <>&%\0é][0-9]{0,3}".prop_map(String::into_bytes),
            stray(),
        ],
    );
    let copies = |name: &'static str, values: BoxedStrategy<Vec<u8>>| {
        let count = prop_oneof![12 => Just(1), 1 => Just(0), 1 => Just(2)];
        count
            .prop_flat_map(move |count| vec(values.clone(), count))
            .prop_map(move |values| {
                let pairs = values.into_iter().map(|value| (bytes(name), value));
                pairs.collect::<Vec<_>>()
            })
    };
    let other_names = prop_oneof![
        stray(),
        near("hub.mode"),
        near("hub.challenge"),
        select(
            &[
                "hub_mode",
                "HUB.MODE",
                "hub.challenge[]",
                "hub.verify_token ",
                "utm"
            ][..]
        )
        .prop_map(bytes),
    ];
    (
        copies("hub.mode", modes.boxed()),
        copies("hub.verify_token", tokens.boxed()),
        copies("hub.challenge", challenges.boxed()),
        vec((other_names, stray()), 0..3),
    )
        .prop_map(|(modes, tokens, challenges, others)| {
            [modes, tokens, challenges, others].concat()
        })
        .prop_shuffle()
}

/// Percent-encodes with a choice for each byte: unneeded escapes, `+` for a space, digits in either
/// case.
fn encode(pairs: &[Pair], choices: &[u8]) -> String {
    let mut choices = choices.iter().cycle();
    let mut query = String::new();
    for (number, (name, value)) in pairs.iter().enumerate() {
        if number > 0 {
            query.push('&');
        }
        for byte in name {
            encode_byte(&mut query, *byte, *choices.next().unwrap());
        }
        query.push('=');
        for byte in value {
            encode_byte(&mut query, *byte, *choices.next().unwrap());
        }
    }
    query
}

fn encode_byte(query: &mut String, byte: u8, choice: u8) {
    let is_plain = byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte);
    match choice % 5 {
        0..=2 if is_plain => query.push(char::from(byte)),
        0..=2 if byte == b' ' => query.push('+'),
        3 => write!(query, "%{byte:02X}").unwrap(),
        _ => write!(query, "%{byte:02x}").unwrap(),
    }
}

fn token_lists() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        3 => Just(TOKENS[..2].to_vec()),
        1 => vec(select(&TOKENS[..]), 0..=3),
    ]
}

/// Operators may configure the same value as the current and the previous token.
#[test]
fn accepts_token_that_was_added_twice() {
    let query = "hub.mode=subscribe&hub.challenge=7&hub.verify_token=correct-horse";
    for times in 1..=4 {
        let tokens = vec!["correct-horse"; times];
        assert_eq!(answer(&tokens, query).as_deref(), Ok("7"), "{times} times");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4 * ProptestConfig::default().cases))]

    #[test]
    fn answers_generated_queries_by_documented_rules(
        tokens in token_lists(),
        pairs in parameters(),
        choices in vec(any::<u8>(), 1..40),
    ) {
        let query = encode(&pairs, &choices);
        prop_assert_eq!(answer(&tokens, &query), oracle(&tokens, query.len(), &pairs));
    }

    #[test]
    fn answers_arbitrary_bytes_by_documented_rules(
        tokens in token_lists(),
        pairs in parameters(),
        choices in vec(any::<u8>(), 1..40),
        edits in vec(edits(), 0..4),
        stray in vec(any::<u8>(), 0..80),
    ) {
        let query = encode(&pairs, &choices).into_bytes();
        let query = edits.iter().fold(query, |query, edit| edit.apply(&query));
        for query in [query, stray] {
            let expected = oracle(&tokens, query.len(), &decode(&query));
            prop_assert_eq!(answer(&tokens, &query), expected);
        }
    }

    #[test]
    fn answers_queries_of_up_to_4096_bytes(
        challenge in "[0-9]{1,20}",
        length in 4_090..4_102_usize,
        ahead: bool,
    ) {
        let query = format!(
            "hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token=correct-horse",
        );
        let padding = "a".repeat(length - query.len() - 1);
        let query = if ahead {
            format!("{padding}&{query}")
        } else {
            format!("{query}&{padding}")
        };
        prop_assert_eq!(query.len(), length);
        let expected = if length <= 4_096 { Ok(challenge) } else { Err(RejectionKind::HandshakeMalformed) };
        prop_assert_eq!(answer(&TOKENS, &query), expected);
    }
}
