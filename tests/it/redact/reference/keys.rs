//! Values that are found by their keys.

mod look;
mod table;

use self::look::Reach;
pub(super) use self::{look::Kind, table::of_the_page};
use super::{
    Replacements,
    between::{Allowed, Around, Between, Quote, Separator, Sign, quote},
    marker,
    personal::{Personal, Told, Value},
    place::{Place, is_no_word, is_word_character},
    registered::Registered,
    unit::{Form, unit},
    value::{Shape, end_of_line, next_in_list},
};

pub(super) struct Key {
    /// Of its name, what stands before the anchor and behind it: its case does not matter, and
    /// neither does `-` or `_`.
    before: String,
    behind: String,
    /// The ways to write the anchor.
    anchors: Vec<String>,
    kind: Kind,
    becomes: Becomes,
}

pub(super) enum Becomes {
    Marker(String),
    Personal(Personal),
}

/// A key where it stands.
struct Found<'k> {
    before: &'k [u8],
    between: Between,
    shape: Shape,
    /// From the value on, as far as the window goes, and all of it.
    shown: &'k [u8],
    rest: &'k [u8],
    /// How far a registered value goes with which the value begins.
    registered: usize,
}

fn is_same(text: &[u8], name: &str) -> bool {
    let plain = |byte: &u8| match byte {
        b'-' => b'_',
        _ => byte.to_ascii_lowercase(),
    };
    text.iter().map(plain).eq(name.as_bytes().iter().map(plain))
}

impl Key {
    pub(super) fn custom(label: &str, key: &str) -> Self {
        Self {
            before: String::new(),
            behind: String::new(),
            anchors: vec![key.to_owned(), key.to_lowercase(), key.to_uppercase()],
            kind: Kind::Secret,
            becomes: Becomes::Marker(label.to_owned()),
        }
    }

    pub(super) fn personal(key: &str, kind: Kind, personal: Personal) -> Self {
        Self {
            before: String::new(),
            behind: String::new(),
            anchors: vec![key.to_owned()],
            kind,
            becomes: Becomes::Personal(personal),
        }
    }

    pub(super) fn find(
        &self,
        place: &Place<'_>,
        registered: &[Registered],
    ) -> Option<Replacements> {
        let middle = place.behind().len().checked_sub(self.before.len())?;
        let (before, name) = place.behind().split_at(middle);
        let starts = |anchor: &&String| place.ahead().starts_with(anchor.as_bytes());
        let anchor = self.anchors.iter().find(starts)?;
        let end = anchor.len() + self.behind.len();
        let behind = place.ahead().get(anchor.len()..end)?;
        if !is_same(name, &self.before) || !is_same(behind, &self.behind) {
            return None;
        }
        let allowed = Allowed {
            of_header: self.kind.is_header(),
            blanks_without_quote: self.kind != Kind::Code,
        };
        let between = Between::read(place.ahead(), end, allowed)?;
        let is_whole = match self.becomes {
            Becomes::Marker(_) => self.may_begin(before, &place.ahead()[end..]),
            Becomes::Personal(_) => self.is_whole(before, &between, &place.ahead()[end..]),
        };
        let shown = &place.ahead()[between.value..];
        let rest = &place.rest()[between.value..];
        let begins = Registered::most(registered, shown, rest).map(|(_, length)| length);
        let found = Found {
            before,
            between,
            shape: shape(&between, shown)?,
            shown,
            rest,
            registered: begins.filter(|_| self.kind != Kind::Pin).unwrap_or(0),
        };
        is_whole.then(|| self.replace(&found, place))?
    }

    /// What `code` and `pin` ask for: other words end with them too.
    fn may_begin(&self, before: &[u8], behind: &[u8]) -> bool {
        let wanted: &[u8] = match self.kind {
            Kind::Code => b"\"'=:",
            Kind::Pin => b"\"'=: ",
            _ => return true,
        };
        is_no_word(before) && unit(behind).is_some_and(|unit| unit.stands_for_any_of(wanted))
    }

    /// What personal data ask for.
    fn is_whole(&self, before: &[u8], between: &Between, behind: &[u8]) -> bool {
        if let Some(of_key) = between.key_quote {
            return quote_at_end(before).is_some_and(|quote| quote.is_like(&of_key));
        }
        let joins: &[u8] = if self.kind.is_of_bodies() {
            b"-."
        } else {
            b"-"
        };
        let is_apart = is_no_word(before)
            && !before.last().is_some_and(|last| joins.contains(last))
            && !before.ends_with(b"[redacted:");
        let is_behind = unit(behind).is_some_and(|unit| unit.stands_for_any_of(b"=: \x1b"));
        is_apart && is_behind && self.kind != Kind::Thread
    }

