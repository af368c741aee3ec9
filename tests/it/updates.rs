//! `Verified::updates`: the ids of a delivery.

mod fingerprints;
mod lenient;
pub(crate) mod oracle;
mod properties;
mod samples;

use std::{borrow::Cow, collections::HashSet};

use hubseal::{
    RejectionKind, Verified, Verifier,
    updates::{Message, Status},
};
use serde_json::{Value, json};

use self::samples::{ACCOUNT, CUSTOMER, MESSAGE_ID, PHONE_NUMBER_ID};
use crate::common::{kind, secret};

fn verified<'a>(body: impl Into<Cow<'a, [u8]>>) -> Verified<Cow<'a, [u8]>> {
    let (verifier, body) = (Verifier::new(secret()), body.into());
    let header = verifier.sign(&body).to_string();
    verifier.verify(header, body).unwrap()
}

fn signed(body: &Value) -> Verified<Cow<'static, [u8]>> {
    verified(body.to_string().into_bytes())
}

#[test]
fn lists_messages_of_every_documented_type() {
    let body = signed(&samples::one(&samples::messages(), &[]));
    let updates = body.updates().unwrap();
    let kinds: Vec<_> = updates
        .messages()
        .map(|message| message.kind().unwrap())
        .collect();
    let expected = [
        "text",
        "image",
        "sticker",
        "document",
        "audio",
        "video",
        "location",
        "contacts",
        "interactive",
        "interactive",
        "interactive",
        "reaction",
        "button",
        "order",
        "system",
        "unsupported",
    ];
    assert_eq!(kinds, expected);
    let ids: Vec<_> = updates.messages().map(Message::id).collect();
    assert_eq!(
        (ids[0], ids[10], ids[15]),
        ("wamid.text", "wamid.flow", "wamid.unsupported")
    );
    assert!(
        updates
            .messages()
            .all(|message| message.timestamp() == Some(1_749_416_383))
    );
    assert_eq!(updates.object(), Some("whatsapp_business_account"));
    assert_eq!((updates.statuses().count(), updates.skipped()), (0, 0));
}

#[test]
fn lists_every_status_of_a_message() {
    let body = signed(&samples::one(&[], &samples::statuses()));
    let updates = body.updates().unwrap();
    let keys: Vec<_> = updates
        .statuses()
        .map(|status| (status.id(), status.status(), status.participant_id()))
        .collect();
    let expected = [
        ("wamid.a", "sent", None),
        ("wamid.a", "delivered", None),
        ("wamid.a", "read", None),
        ("wamid.b", "failed", None),
        ("wamid.c", "read", Some(CUSTOMER)),
        ("wamid.c", "read", Some("US.13491208655302741918")),
    ];
    assert_eq!(keys, expected);
    assert!(
        updates
            .statuses()
            .all(|status| status.timestamp() == Some(1_749_416_390))
    );
    assert_eq!((updates.messages().count(), updates.skipped()), (0, 0));
}

#[test]
fn lists_every_change_of_every_entry() {
    let template = json!({ "field": "message_template_status_update", "value":
        { "event": "APPROVED", "message_template_id": 594_425_479_261_596_u64, "reason": "NONE" } });
    let account = json!({ "field": "account_update", "value":
        { "phone_number": "12125550100", "event": "VERIFIED_ACCOUNT" } });
    let first = [
        samples::change(
            &[samples::text("wamid.1")],
            &[samples::status("wamid.2", "sent")],
        ),
        template,
        samples::change(&[samples::text("wamid.3"), samples::text("wamid.4")], &[]),
    ];
    let second = [account, samples::change(&[samples::text("wamid.5")], &[])];
    let body = signed(&samples::delivery(&[
        samples::entry(ACCOUNT, &first),
        samples::entry("another", &second),
    ]));

    let updates = body.updates().unwrap();
    let changes: Vec<_> = updates
        .changes()
        .map(|change| {
            let ids: Vec<_> = change.messages().map(Message::id).collect();
            (
                change.account_id().unwrap(),
                change.field().unwrap(),
                change.phone_number_id(),
                ids,
            )
        })
        .collect();
    let expected = [
        (ACCOUNT, "messages", Some(PHONE_NUMBER_ID), vec!["wamid.1"]),
        (ACCOUNT, "message_template_status_update", None, vec![]),
        (
            ACCOUNT,
            "messages",
            Some(PHONE_NUMBER_ID),
            vec!["wamid.3", "wamid.4"],
        ),
        ("another", "account_update", None, vec![]),
        (
            "another",
            "messages",
            Some(PHONE_NUMBER_ID),
            vec!["wamid.5"],
        ),
    ];
    assert_eq!(changes, expected);
    let accounts: Vec<_> = updates
        .messages()
        .map(|message| message.change().account_id())
        .collect();
    assert_eq!(accounts, [ACCOUNT, ACCOUNT, ACCOUNT, "another"].map(Some));
    assert_eq!(
        updates.statuses().map(Status::id).collect::<Vec<_>>(),
        ["wamid.2"]
    );
    assert_eq!(updates.skipped(), 0);

    let values = updates
        .changes()
        .map(|change| change.json::<Value>().unwrap());
    let events: Vec<_> = values.map(|value| value["event"].clone()).collect();
    assert_eq!(
        events,
        [
            json!(null),
            json!("APPROVED"),
            json!(null),
            json!("VERIFIED_ACCOUNT"),
            json!(null)
        ]
    );
}

