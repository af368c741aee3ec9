//! All rules of a redactor, and which of them an anchor may belong to.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    format,
    sync::Arc,
    vec::Vec,
};

use super::{
    Family, RuleError,
    app_id::OfApp,
    behind::Behind,
    extent::Extent,
    found::{Found, MarkerId, Replacement},
    keyed::{Keyed, Value},
    personal::{FreeNumber, MessageId, Personal, PersonalData, keys},
    registered::{Beginning, Registered},
    search::{BAR, Hit, Search},
    token::{Bar, Bearer, Shape},
    unit::{Ahead, Known},
};

/// How far ahead of its anchor a rule may look, and so the most that is ever held back, in bytes.
pub(super) const MAX_AHEAD: usize = 128;

/// The most rules, registered values counted fourfold.
const MAX_RULES: usize = 1000;

/// All rules, in the order in which they are tried.
pub(super) struct Rules {
    all: Vec<Rule>,
    values: Vec<Registered>,
    markers: Vec<Box<str>>,
    search: Search,
    /// For each needle, the rules that it may belong to.
    of_needle: Vec<Vec<usize>>,
    /// The rules that a raw bar may belong to, and a raw plus.
    of_bar: Vec<usize>,
    of_plus: Vec<usize>,
}

pub(super) enum Rule {
    /// The value's place in the list of all.
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

/// Rules, while they are collected.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) values: Vec<(MarkerId, Registered)>,
    pub(super) apps: Vec<u64>,
    pub(super) own: Vec<Rule>,
    pub(super) without: Vec<Family>,
    pub(super) personal: Option<Arc<PersonalData>>,
    pub(super) markers: Vec<Box<str>>,
}

impl Collected {
    /// The marker for this label; the same for the same label.
    pub(super) fn marker(&mut self, label: &str) -> MarkerId {
        let marker = format!("[redacted:{label}]").into_boxed_str();
        let place = self.markers.iter().position(|other| *other == marker);
        let place = place.unwrap_or_else(|| {
            self.markers.push(marker);
            self.markers.len().saturating_sub(1)
        });
        MarkerId(u16::try_from(place).unwrap_or_default())
    }

    pub(super) fn build(mut self) -> Result<Rules, RuleError> {
        for family in Family::ALL {
            self.marker(family.as_str());
        }
        self.check()?;
        let mut rules = Vec::new();
        let mut values = Vec::new();
        for (marker, value) in core::mem::take(&mut self.values) {
            rules.push(Rule::Registered(
                u16::try_from(values.len()).unwrap_or_default(),
                marker,
            ));
            values.push(value);
        }
        let access_token = self.marker(Family::AccessToken.as_str());
        let apps = self
            .apps
            .iter()
            .map(|app_id| Rule::OfApp(OfApp::new(*app_id, access_token)));
        rules.extend(apps);
        for family in Family::ALL {
            if !self.without.contains(&family) {
                let marker = self.marker(family.as_str());
                built_in(family, marker, access_token, &mut rules);
            }
        }
        rules.append(&mut self.own);
        if let Some(policy) = self.personal.take() {
            let keys = keys(&policy, |label| self.marker(label));
            rules.extend(keys.into_iter().map(Rule::Personal));
            rules.push(Rule::FreeNumber(FreeNumber(policy.clone())));
            rules.push(Rule::MessageId(MessageId(policy)));
        }
        Rules::new(rules, values, self.markers)
    }
}

impl Collected {
    /// What occurs in a marker would be found there again, and redaction never come to an end.
    fn check(&self) -> Result<(), RuleError> {
        let occurs = |test: &dyn Fn(&str) -> bool| self.markers.iter().any(|marker| test(marker));
        let values = self.values.iter();
        let values = values.filter(|(_, value)| occurs(&|marker| value.occurs_in(marker)));
        let shapes = self.own.iter().filter_map(|rule| match rule {
            Rule::Shape(shape) if occurs(&|marker| marker.contains(&*shape.anchor)) => {
                Some(shape.marker)
            }
            _ => None,
        });
        match values.map(|(marker, _)| *marker).chain(shapes).next() {
            Some(marker) => {
                let marker = self
                    .markers
                    .get(usize::from(marker.0))
                    .map_or("", |marker| marker);
                let label = marker
                    .trim_start_matches("[redacted:")
                    .trim_end_matches(']')
                    .into();
                Err(RuleError::OccursInMarker { label })
            }
            None => Ok(()),
        }
    }
}

