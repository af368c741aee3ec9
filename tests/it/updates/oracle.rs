//! Reads updates naively from a `serde_json::Value`, to compare with.

use hubseal::updates::{Change, Message, Status, Updates};
use serde_json::Value;

/// Everything that the accessors return.
#[derive(Debug, PartialEq)]
pub(crate) struct Listed {
    object: Option<String>,
    changes: Vec<ListedChange>,
    skipped: usize,
}

#[derive(Debug, PartialEq)]
struct ListedChange {
    /// The account, the field and the phone number.
    texts: [Option<String>; 3],
    messages: Vec<ListedItem>,
    statuses: Vec<ListedItem>,
    value: Value,
}

#[derive(Debug, PartialEq)]
struct ListedItem {
    id: String,
    /// The type, or the status and the participant.
    texts: [Option<String>; 2],
    timestamp: Option<u64>,
    json: Value,
}

/// Returns the expected result, or `None` if the body is not an object.
pub(crate) fn expected(body: &Value) -> Option<Listed> {
    body.as_object()?;
    let mut skipped = 0;
    let mut changes = Vec::new();
    for entry in array(&body["entry"], &mut skipped) {
        for change in array(&entry["changes"], &mut skipped) {
            let value = &change["value"];
            if !value.is_object() {
                skipped += 1;
                continue;
            }
            changes.push(ListedChange {
                texts: [
                    text(&entry["id"]),
                    text(&change["field"]),
                    text(&value["metadata"]["phone_number_id"]),
                ],
                messages: items(&value["messages"], &mut skipped, |message| {
                    Some([text(&message["type"]), None])
                }),
                statuses: items(&value["statuses"], &mut skipped, |status| {
                    let name = not_empty(&status["status"])?;
                    let participant = not_empty(&status["recipient_participant_id"])
                        .or(not_empty(&status["recipient_participant_user_id"]));
                    Some([Some(name), participant])
                }),
                value: value.clone(),
            });
        }
    }
    let object = text(&body["object"]);
    Some(Listed {
        object,
        changes,
        skipped,
    })
}

fn array<'a>(value: &'a Value, skipped: &mut usize) -> &'a [Value] {
    let Some(elements) = value.as_array() else {
        *skipped += 1;
        return &[];
    };
    elements
}

fn items(
    value: &Value,
    skipped: &mut usize,
    texts: fn(&Value) -> Option<[Option<String>; 2]>,
) -> Vec<ListedItem> {
    if value.is_null() {
        return Vec::new();
    }
    let mut listed = Vec::new();
    for element in array(value, skipped) {
        let Some((id, texts)) = not_empty(&element["id"]).zip(texts(element)) else {
            *skipped += 1;
            continue;
        };
        let timestamp = match &element["timestamp"] {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_u64(),
        };
        let json = element.clone();
        listed.push(ListedItem {
            id,
            texts,
            timestamp,
            json,
        });
    }
    listed
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn not_empty(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// Calls every accessor.
pub(crate) fn listed(updates: &Updates<'_>) -> Listed {
    let changes: Vec<ListedChange> = updates.changes().map(listed_change).collect();
    let ids = |items: fn(&ListedChange) -> &Vec<ListedItem>| -> Vec<&str> {
        changes
            .iter()
            .flat_map(items)
            .map(|item| item.id.as_str())
            .collect()
    };
    let messages: Vec<&str> = updates.messages().map(Message::id).collect();
    assert_eq!(messages, ids(|change| &change.messages));
    let statuses: Vec<&str> = updates.statuses().map(Status::id).collect();
    assert_eq!(statuses, ids(|change| &change.statuses));
    let object = updates.object().map(str::to_owned);
    let skipped = updates.skipped();
    Listed {
        object,
        changes,
        skipped,
    }
}

fn listed_change(change: Change<'_>) -> ListedChange {
    let texts = texts(change);
    ListedChange {
        messages: change
            .messages()
            .map(|message| {
                assert_eq!(self::texts(message.change()), texts);
                ListedItem {
                    id: message.id().to_owned(),
                    texts: [message.kind(), None].map(|text| text.map(str::to_owned)),
                    timestamp: message.timestamp(),
                    json: message.json::<Value>().unwrap().into_inner().0,
                }
            })
            .collect(),
        statuses: change
            .statuses()
            .map(|status| {
                assert_eq!(self::texts(status.change()), texts);
                let texts = [Some(status.status()), status.participant_id()];
                ListedItem {
                    id: status.id().to_owned(),
                    texts: texts.map(|text| text.map(str::to_owned)),
                    timestamp: status.timestamp(),
                    json: status.json::<Value>().unwrap().into_inner().0,
                }
            })
            .collect(),
        value: change.json::<Value>().unwrap().into_inner().0,
        texts,
    }
}

fn texts(change: Change<'_>) -> [Option<String>; 3] {
    [
        change.account_id(),
        change.field(),
        change.phone_number_id(),
    ]
    .map(|text| text.map(str::to_owned))
}
