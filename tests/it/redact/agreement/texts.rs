//! Generates difficult texts: keys, quotes and separators in every encoding, tokens near the
//! minimum length, and fragments of them.

mod fragments;
mod registered;

use proptest::{collection::vec, prelude::*, sample::Index, sample::select};

pub(super) use self::fragments::KEYS;
use self::{
    fragments::{BETWEEN, HEADS, LINES, ORDINARY, QUOTES, SEPARATORS, TOKENS, VALUES},
    registered::registered,
};

const NASTY: &[u8] = br#"%%25&="'\\\u0042|:, EAFIGQTHz17Ccd>[]{}(+/-_.nr"#;

/// Any.
pub(super) fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        2 => vec(select(NASTY), 0..150),
        6 => utf8().prop_map(String::into_bytes),
        3 => edited(),
    ]
}

/// Only what is UTF-8.
pub(super) fn utf8() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => vec(token_among_others(), 1..4).prop_map(|tokens| tokens.concat()),
        3 => vec(fragment(), 0..12).prop_map(|fragments| fragments.concat()),
        4 => vec(assignment(), 1..4).prop_map(|assignments| assignments.concat()),
        1 => select(LINES).prop_map(str::to_owned),
    ]
}

fn fragment() -> impl Strategy<Value = String> {
    let whole = prop_oneof![
        select(KEYS).prop_map(str::to_owned),
        select(BETWEEN).prop_map(str::to_owned),
        select(TOKENS).prop_map(str::to_owned),
        select(VALUES).prop_map(str::to_owned),
        select(ORDINARY).prop_map(str::to_owned),
        quote(),
        select(SEPARATORS).prop_map(str::to_owned),
        characters(),
        backslashes(),
    ];
    prop_oneof![
        4 => whole.clone(),
        1 => (whole, any::<Index>(), any::<bool>()).prop_map(|(text, cut, first)| {
            let boundaries: Vec<usize> = (0..=text.len())
                .filter(|at| text.is_char_boundary(*at))
                .collect();
            let (one, other) = text.split_at(*cut.get(&boundaries));
            if first { one } else { other }.to_owned()
        }),
    ]
}

/// What is found by its shape alone, and what it touches.
fn token_among_others() -> impl Strategy<Value = String> {
    let touches =
        || sometimes(prop_oneof![select(BETWEEN), select(ORDINARY)].prop_map(str::to_owned));
    let token = prop_oneof![
        2 => select(TOKENS).prop_map(str::to_owned),
        2 => registered(),
        4 => (select(HEADS), token_characters()).prop_map(|(head, rest)| head.to_owned() + &rest),
    ];
    (touches(), token, touches()).prop_map(|(before, token, behind)| before + &token + &behind)
}

/// Of one alphabet, with another character now and then.
fn token_characters() -> impl Strategy<Value = String> {
    let repeated = &[
        "a",
        "aB3",
        "a1-b_2",
        "0aF",
        "0123456789ABCDEF",
        "abc.~+/=",
        "ab-",
    ];
    let other = prop_oneof![3 => Just(""), 1 => select(&["-", "_", "%", ".", "z", "|"][..])];
    (select(&repeated[..]), 5..36_usize, other, any::<Index>()).prop_map(
        |(repeated, length, other, at)| {
            let mut text: String = repeated.chars().cycle().take(length).collect();
            text.insert_str(at.index(length), other);
            text
        },
    )
}

/// Around the lengths that rules ask for.
fn characters() -> impl Strategy<Value = String> {
    let lengths = &[
        1, 5, 6, 7, 8, 9, 12, 14, 15, 16, 17, 20, 26, 27, 28, 29, 30, 31, 32, 33, 60, 140,
    ];
    let repeated = &[
        "a", "1", "A1", "b-", "c_4", "0f", "F", "9", "%20", "%2541", "\\u00e9", "é", "x/+",
    ];
    (select(&lengths[..]), select(&repeated[..]))
        .prop_map(|(length, text)| text.chars().cycle().take(length).collect())
}

fn backslashes() -> impl Strategy<Value = String> {
    prop_oneof![4 => 1..=4_usize, 1 => 1..=35_usize].prop_map(|count| "\\".repeat(count))
}

fn quote() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(QUOTES).prop_map(str::to_owned),
        1 => (backslashes(), select(&["\"", "'", "u0022", "u0027"][..]))
            .prop_map(|(backslashes, quote)| backslashes + quote),
    ]
}

/// Nothing, more often than not.
fn sometimes(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => text]
}

/// A key, its value, and what belongs between them: mostly what fits together.
fn assignment() -> impl Strategy<Value = String> {
    let blanks = || {
        prop_oneof![
            6 => Just(String::new()),
            3 => Just(" ".to_owned()),
            1 => (6..=10_usize).prop_map(|count| " ".repeat(count)),
            1 => Just("\n\t\r ".to_owned()),
        ]
    };
    let value = || {
        prop_oneof![
            2 => select(VALUES).prop_map(str::to_owned),
            2 => characters(),
            1 => select(TOKENS).prop_map(str::to_owned),
            2 => vec(fragment(), 0..4).prop_map(|fragments| fragments.concat()),
        ]
    };
    let key = (
        sometimes(fragment()),
        select(KEYS),
        blanks(),
        select(SEPARATORS),
        blanks(),
    );
    let head = select(
        &[
            "", "", "", "", "", "[", "[ ", "Some(", "[Some(", "Token(", "Number(", "{",
        ][..],
    );
    let next = select(
        &[
            "",
            "",
            ",",
            " , ",
            ", ",
            "]",
            "}",
            ")",
            "&",
            "\n",
            ";",
            ",\"messages\"",
            ",\n    \"context\":[",
            "%2C%22messages%22",
            ",\\\"messages\\\"",
        ][..],
    );
    let quotes = prop_oneof![
        2 => Just([const { String::new() }; 3]),
        4 => quote().prop_map(|quote| [quote.clone(), quote.clone(), quote]),
        3 => quote().prop_map(|quote| [String::new(), quote.clone(), quote]),
        3 => quote().prop_map(|quote| [quote, String::new(), String::new()]),
        1 => [quote(), quote(), quote()],
    ];
    (key, quotes, head, [value(), value()], next, any::<bool>()).prop_map(
        |((before, key, blank, separator, other), quotes, head, values, next, again)| {
            let [of_key, opening, closing] = quotes;
            let [first, second] = values;
            let mut text = [
                &before, &of_key, key, &of_key, &blank, separator, &other, head, &opening, &first,
                &closing, next,
            ]
            .concat();
            if again {
                text.extend([opening.as_str(), &second, &closing, next]);
            }
            text
        },
    )
}

/// A usual line with a few bytes changed, lost or doubled.
fn edited() -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<Index>(), 0..4_usize, select(NASTY), 1..12_usize);
    let line = prop_oneof![
        select(LINES).prop_map(str::to_owned),
        vec(assignment(), 1..3).prop_map(|assignments| assignments.concat()),
    ];
    (line, vec(edit, 1..4)).prop_map(|(line, edits)| {
        let mut text = line.into_bytes();
        for (at, kind, byte, length) in edits {
            let at = at.index(text.len() + 1);
            let end = text.len().min(at + length);
            match kind {
                0 => text.insert(at, byte),
                1 if at < text.len() => text[at] = byte,
                2 => drop(text.drain(at..end)),
                _ => {
                    let doubled = text[at..end].to_vec();
                    text.splice(at..at, doubled);
                }
            }
        }
        text
    })
}