/// The rules of one family.
fn built_in(family: Family, marker: MarkerId, access_token: MarkerId, rules: &mut Vec<Rule>) {
    let mut keys = |keys: &[[&'static str; 3]], value| {
        rules.extend(
            keys.iter()
                .map(|key| Rule::Keyed(Keyed::new(*key, value, marker))),
        );
    };
    match family {
        Family::AccessToken => {
            keys(
                &[
                    ["access", "_token", ""],
                    ["input", "_token", ""],
                    ["exchange", "_token", ""],
                ],
                Value::Secret,
            );
            let camel = Keyed::exactly(["acces", "sToken", ""], Value::Secret, marker);
            rules.push(Rule::Keyed(camel));
            rules.extend(Shape::access_tokens(marker).map(Rule::Shape));
        }
        Family::AppAccessToken => {
            rules.push(Rule::Bar(Bar {
                app: marker,
                threads: access_token,
            }));
        }
        Family::AppSecret => {
            keys(
                &[["app", "_secret", ""], ["client", "_secret", ""]],
                Value::Secret,
            );
            for key in [["ap", "pSecret", ""], ["clien", "tSecret", ""]] {
                rules.push(Rule::Keyed(Keyed::exactly(key, Value::Secret, marker)));
            }
        }
        Family::AppSecretProof => keys(&[["appsecre", "t_proof", ""]], Value::Secret),
        Family::Authorization => keys(&[["a", "uthoriz", "ation"]], Value::Credentials),
        Family::Bearer => rules.push(Rule::Bearer(Bearer(marker))),
        Family::Code => rules.push(Rule::Keyed(Keyed::exactly(
            ["", "code", ""],
            Value::Code,
            marker,
        ))),
        Family::Cookie => keys(&[["c", "ookie", ""]], Value::Cookie),
        Family::Pin => rules.push(Rule::Keyed(Keyed::exactly(
            ["", "pin", ""],
            Value::Pin,
            marker,
        ))),
        Family::Signature => {
            keys(&[["h", "ub_sig", "nature"]], Value::Signature);
        }
        Family::VerifyToken => {
            keys(&[["verify", "_token", ""]], Value::Secret);
            let camel = Keyed::exactly(["verif", "yToken", ""], Value::Secret, marker);
            rules.push(Rule::Keyed(camel));
        }
    }
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
        // A needle that begins with another is found by that one. Sorted, it follows it.
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

    /// What the first rule that fits decides on the text at a hit.
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
            let Some(found) = rule.judge(&self.values, behind, ahead)? else {
                continue;
            };
            if !is_registered {
                return self.stretch(found, ahead).map(Some);
            }
            // Several values may begin alike, or one with another.
            if longest
                .as_ref()
                .is_none_or(|longest| found.known > longest.known)
            {
                longest = Some(found);
            }
        }
        Ok(longest)
    }
}

impl Rules {
    /// A registered value that begins where a key's value does is replaced whole, even where it holds
    /// what would end another.
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

    fn judge(
        &self,
        values: &[Registered],
        behind: Behind<'_>,
        ahead: Ahead<'_>,
    ) -> Known<Option<Found>> {
        match self {
            Self::Registered(value, marker) => {
                let registered = values.get(usize::from(*value));
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
            Self::Keyed(keyed) => keyed.judge(behind, ahead),
            Self::Personal(personal) => personal.judge(behind, ahead),
            Self::FreeNumber(number) => number.judge(behind, ahead),
            Self::MessageId(id) => id.judge(ahead),
        }
    }
}
