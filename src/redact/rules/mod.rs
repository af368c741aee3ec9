//! The rules of a redactor, and the index from needles to rules.

mod collected;

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{
    RuleError,
    app_id::OfApp,
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId, Replacement},
    keyed::Keyed,
    personal::{FreeNumber, MessageId, Personal},
    registered::{Beginning, Registered},
    search::{BAR, Hit, Search},
    token::{Bar, Bearer, Shape},
    unit::{Ahead, Known},
};

pub(super) use collected::Collected;

/// The maximum lookahead of a rule from its anchor, in bytes. It bounds the bytes that are held back.
pub(super) const MAX_AHEAD: usize = 128;

/// The maximum number of rules. A registered value counts as four, itself and three base64 fragments.
const MAX_RULES: usize = 1000;

/// All rules, in the order in which they are tried.
pub(super) struct Rules {
    all: Vec<Rule>,
    values: Vec<Registered>,
    markers: Vec<Box<str>>,
    search: Search,
    /// For each needle, the indices of its candidate rules.
    of_needle: Vec<Vec<usize>>,
    /// The candidate rules of a raw `|`, and of a raw `+`.
    of_bar: Vec<usize>,
    of_plus: Vec<usize>,
}

pub(super) enum Rule {
    /// The index of the value in `Rules::values`.
    Registered(u16, MarkerId),
    OfApp(OfApp),
    Shape(Shape),
    Bar(Bar),
    Bearer(Bearer),
    Keyed(Keyed),
    Personal(Personal),
    FreeNumber(FreeNumber),
    MessageId(MessageId),
}

impl Rules {
    fn new(
        rules: Vec<Rule>,
        values: Vec<Registered>,
        markers: Vec<Box<str>>,
    ) -> Result<Self, RuleError> {
        if rules.len() > MAX_RULES {
            return Err(RuleError::TooMany);
        }
        let mut needles: BTreeMap<Vec<u8>, BTreeSet<usize>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for needle in rule.needles(&values) {
                needles.entry(needle).or_default().insert(index);
            }
        }
        // Merge a needle into one that is its prefix. In sorted order, it follows that one.
        let mut shortest: Vec<(Vec<u8>, BTreeSet<usize>)> = Vec::new();
        for (needle, mut of_needle) in needles {
            match shortest.last_mut() {
                Some((shorter, rules)) if needle.starts_with(shorter) => {
                    rules.append(&mut of_needle);
                }
                _ => shortest.push((needle, of_needle)),
            }
        }
        let (needles, of_needle): (Vec<_>, Vec<_>) = shortest.into_iter().unzip();
        let of = |test: fn(&Rule) -> bool| {
            let rules = rules.iter().enumerate().filter(move |(_, rule)| test(rule));
            rules.map(|(index, _)| index).collect::<Vec<_>>()
        };
        let of_plus = of(|rule| matches!(rule, Rule::FreeNumber(_)));
        Ok(Self {
            of_bar: of(|rule| matches!(rule, Rule::Bar(_))),
            of_needle: of_needle
                .into_iter()
                .map(|rules| rules.into_iter().collect())
                .collect(),
            search: Search::new(needles, !of_plus.is_empty()).map_err(|_| RuleError::TooMany)?,
            of_plus,
            all: rules,
            values,
            markers,
        })
    }

    pub(super) fn search(&self) -> &Search {
        &self.search
    }

    pub(super) fn values(&self) -> &[Registered] {
        &self.values
    }

    pub(super) fn marker(&self, marker: MarkerId) -> &str {
        self.markers
            .get(usize::from(marker.0))
            .map_or("[redacted]", |marker| marker)
    }

    /// Returns the match of the first rule that fits the text at a hit.
    pub(super) fn judge(
        &self,
        hit: Hit,
        behind: Behind<'_>,
        ahead: Ahead<'_>,
    ) -> Known<Option<Found>> {
        let candidates = match hit.needle {
            Some(needle) => self.of_needle.get(needle),
            None if ahead.byte(0)? == Some(BAR) => Some(&self.of_bar),
            None => Some(&self.of_plus),
        };
        let candidates = candidates.into_iter().flatten();
        let mut longest: Option<Found> = None;
        for rule in candidates.filter_map(|rule| self.all.get(*rule)) {
            let is_registered = matches!(rule, Rule::Registered(..));
            if longest.is_some() && !is_registered {
                break;
            }
            let Some(found) = rule.judge(self, behind, ahead)? else {
                continue;
            };
            if !is_registered {
                return self.stretch(found, ahead).map(Some);
            }
            // Several values may share a prefix. The longest match wins.
            if longest
                .as_ref()
                .is_none_or(|longest| found.known > longest.known)
            {
                longest = Some(found);
            }
        }
        Ok(longest)
    }

    /// Extends a key's value that begins with a registered value. A delimiter inside the registered
    /// value then does not end it.
    fn stretch(&self, found: Found, ahead: Ahead<'_>) -> Known<Found> {
        let is_of_key = match found.extent {
            Extent::Bare(_) | Extent::Quoted { .. } | Extent::Line { .. } => true,
            Extent::Run(_) => matches!(found.replacement, Replacement::Quoted(..)),
            Extent::Here | Extent::Registered(_) => false,
        };
        if !is_of_key {
            return Ok(found);
        }
        let value = ahead.from(found.start);
        let mut longest: Option<Beginning> = None;
        for (index, registered) in (0..).zip(&self.values) {
            let beginning = registered.judge(index, value)?;
            if beginning.is_some_and(|new| longest.is_none_or(|old| new.length > old.length)) {
                longest = beginning;
            }
        }
        if let Some(Beginning { progress, length }) = longest {
            return Ok(Found {
                known: found.start.saturating_add(length).max(found.known),
                extent: Extent::Registered(progress),
                then: Some(found.extent),
                ..found
            });
        }
        Ok(found)
    }
}