#[test]
fn parses_one_message_with_the_key_of_the_body() {
    #[derive(serde::Deserialize)]
    struct Image<'a> {
        from: &'a str,
        image: Media<'a>,
    }
    #[derive(serde::Deserialize)]
    struct Media<'a> {
        mime_type: &'a str,
    }
    let body = signed(&samples::one(&samples::messages(), &samples::statuses()));
    let updates = body.updates().unwrap();
    let parsed = updates
        .messages()
        .nth(1)
        .unwrap()
        .json::<Image<'_>>()
        .unwrap();
    assert_eq!(
        (parsed.from, parsed.image.mime_type),
        (CUSTOMER, "image/jpeg")
    );
    assert_eq!(parsed.key(), body.key());

    let mismatch = updates.messages().next().unwrap().json::<Image<'_>>();
    assert_eq!(kind(mismatch), Some(RejectionKind::JsonMismatch));
    let failed = updates.statuses().nth(3).unwrap().json::<Value>().unwrap();
    assert_eq!(failed["errors"][0]["code"], 131_050);
}

#[test]
fn borrows_from_the_body_and_copies_escaped_texts_only() {
    let body = verified(
        br#"{"entry":[{"id":"1022901\u0032","changes":[{"value":{"messages":[
            {"id":"wamid.plain","type":"text"},
            {"id":"w\u0061mid.\/\"\u00e9\ud83d\ude0a","type":"\u0074ext"}]}}]}]}"#
            .as_slice(),
    );
    let updates = body.updates().unwrap();
    let [plain, escaped] = updates.messages().collect::<Vec<_>>()[..] else {
        panic!("two messages are expected");
    };
    let inside = |text: &str| body.as_ptr_range().contains(&text.as_ptr());
    assert!(inside(plain.id()) && inside(plain.kind().unwrap()));
    assert_eq!(
        (escaped.id(), escaped.kind()),
        ("wamid./\"é😊", Some("text"))
    );
    assert!(!inside(escaped.id()));
    assert_eq!(plain.change().account_id(), Some("10229012"));
}

#[test]
fn lists_a_thousand_messages() {
    let messages: Vec<_> = (0..1_000)
        .map(|number| samples::text(&format!("wamid.{number}")))
        .collect();
    let body = signed(&samples::one(&messages, &[]));
    let updates = body.updates().unwrap();
    let ids: HashSet<_> = updates.messages().map(Message::id).collect();
    assert_eq!((ids.len(), updates.skipped()), (1_000, 0));
}

#[test]
fn debug_shows_counts_and_types_only() {
    let mut messages = vec![samples::text(MESSAGE_ID)];
    messages.push(samples::message(MESSAGE_ID, CUSTOMER, json!("secret text")));
    let statuses = [
        samples::status(MESSAGE_ID, "read"),
        samples::status(MESSAGE_ID, "Sample Customer"),
    ];
    let body = signed(&samples::one(&messages, &statuses));
    let updates = body.updates().unwrap();
    let shown = format!(
        "{updates:?}\n{:?}\n{:?}\n{:?}",
        updates.changes().collect::<Vec<_>>(),
        updates.messages().collect::<Vec<_>>(),
        updates.statuses().collect::<Vec<_>>(),
    );
    let expected = "\
        Updates { object: \"whatsapp_business_account\", changes: 1, messages: 2, statuses: 2, skipped: 0, .. }\n\
        [Change { field: \"messages\", messages: 2, statuses: 2, .. }]\n\
        [Message { kind: \"text\", .. }, Message { kind: .., .. }]\n\
        [Status { status: \"read\", .. }, Status { status: .., .. }]";
    assert_eq!(shown, expected);
}

#[test]
fn reads_changes_of_pages_and_counts_messaging() {
    let page = json!({ "object": "page", "entry": [
        { "id": "1234567890", "changes": [{ "field": "feed", "value": { "item": "post" } }] },
        { "id": "1234567890", "messaging": [{ "message": { "mid": "m_A", "text": "Hi" } }] },
    ] });
    let body = signed(&page);
    let updates = body.updates().unwrap();
    let fields: Vec<_> = updates
        .changes()
        .map(|change| (change.account_id(), change.field()))
        .collect();
    assert_eq!(fields, [(Some("1234567890"), Some("feed"))]);
    assert_eq!((updates.object(), updates.skipped()), (Some("page"), 1));
}
