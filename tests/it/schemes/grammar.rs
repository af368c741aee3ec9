//! Random headers, compared with the documented rules.

use hubseal::{AppSecret, KeyRing, Scheme, Verifier};
use proptest::{collection::vec, prelude::*};

use super::{
    NOW, at,
    oracle::{Head, judged},
};

const SCHEMES: [Scheme; 5] = [
    Scheme::SHOPIFY,
    Scheme::SLACK,
    Scheme::STRIPE,
    Scheme::STANDARD_WEBHOOKS,
    Scheme::SVIX,
];

fn times() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..=700_u64).prop_map(|late| (NOW - 350 + late).to_string()),
        1 => any::<u64>().prop_map(|time| time.to_string()),
        1 => "[+-]?0?[0-9]{0,21}",
        1 => "[ -~]{0,5}",
    ]
}

fn signatures() -> impl Strategy<Value = String> {
    let tag = || {
        prop_oneof![
            4 => "[0-9a-fA-F]{64}",
            4 => "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=",
            1 => "[A-Za-z0-9+/]{43}=",
            1 => "[0-9a-g]{63,65}",
            1 => "[ -~]{0,70}",
        ]
    };
    let prefix = || prop_oneof![4 => "v1=|v1,|v0=", 1 => "|v1|v2=|V1=|v1a,"];
    let item = (prefix(), tag()).prop_map(|(prefix, tag)| prefix + &tag);
    let stamp = times().prop_map(|time| format!("t={time}"));
    let items = vec(prop_oneof![5 => item, 1 => stamp], 1..12);
    prop_oneof![
        4 => (times(), "[, ]", items).prop_map(|(time, separator, items)| {
            format!("t={time}{separator}{}", items.join(&separator))
        }),
        4 => (prefix(), tag()).prop_map(|(prefix, tag)| prefix + &tag),
        2 => tag(),
        1 => ("v1,[A-Za-z0-9+/]{42}[AEIM]= ?", 0..3_000_usize)
            .prop_map(|(item, length)| item + &"x".repeat(length)),
    ]
}

fn ids() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[!-~]{1,20}", 1 => "[ -~é]{0,3}", 1 => "[a-z]{250,260}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4 * ProptestConfig::default().cases))]

    #[test]
    fn head_is_judged_by_the_documented_rules(
        scheme in prop::sample::select(&SCHEMES[..]),
        signature in prop::option::weighted(0.9, signatures()),
        timestamp in prop::option::weighted(0.9, times()),
        id in prop::option::weighted(0.9, ids()),
    ) {
        let bytes = |value: &'_ Option<String>| value.clone().map(String::into_bytes);
        let (signature, timestamp, id) = (bytes(&signature), bytes(&timestamp), bytes(&id));
        let expected = judged(&scheme, &Head {
            signature: signature.as_deref(),
            timestamp: timestamp.as_deref(),
            id: id.as_deref(),
        }, NOW);

        let mut names = scheme.headers();
        let mut headers = Vec::new();
        headers.extend(names.next().zip(signature));
        for name in names {
            let value = if name.ends_with("-id") { &id } else { &timestamp };
            headers.extend(Some(name).zip(value.clone()));
        }
        let ring = KeyRing::from(AppSecret::new("8f742231b10e8888abcd99yyyzzz85a5").unwrap());
        let verifier = Verifier::new(ring.with_clock(|| at(NOW))).with_scheme(scheme);
        let begun = verifier.begin_headers(&headers);
        prop_assert_eq!(begun.map(drop).map_err(|rejection| rejection.kind()), expected);
    }
}