impl Rule {
    fn needles(&self, values: &[Registered]) -> Vec<Vec<u8>> {
        match self {
            Self::Registered(value, _) => {
                let value = values.get(usize::from(*value));
                value.map(Registered::needles).unwrap_or_default()
            }
            Self::OfApp(app) => [app.prefix().as_bytes().to_vec()].into(),
            Self::Shape(shape) => [shape.anchor.as_bytes().to_vec()].into(),
            Self::Bar(_) => Bar::needles(),
            Self::Bearer(_) => Bearer::needles(),
            Self::Keyed(keyed) => keyed.needles(),
            Self::Personal(personal) => personal.needles(),
            Self::FreeNumber(_) => FreeNumber::needles(),
            Self::MessageId(_) => MessageId::needles(),
        }
    }

    fn judge(&self, rules: &Rules, behind: Behind<'_>, ahead: Ahead<'_>) -> Known<Option<Found>> {
        match self {
            Self::Registered(value, marker) => {
                let registered = rules.values.get(usize::from(*value));
                let beginning = registered.map(|registered| registered.judge(*value, ahead));
                let Some(Beginning { progress, length }) = beginning.transpose()?.flatten() else {
                    return Ok(None);
                };
                let start = behind.unfinished_escape(ahead.text()).min(length);
                Ok(Some(Found {
                    start,
                    known: length,
                    extent: Extent::Registered(progress),
                    then: None,
                    replacement: Replacement::Marker(*marker),
                }))
            }
            Self::OfApp(app) => app.judge(behind, ahead),
            Self::Shape(shape) => shape.judge(behind, ahead),
            Self::Bar(bar) => bar.judge(behind, ahead),
            Self::Bearer(bearer) => bearer.judge(behind, ahead),
            Self::Keyed(keyed) => keyed.judge(rules.marker(keyed.marker).as_bytes(), behind, ahead),
            Self::Personal(personal) => {
                personal.judge(rules.marker(personal.marker).as_bytes(), behind, ahead)
            }
            Self::FreeNumber(number) => number.judge(behind, ahead),
            Self::MessageId(id) => id.judge(ahead),
        }
    }
}
