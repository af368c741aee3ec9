//! Generated bodies, compared with a naive reader.

use std::collections::HashSet;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use hubseal::{
    Fingerprint,
    updates::{Message, Status},
};

use super::{oracle, signed, verified};

/// JSON with repeated names, which a `Value` cannot have.
#[derive(Debug, Clone)]
enum Node {
    Leaf(String),
    Array(Vec<Node>),
    Object(Vec<(&'static str, Node)>),
}

impl Node {
    fn write(&self, json: &mut String) {
        match self {
            Self::Leaf(leaf) => json.push_str(leaf),
            Self::Array(elements) => {
                json.push('[');
                for (number, element) in elements.iter().enumerate() {
                    json.push_str(if number > 0 { ", " } else { "" });
                    element.write(json);
                }
                json.push(']');
            }
            Self::Object(members) => {
                json.push('{');
                for (number, (name, value)) in members.iter().enumerate() {
                    json.push_str(if number > 0 { ",\n" } else { "" });
                    json.extend(["\"", name, "\" : "]);
                    value.write(json);
                }
                json.push('}');
            }
        }
    }
}

/// Some of them are written with escapes.
const NAMES: [&str; 17] = [
    "object",
    "entry",
    "id",
    "changes",
    "field",
    "value",
    "metadata",
    "phone_number_id",
    "messages",
    "statuses",
    "type",
    "status",
    "timestamp",
    "recipient_participant_id",
    "recipient_participant_user_id",
    "\\u0069d",
    "new",
];

fn leaf() -> impl Strategy<Value = Node> {
    let text = prop_oneof!["[a-z.]{0,6}", any::<String>(), "[0-9]{1,3}",];
    let escaped = "[a-z]{1,3}".prop_map(|text| format!("\"\\u0077{text}\\/\""));
    prop_oneof![
        4 => text.prop_map(|text| Value::from(text).to_string()),
        1 => escaped,
        2 => select(&["null", "true", "0", "-0", "17", "1.5", "1e3"][..]).prop_map(str::to_owned),
    ]
    .prop_map(Node::Leaf)
}

fn any_node() -> BoxedStrategy<Node> {
    leaf()
        .prop_recursive(5, 40, 4, |inner| {
            let member = (select(&NAMES[..]), inner.clone());
            prop_oneof![
                vec(inner, 0..4).prop_map(Node::Array),
                vec(member, 0..5).prop_map(Node::Object),
            ]
        })
        .boxed()
}

/// The right value nine times of ten.
fn usually(right: impl Strategy<Value = Node> + 'static) -> impl Strategy<Value = Node> {
    prop_oneof![18 => right, 2 => any_node()]
}

/// An object with some of these members, in any order, and others.
fn object(members: Vec<(&'static str, BoxedStrategy<Node>)>) -> BoxedStrategy<Node> {
    let known = (0..members.len()).prop_flat_map(move |at| {
        let (name, value) = &members[at];
        (Just(*name), value.clone())
    });
    let other = (select(&NAMES[..]), any_node());
    vec(prop_oneof![12 => known, 1 => other], 0..9)
        .prop_map(Node::Object)
        .boxed()
}

fn array(element: impl Strategy<Value = Node> + 'static) -> BoxedStrategy<Node> {
    usually(vec(usually(element), 0..4).prop_map(Node::Array)).boxed()
}

fn item() -> BoxedStrategy<Node> {
    let text = || leaf().boxed();
    object(vec![
        ("id", text()),
        ("type", text()),
        ("status", text()),
        ("timestamp", text()),
        ("recipient_participant_id", text()),
        ("recipient_participant_user_id", text()),
    ])
}

fn delivery() -> BoxedStrategy<Node> {
    let metadata = usually(object(vec![("phone_number_id", leaf().boxed())]));
    let value = object(vec![
        ("metadata", metadata.boxed()),
        ("messages", array(item())),
        ("statuses", array(item())),
    ]);
    let change = object(vec![
        ("field", leaf().boxed()),
        ("value", usually(value.clone()).boxed()),
        ("value", value),
    ]);
    let entry = object(vec![("id", leaf().boxed()), ("changes", array(change))]);
    object(vec![("object", leaf().boxed()), ("entry", array(entry))])
}

fn assert_agrees(json: &str) -> Result<(), TestCaseError> {
    let body = verified(json.as_bytes());
    let updates = body.updates();
    match oracle::expected(&serde_json::from_str(json).unwrap()) {
        Some(expected) => prop_assert_eq!(oracle::listed(&updates.unwrap()), expected),
        None => prop_assert!(updates.is_err()),
    }
    Ok(())
}

proptest! {
    #[test]
    fn agrees_with_naive_reader(node in prop_oneof![8 => delivery(), 1 => any_node()]) {
        let mut json = String::new();
        node.write(&mut json);
        assert_agrees(&json)?;
    }

    #[test]
    fn any_bytes_are_read_or_rejected(
        mut body in prop_oneof![
            vec(any::<u8>(), 0..200),
            delivery().prop_map(|node| {
                let mut json = String::new();
                node.write(&mut json);
                json.into_bytes()
            }),
        ],
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        if !body.is_empty() {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let verified = verified(&body);
        let updates = verified.updates();
        if let Ok(parsed) = serde_json::from_slice::<Value>(&body) {
            prop_assert_eq!(updates.ok().map(|updates| oracle::listed(&updates)), oracle::expected(&parsed));
        }
    }

    #[test]
    fn different_keys_have_different_fingerprints(
        // Few letters, so that texts are often equal, or equal when they are joined.
        keys in vec(("[ab]{1,3}", "[ab]{1,2}", "[ab]{0,2}"), 0..40),
    ) {
        let statuses: Vec<_> = keys
            .iter()
            .map(|(id, status, participant)| {
                json!({ "id": id, "status": status, "recipient_participant_id": participant })
            })
            .collect();
        let value = json!({ "messages": statuses, "statuses": statuses });
        let body = signed(&json!({ "entry": [{ "changes": [{ "value": value }] }] }));
        let updates = body.updates().unwrap();
        let fingerprints: HashSet<Fingerprint> = updates
            .messages()
            .map(Message::fingerprint)
            .chain(updates.statuses().map(Status::fingerprint))
            .collect();
        let ids: HashSet<_> = keys.iter().map(|(id, ..)| id).collect();
        let keys: HashSet<_> = keys.iter().collect();
        prop_assert_eq!(fingerprints.len(), ids.len() + keys.len());
    }
}
