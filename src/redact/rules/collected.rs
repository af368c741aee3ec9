//! The rules of a builder, before they are compiled.

use alloc::{boxed::Box, format, sync::Arc, vec::Vec};

use super::{Rule, Rules};
use crate::redact::{
    Family, RuleError,
    app_id::OfApp,
    found::MarkerId,
    keyed::{Keyed, Value},
    personal::{FreeNumber, MessageId, PersonalData, keys},
    registered::Registered,
    token::{Bar, Bearer, Shape},
};

/// The rules that a builder has collected.
#[derive(Default)]
pub(in crate::redact) struct Collected {
    pub(in crate::redact) values: Vec<(MarkerId, Registered)>,
    pub(in crate::redact) apps: Vec<u64>,
    pub(in crate::redact) own: Vec<Rule>,
    pub(in crate::redact) without: Vec<Family>,
    pub(in crate::redact) personal: Option<Arc<PersonalData>>,
    markers: Vec<Box<str>>,
}

impl Collected {
    /// Returns the marker for this label, and adds it if it is new.
    pub(in crate::redact) fn marker(&mut self, label: &str) -> MarkerId {
        let marker = format!("[redacted:{label}]").into_boxed_str();
        let place = self.markers.iter().position(|other| *other == marker);
        let place = place.unwrap_or_else(|| {
            self.markers.push(marker);
            self.markers.len().saturating_sub(1)
        });
        MarkerId(u16::try_from(place).unwrap_or_default())
    }

    pub(in crate::redact) fn build(mut self) -> Result<Rules, RuleError> {
        let mut rules = Vec::new();
        let mut values = Vec::new();
        for (marker, value) in core::mem::take(&mut self.values) {
            let place = u16::try_from(values.len()).map_err(|_| RuleError::TooMany)?;
            rules.push(Rule::Registered(place, marker));
            values.push(value);
        }
        let access_token = self.marker(Family::AccessToken.as_str());
        let of_app = |app_id: &u64| Rule::OfApp(OfApp::new(*app_id, access_token));
        rules.extend(self.apps.iter().map(of_app));
        for &family in Family::ALL {
            let marker = self.marker(family.as_str());
            if !self.without.contains(&family) {
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
        if let Some(marker) = occurs_in_marker(&rules, &values, &self.markers) {
            let label = marker
                .trim_start_matches("[redacted:")
                .trim_end_matches(']');
            return Err(RuleError::OccursInMarker {
                label: label.into(),
            });
        }
        Rules::new(rules, values, self.markers)
    }
}

/// Returns the marker of a rule that matches text in any marker. Redacting the output again would then
/// change it.
fn occurs_in_marker<'m>(
    rules: &[Rule],
    values: &[Registered],
    markers: &'m [Box<str>],
) -> Option<&'m str> {
    let occurs = |rule: &&Rule| {
        markers.iter().any(|marker| match rule {
            Rule::Registered(value, _) => {
                let value = values.get(usize::from(*value));
                value.is_some_and(|value| value.occurs_in(marker))
            }
            Rule::Shape(shape) => marker.contains(&*shape.anchor),
            _ => false,
        })
    };
    let (Rule::Registered(_, MarkerId(marker))
    | Rule::Shape(Shape {
        marker: MarkerId(marker),
        ..
    })) = rules.iter().find(occurs)?
    else {
        return None;
    };
    markers.get(usize::from(*marker)).map(|marker| &**marker)
}

/// Adds the rules of one family.
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
