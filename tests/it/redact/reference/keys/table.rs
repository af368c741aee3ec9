//! The table of keys.

use hubseal::redact::Family;

use super::{Becomes, Key, RejectionKind};

/// Names, anchor, marker, kind.
type Row = (&'static [&'static str], &'static str, Family, RejectionKind);

#[rustfmt::skip]
const ROWS: [Row; 13] = [
    (&["access_token", "input_token", "exchange_token"], "_token", Family::AccessToken, RejectionKind::Secret),
    (&["accessToken"], "sToken", Family::AccessToken, RejectionKind::Secret),
    (&["app_secret", "client_secret"], "_secret", Family::AppSecret, RejectionKind::Secret),
    (&["appSecret"], "pSecret", Family::AppSecret, RejectionKind::Secret),
    (&["clientSecret"], "tSecret", Family::AppSecret, RejectionKind::Secret),
    (&["appsecret_proof"], "t_proof", Family::AppSecretProof, RejectionKind::Secret),
    (&["authorization"], "uthoriz", Family::Authorization, RejectionKind::Credentials),
    (&["code"], "code", Family::Code, RejectionKind::Code),
    (&["cookie"], "ookie", Family::Cookie, RejectionKind::Cookie),
    (&["pin"], "pin", Family::Pin, RejectionKind::Pin),
    (&["hub_signature", "hub_signature-256"], "ub_sig", Family::Signature, RejectionKind::Signature),
    (&["verify_token"], "_token", Family::VerifyToken, RejectionKind::Secret),
    (&["verifyToken"], "yToken", Family::VerifyToken, RejectionKind::Secret),
];

/// The table, but for what is switched off.
pub(in super::super) fn of_the_page(without: &[Family]) -> Vec<Key> {
    let rows = ROWS
        .iter()
        .filter(|(_, _, family, _)| !without.contains(family));
    let keys = rows.flat_map(|(names, anchor, family, kind)| {
        names.iter().map(move |name| {
            let at = name.find(anchor).unwrap();
            Key {
                before: name[..at].to_owned(),
                behind: name[at + anchor.len()..].to_owned(),
                anchors: anchors(anchor, *kind),
                kind: *kind,
                becomes: Becomes::Marker(family.as_str().to_owned()),
            }
        })
    });
    keys.collect()
}

fn anchors(anchor: &str, kind: RejectionKind) -> Vec<String> {
    let is_fixed = matches!(kind, RejectionKind::Code | RejectionKind::Pin)
        || anchor.contains(char::is_uppercase);
    if is_fixed {
        return vec![anchor.to_owned()];
    }
    let upper = anchor.to_uppercase();
    let mut with_capital = String::new();
    for character in anchor.chars() {
        let is_behind_hyphen = with_capital.ends_with('-');
        with_capital.push(match character {
            '_' => '-',
            _ if is_behind_hyphen => character.to_ascii_uppercase(),
            _ => character,
        });
    }
    let hyphens = [anchor.replace('_', "-"), upper.replace('_', "-")];
    [anchor.to_owned(), upper, with_capital]
        .into_iter()
        .chain(hyphens)
        .collect()
}
