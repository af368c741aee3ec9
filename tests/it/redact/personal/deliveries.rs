//! Complete webhook bodies: compact, indented, in a log line and in a query.

use std::{borrow::Cow, collections::BTreeMap};

use hubseal::redact::{PersonalData, PseudonymKey, Redactor};
use serde_json::{Value, json};

use super::{
    Policy, assert_idempotent,
    delivery::{Delivery, deliveries},
    key,
};

/// The ids of the account and of the business's number, which stay.
const STAYS: [&str; 2] = ["102290129340398", "106540352242922"];

/// Each body under each policy.
fn each(mut check: impl FnMut(&Delivery, Policy, &Redactor)) {
    for policy in Policy::ALL {
        let redactor = policy.redactor();
        for delivery in deliveries() {
            check(&delivery, policy, &redactor);
        }
    }
}

#[track_caller]
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn corpus_covers_every_kind_of_delivery() {
    let fields = deliveries().into_iter().map(|delivery| {
        let field = delivery.value()["entry"][0]["changes"][0]["field"].to_string();
        (field, delivery.title)
    });
    let by_field: BTreeMap<_, Vec<_>> = fields.fold(BTreeMap::new(), |mut map, (field, title)| {
        map.entry(field).or_default().push(title);
        map
    });
    assert!(by_field.len() >= 10, "{by_field:#?}");
    assert!(by_field["\"messages\""].len() >= 25, "{by_field:#?}");
}

#[test]
fn personal_redaction_is_off_by_default() {
    let redactor = Redactor::new();
    for Delivery { title, body, .. } in deliveries() {
        assert!(
            matches!(redactor.redact(body), Cow::Borrowed(_)),
            "{title}: {}",
            redactor.redact(body)
        );
    }
}

#[test]
fn replaces_personal_data_only() {
    each(|delivery, policy, redactor| {
        let redacted = redactor.redact(delivery.body);
        let title = delivery.title;
        let [found, expected] = [parsed(&redacted), delivery.expected(policy)]
            .map(|body| serde_json::to_string_pretty(&body).unwrap());
        assert_eq!(found, expected, "{title}, {policy:?}");
        assert_idempotent(redactor, &redacted);
    });
}

#[test]
fn no_personal_data_survives_in_any_encoding() {
    each(|delivery, policy, redactor| {
        let redacted = redactor.redact(delivery.body);
        for telling in delivery.telling() {
            assert!(
                !redacted.contains(&telling),
                "{telling} in {}, {policy:?}: {redacted}",
                delivery.title
            );
        }
    });
}

#[test]
fn keeps_business_ids() {
    each(|delivery, policy, redactor| {
        let redacted = redactor.redact(delivery.body);
        for id in STAYS {
            let count = |text: &str| text.matches(id).count();
            assert_eq!(
                count(&redacted),
                count(delivery.body),
                "{policy:?}: {redacted}"
            );
        }
    });
}

#[test]
fn redacts_indented_body() {
    each(|delivery, policy, redactor| {
        let indented = serde_json::to_string_pretty(&delivery.value()).unwrap();
        let redacted = redactor.redact(&indented);
        assert_eq!(parsed(&redacted), delivery.expected(policy), "{redacted}");
        assert_eq!(redacted.lines().count(), indented.lines().count());
        assert_idempotent(redactor, &redacted);
    });
}

#[test]
fn redacts_body_in_log_line() {
    each(|delivery, policy, redactor| {
        let mut line = delivery.body.to_owned();
        for depth in 1..=2 {
            line = json!({ "level": "INFO", "message": line }).to_string();
            let redacted = redactor.redact(&line);
            let body = (0..depth).fold(redacted.clone().into_owned(), |line, _| {
                parsed(&line)["message"].as_str().unwrap().to_owned()
            });
            assert_eq!(parsed(&body), delivery.expected(policy), "{redacted}");
            assert_idempotent(redactor, &redacted);
        }
    });
}

#[test]
fn redacts_body_in_query() {
    each(|delivery, policy, redactor| {
        let form: String = form_urlencoded::byte_serialize(delivery.body.as_bytes()).collect();
        for encoded in [form.replace('+', "%20"), form] {
            let redacted = redactor
                .redact(&format!("body={encoded}&next=1"))
                .into_owned();
            let (_, body) = form_urlencoded::parse(redacted.as_bytes()).next().unwrap();
            // Encoded, the padding of a message id is none of base64.
            let [found, expected] = [parsed(&body), delivery.expected(policy)]
                .map(|body| body.to_string().replace('=', ""));
            assert_eq!(found, expected, "{redacted}");
            assert!(redacted.ends_with("&next=1"));
            assert_idempotent(redactor, &redacted);
        }
    });
}

#[test]
fn pseudonyms_are_consistent_and_distinct() {
    let redactor = Policy::Pseudonyms.redactor();
    let mut people: BTreeMap<String, &str> = BTreeMap::new();
    for delivery in deliveries() {
        let redacted = redactor.redact(delivery.body);
        for digits in delivery.phone_numbers() {
            let pseudonym = key().phone_number(digits).unwrap();
            assert!(redacted.contains(&pseudonym), "{digits} in {redacted}");
            assert_eq!(*people.entry(pseudonym).or_insert(digits), digits);
        }
    }
    assert!(people.len() >= 4, "{people:?}");
}

#[test]
fn another_key_gives_other_pseudonyms() {
    let other = PseudonymKey::new("another key that no log of tests holds").unwrap();
    let policy = PersonalData::Pseudonyms(other.with_id("2027").unwrap());
    let other = Redactor::builder().personal_data(policy).build().unwrap();
    for delivery in deliveries() {
        let redacted = other.redact(delivery.body);
        for digits in delivery.phone_numbers() {
            assert!(!redacted.contains(&key().phone_number(digits).unwrap()));
        }
        assert_eq!(
            redacted.matches("wa:").count(),
            redacted.matches("wa:2027:").count()
        );
        assert_idempotent(&other, &redacted);
    }
}
