//! The table of keys.

use hubseal::redact::Family;

use super::{Becomes, Key, Kind};

/// Names, anchor, marker, kind.
type Row = (&'static [&'static str], &'static str, Family, Kind);

#[rustfmt::skip]
const ROWS: [Row; 13] = [
    (&["access_token", "input_token", "exchange_token"], "_token", Family::AccessToken, Kind::Secret),
    (&["accessToken"], "sToken", Family::AccessToken, Kind::Secret),
    (&["app_secret", "client_secret"], "_secret", Family::AppSecret, Kind::Secret),
    (&["appSecret"], "pSecret", Family::AppSecret, Kind::Secret),
    (&["clientSecret"], "tSecret", Family::AppSecret, Kind::Secret),
    (&["appsecret_proof"], "t_proof", Family::AppSecretProof, Kind::Secret),
    (&["authorization"], "uthoriz", Family::Authorization, Kind::Credentials),
    (&["code"], "code", Family::Code, Kind::Code),
    (&["cookie"], "ookie", Family::Cookie, Kind::Cookie),
    (&["pin"], "pin", Family::Pin, Kind::Pin),
    (&["hub_signature", "hub_signature-256"], "ub_sig", Family::Signature, Kind::Signature),
    (&["verify_token"], "_token", Family::VerifyToken, Kind::Secret),
    (&["verifyToken"], "yToken", Family::VerifyToken, Kind::Secret),
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

fn anchors(anchor: &str, kind: Kind) -> Vec<String> {
    let is_fixed = matches!(kind, Kind::Code | Kind::Pin) || anchor.contains(char::is_uppercase);
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