    /// The key's own marker, where the value is nothing else.
    fn only_marker(&self, found: &Found<'_>) -> Option<Reach> {
        let Becomes::Marker(label) = &self.becomes else {
            return None;
        };
        let marker = marker(label);
        let behind = found.shown.strip_prefix(marker.as_slice())?;
        let ends = if self.kind == Kind::Pin {
            look::is_end_of_pin(found.shape, behind)
        } else {
            found.shape.end(behind).value == 0
        };
        ends.then_some(Reach::Only(marker.len()))
    }

    fn replace(&self, found: &Found<'_>, place: &Place<'_>) -> Option<Replacements> {
        let Found { between, shape, .. } = *found;
        let start = place.at + between.value;
        let is_list = between.around == Around::List;
        let told = match &self.becomes {
            Becomes::Personal(personal) => personal.tell(&Value {
                shown: found.shown,
                shape,
                is_list,
            }),
            Becomes::Marker(label) => Told::Other(marker(label)),
        };
        let (reach, mut with) = match told {
            Told::Stays => return None,
            Told::Kept => return Some(vec![(start..start, Vec::new())]),
            Told::Whole(length, with) => (Reach::Only(length), with),
            Told::Other(with) => {
                let reach = look::reach(self.kind, found);
                (reach.or_else(|| self.only_marker(found))?, with)
            }
        };
        let scheme = match reach {
            Reach::NextBare(scheme) => scheme,
            _ => 0,
        };
        let from = found.registered.max(scheme);
        let is_in_bracket = between.around == Around::Bracket;
        let length = match reach {
            Reach::End | Reach::NextBare(_) => from + shape.end(&found.rest[from..]).value,
            Reach::Line => from + end_of_line(&found.rest[from..], is_in_bracket),
            Reach::Only(length) => length,
        };
        let mut replacements = Vec::new();
        if is_list {
            replacements = rest_of_list(found, from, start, &with);
        }
        if let (Shape::Number, Some(quote)) = (shape, between.key_quote) {
            let end = between.key_end + quote.unit.length;
            let quote = &place.ahead()[end - quote.itself()..end];
            with = [quote, with.as_slice(), quote].concat();
        }
        replacements.insert(0, (start..start + length, with));
        Some(replacements)
    }
}

/// The quote that ends `text`; of the backslashes before it, each 16 from the left are a unit.
fn quote_at_end(text: &[u8]) -> Option<Quote> {
    (0..text.len()).find_map(|start| {
        let before = text[..start].iter().rev();
        let backslashes = before.take_while(|byte| **byte == b'\\').count();
        let is_percent = text[start] == b'%';
        let begins_unit = backslashes % 16 == 0 || is_percent;
        let ends_here = |quote: &Quote| start + quote.unit.length == text.len();
        quote(&text[start..]).filter(|quote| begins_unit && ends_here(quote))
    })
}

/// From `at` within the first value on, which begins at `start`.
fn rest_of_list(found: &Found<'_>, mut at: usize, start: usize, with: &[u8]) -> Replacements {
    let mut replacements = Vec::new();
    let (Shape::Quoted(quote), text) = (found.shape, found.rest) else {
        return replacements;
    };
    loop {
        let end = found.shape.end(&text[at..]);
        let Some(closing) = end.closing.filter(|closing| closing.is_like(&quote)) else {
            break;
        };
        at += end.value;
        let Some(next) = next_in_list(&text[at..], closing) else {
            break;
        };
        at += next;
        let length = found.shape.end(&text[at..]).value;
        replacements.push((start + at..start + at + length, with.to_vec()));
    }
    replacements
}

/// How the value is written, if it can be one of ours.
fn shape(between: &Between, value: &[u8]) -> Option<Shape> {
    if let Some(quote) = between.quote {
        return Some(Shape::Quoted(quote));
    }
    let Separator { sign, form } = between.separator;
    let is_percent = matches!(form, Form::Percent(_));
    let is_assigned = sign == Sign::Equals && !is_percent && !between.is_behind_colon;
    if is_assigned && value.starts_with(b"=") {
        return None;
    }
    if between.key_quote.is_some() {
        let is_number = matches!(value, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
        if is_number && sign == Sign::Colon {
            return Some(Shape::Number);
        }
        let is_word = |word: &&str| {
            let behind = value.strip_prefix(word.as_bytes());
            behind.is_some_and(|behind| !behind.first().copied().is_some_and(is_word_character))
        };
        let is_literal = ["true", "false", "null", "None"].iter().any(is_word);
        let first = value.first();
        if is_literal || first.is_some_and(|first| b"{[(]}),".contains(first)) {
            return None;
        }
    }
    Some(Shape::Bare(between.separator))
}
