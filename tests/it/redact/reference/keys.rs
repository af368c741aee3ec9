//! Values, found by their keys.

mod look;

use hubseal::redact::Family;

use self::look::{Kind, Reach};
use super::{
    Replacements,
    between::{Between, Sign},
    marker,
    place::{Place, is_no_word, is_word_character},
    value::{Shape, end_of_line, next_in_list},
};

pub(super) struct Key {
    /// Of its name, what stands before the anchor, in any case.
    before: String,
    /// Of its name, what begins with the anchor, in every way to write it.
    from_anchor: Vec<String>,
    label: String,
    kind: Kind,
}

/// Names, anchor, marker, kind.
type Row = (&'static [&'static str], &'static str, Family, Kind);

#[rustfmt::skip]
const ROWS: [Row; 14] = [
    (&["access_token", "input_token", "exchange_token"], "_token", Family::AccessToken, Kind::Secret),
    (&["accessToken"], "sToken", Family::AccessToken, Kind::Secret),
    (&["verify_token"], "_token", Family::VerifyToken, Kind::Secret),
    (&["verifyToken"], "yToken", Family::VerifyToken, Kind::Secret),
    (&["app_secret", "client_secret"], "_secret", Family::AppSecret, Kind::Secret),
    (&["appSecret"], "pSecret", Family::AppSecret, Kind::Secret),
    (&["clientSecret"], "tSecret", Family::AppSecret, Kind::Secret),
    (&["appsecret_proof"], "t_proof", Family::AppSecretProof, Kind::Secret),
    (&["code"], "code", Family::Code, Kind::Code),
    (&["pin"], "pin", Family::Pin, Kind::Pin),
    (&["authorization"], "uthoriz", Family::Authorization, Kind::Credentials),
    (&["hub-signature", "hub-signature-256"], "ub-sig", Family::Signature, Kind::Signature),
    (&["hub_signature", "hub_signature_256"], "ub_sig", Family::Signature, Kind::Signature),
    (&["cookie"], "ookie", Family::Cookie, Kind::Cookie),
];

/// The table, but for what is switched off.
pub(super) fn of_the_page(without: &[Family]) -> Vec<Key> {
    ROWS.iter()
        .filter(|(_, _, family, _)| !without.contains(family))
        .flat_map(|(names, anchor, family, kind)| {
            names.iter().map(move |name| {
                let ways = match kind {
                    Kind::Code | Kind::Pin => vec![(*name).to_owned()],
                    _ if name.contains(char::is_uppercase) => vec![(*name).to_owned()],
                    _ => vec![name.to_lowercase(), name.to_uppercase(), in_capitals(name)],
                };
                Key::new(name.find(anchor).unwrap(), &ways, family.as_str(), *kind)
            })
        })
        .collect()
}

/// With one at the head of each word.
fn in_capitals(name: &str) -> String {
    let mut is_head = true;
    let spell = |c: char| {
        let spelled = if is_head { c.to_ascii_uppercase() } else { c };
        is_head = !c.is_ascii_alphanumeric();
        spelled
    };
    name.chars().map(spell).collect()
}

impl Key {
    pub(super) fn of_your_own(label: &str, key: &str) -> Self {
        let ways = [key.to_owned(), key.to_lowercase(), key.to_uppercase()];
        Self::new(0, &ways, label, Kind::Secret)
    }

    fn new(anchor: usize, ways: &[String], label: &str, kind: Kind) -> Self {
        Self {
            before: ways[0][..anchor].to_owned(),
            from_anchor: ways.iter().map(|way| way[anchor..].to_owned()).collect(),
            label: label.to_owned(),
            kind,
        }
    }

    pub(super) fn find(&self, place: &Place<'_>) -> Option<Replacements> {
        let middle = place.behind().len().checked_sub(self.before.len())?;
        let (before_key, before) = place.behind().split_at(middle);
        if !before.eq_ignore_ascii_case(self.before.as_bytes()) {
            return None;
        }
        self.from_anchor
            .iter()
            .filter(|name| place.ahead().starts_with(name.as_bytes()))
            .filter_map(|name| Between::read(place.ahead(), name.len()))
            .filter(|between| self.may_begin(before_key, between))
            .find_map(|between| self.replace(place, before_key, &between))
    }

    /// What `code` and `pin` ask for: other words end with them too.
    fn may_begin(&self, before_key: &[u8], between: &Between) -> bool {
        let (Kind::Code | Kind::Pin) = self.kind else {
            return true;
        };
        let is_separated = between.key_quote.is_some()
            || between.is_separated_at_once
                && (self.kind == Kind::Pin || between.separator.sign == Sign::Equals);
        is_no_word(before_key) && is_separated
    }

    fn replace(
        &self,
        place: &Place<'_>,
        before_key: &[u8],
        between: &Between,
    ) -> Option<Replacements> {
        let shown = &place.ahead()[between.value..];
        let shape = shape(between, shown)?;
        let reach = look::reach(self.kind, before_key, between, shape, shown)?;
        let text = &place.rest()[between.value..];
        let length = match reach {
            Reach::End => shape.end(text).value,
            Reach::Line => end_of_line(text),
            Reach::NextBare(scheme) => scheme + shape.end(&text[scheme..]).value,
            Reach::Only(length) => length,
        };
        let start = place.at + between.value;
        let mut with = marker(&self.label);
        if let (Shape::Number, Some(quote)) = (shape, between.key_quote) {
            let quote = &place.ahead()[between.key_end..][..quote.length];
            with = [quote, with.as_slice(), quote].concat();
        }
        let mut replacements = vec![(start..start + length, with)];
        if between.is_list {
            replacements.extend(self.rest_of_list(text, shape, start));
        }
        Some(replacements)
    }

    fn rest_of_list(&self, text: &[u8], shape: Shape, start: usize) -> Replacements {
        let mut replacements = Vec::new();
        let Shape::Quoted(quote) = shape else {
            return replacements;
        };
        let mut at = 0;
        while let Some(closed) = shape.end(&text[at..]).closing_quote {
            let Some(next) = next_in_list(&text[at + closed..], quote) else {
                break;
            };
            at += closed + next;
            let length = shape.end(&text[at..]).value;
            if length > 0 {
                let range = start + at..start + at + length;
                replacements.push((range, marker(&self.label)));
            }
        }
        replacements
    }
}

/// How the value is written, if it can be one of ours.
fn shape(between: &Between, value: &[u8]) -> Option<Shape> {
    if let Some(quote) = between.quote {
        return Some(Shape::Quoted(quote));
    }
    if between.key_quote.is_some() {
        let is_number = matches!(value, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
        if is_number && between.separator.sign == Sign::Colon {
            return Some(Shape::Number);
        }
        let is_word = |word: &str| {
            value
                .strip_prefix(word.as_bytes())
                .is_some_and(|behind| !behind.first().copied().is_some_and(is_word_character))
        };
        let is_literal = ["true", "false", "null", "None"].into_iter().any(is_word);
        if is_literal
            || value
                .first()
                .is_some_and(|first| b"{[(]}),".contains(first))
        {
            return None;
        }
    }
    Some(Shape::Bare(between.separator))
}
