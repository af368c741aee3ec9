//! Parts of other shapes, which must not hide the others.

use hubseal::{RejectionKind, updates::Message};
use serde_json::{Value, json};

use super::{samples, verified};
use crate::common::kind;

/// Returns the ids of messages and statuses, and the number of skipped parts.
fn read(body: &str) -> (Vec<String>, usize) {
    let body = verified(body.as_bytes());
    let updates = body.updates().unwrap();
    let messages = updates.messages().map(|message| message.id().to_owned());
    let statuses = updates
        .statuses()
        .map(|status| format!("{} {}", status.id(), status.status()));
    (messages.chain(statuses).collect(), updates.skipped())
}

fn assert_read(body: &str, ids: &[&str], skipped: usize) {
    let (read, count) = read(body);
    assert_eq!(
        (read, count),
        (ids.iter().map(|id| (*id).to_owned()).collect(), skipped),
        "{body}"
    );
}

/// Values of every type, except `null`.
const OTHERS: [&str; 11] = [
    "0",
    "-1",
    "-1.5e3",
    "123456789012345678901234567890",
    "true",
    r#""""#,
    r#""text""#,
    "[]",
    "[[null]]",
    "{}",
    r#"{"\ud83d":{"messages":1}}"#,
];

/// Valid JSON that `serde_json` can only read as a `RawValue`, or ignore.
const UNREADABLE: [&str; 2] = ["1e999", r#""\ud83d""#];

#[test]
fn skips_elements_of_other_shapes() {
    for other in OTHERS.into_iter().chain(["null"]) {
        let good = r#"{"id":"wamid.1"}"#;
        let change = format!(r#"{{"value":{{"messages":[{other},{good},{other}]}}}}"#);
        let entry = format!(r#"{{"changes":[{other},{change},{other}]}}"#);
        let body = format!(r#"{{"entry":[{other},{entry},{other}]}}"#);
        assert_read(&body, &["wamid.1"], 6);
        let statuses = format!(r#"[{other},{{"id":"wamid.2","status":"read"}},{other}]"#);
        let body =
            format!(r#"{{"entry":[{{"changes":[{{"value":{{"statuses":{statuses}}}}}]}}]}}"#);
        assert_read(&body, &["wamid.2 read"], 2);
    }
}

#[test]
fn skips_unreadable_values_messages_and_statuses() {
    for other in UNREADABLE {
        let messages = format!(r#"[{other},{{"id":"wamid.1"}},{other}]"#);
        let statuses = format!(r#"[{other},{{"id":"wamid.2","status":"read"}},{other}]"#);
        let value = format!(
            r#"{{"metadata":{other},"messages":{messages},"statuses":{statuses},"new":{other}}}"#
        );
        let changes = format!(
            r#"[{{"value":{other}}},{{"value":{value},"new":{other}}},{{"value":{other}}}]"#
        );
        let body = format!(r#"{{"new":{other},"entry":[{{"changes":{changes},"new":{other}}}]}}"#);
        assert_read(&body, &["wamid.1", "wamid.2 read"], 6);
    }
}

#[test]
fn rejects_other_unreadable_parts() {
    for other in UNREADABLE {
        for value in [
            other.to_owned(),
            format!("[{other}]"),
            format!(r#"[{{"changes":{other}}}]"#),
            format!(r#"[{{"changes":[{other}]}}]"#),
            format!(r#"[{{"changes":[{{"value":{{"messages":{other}}}}}]}}]"#),
            format!(r#"[{{"changes":[{{"value":{{"statuses":{other}}}}}]}}]"#),
        ] {
            let body = format!("{{\n\"entry\":{value}}}");
            let body = verified(body.as_bytes());
            let rejection = body.updates().err().unwrap();
            assert_eq!(rejection.kind(), RejectionKind::JsonMismatch);
            assert!(
                rejection.to_string().contains("at line 2 column "),
                "{rejection}"
            );
        }
    }
}

#[test]
fn skips_arrays_and_objects_of_other_types() {
    for other in OTHERS {
        let is_object = other.starts_with('{');
        // The one element of an array is counted instead.
        let as_array = usize::from(other != "[]");

        assert_read(&format!(r#"{{"entry":{other}}}"#), &[], as_array);
        let good = r#"{"changes":[{"value":{"messages":[{"id":"wamid.1"}]}}]}"#;
        let body = format!(r#"{{"entry":[{{"changes":{other}}},{good}]}}"#);
        assert_read(&body, &["wamid.1"], as_array);
        let change = r#"{"value":{"messages":[{"id":"wamid.1"}]}}"#;
        let body = format!(r#"{{"entry":[{{"changes":[{{"value":{other}}},{change}]}}]}}"#);
        assert_read(&body, &["wamid.1"], usize::from(!is_object));
        let statuses = r#"[{"id":"wamid.2","status":"sent"}]"#;
        let value = format!(r#"{{"messages":{other},"statuses":{statuses},"metadata":{other}}}"#);
        let body = format!(r#"{{"entry":[{{"changes":[{{"value":{value}}}]}}]}}"#);
        assert_read(&body, &["wamid.2 sent"], as_array);
    }
}

#[test]
fn absent_and_null_lists_are_empty() {
    let change = r#"{"value":{"messages":null}},{"value":{"statuses":null}},{"value":{}}"#;
    assert_read(
        &format!(r#"{{"entry":[{{"changes":[{change}]}}]}}"#),
        &[],
        0,
    );
    assert_read(r#"{"entry":[]}"#, &[], 0);
    assert_read(r#"{"entry":[{"changes":[]}]}"#, &[], 0);
    // Meta always sends these.
    assert_read("{}", &[], 1);
    assert_read(r#"{"entry":null}"#, &[], 1);
    assert_read(r#"{"entry":[{"id":"1"},{"changes":null}]}"#, &[], 2);
    assert_read(
        r#"{"entry":[{"changes":[{"field":"messages"},{"value":null}]}]}"#,
        &[],
        2,
    );
}

#[test]
fn other_types_of_optional_fields_are_none() {
    for other in OTHERS
        .into_iter()
        .chain(UNREADABLE)
        .filter(|other| *other != r#""text""# && *other != r#""""#)
    {
        let others =
            format!(r#""type":{other},"timestamp":{other},"recipient_participant_id":{other}"#);
        let item = format!(r#"{{"id":"wamid.1","status":"sent",{others}}}"#);
        let value = format!(
            r#"{{"metadata":{{"phone_number_id":{other}}},"messages":[{item}],"statuses":[{item}]}}"#
        );
        let body = format!(
            r#"{{"object":{other},"entry":[{{"id":{other},"changes":[{{"field":{other},"value":{value}}}]}}]}}"#
        );
        let body = verified(body.as_bytes());
        let updates = body.updates().unwrap();
        assert_eq!((updates.object(), updates.skipped()), (None, 0));
        let change = updates.changes().next().unwrap();
        assert_eq!(
            (
                change.account_id(),
                change.field(),
                change.phone_number_id()
            ),
            (None, None, None)
        );
        let message = change.messages().next().unwrap();
        let timestamp = if other == "0" { Some(0) } else { None };
        assert_eq!(
            (message.kind(), message.timestamp()),
            (None, timestamp),
            "{other}"
        );
        let status = change.statuses().next().unwrap();
        assert_eq!(
            (status.participant_id(), status.timestamp()),
            (None, timestamp)
        );
    }
}

#[test]
fn empty_ids_are_like_absent_ones() {
    let messages = r#"[{"id":""},{"id":"wamid.1"}]"#;
    let statuses = r#"[{"id":"","status":"sent"},{"id":"wamid.2","status":""},{"id":"wamid.3"}]"#;
    let value = format!(r#"{{"messages":{messages},"statuses":{statuses}}}"#);
    let body = format!(r#"{{"entry":[{{"changes":[{{"value":{value}}}]}}]}}"#);
    assert_read(&body, &["wamid.1"], 4);

    let status = r#"{"id":"wamid.1","status":"read","recipient_participant_id":"",
        "recipient_participant_user_id":"US.13491208655302741918"}"#;
    let body = format!(r#"{{"entry":[{{"changes":[{{"value":{{"statuses":[{status}]}}}}]}}]}}"#);
    let body = verified(body.as_bytes());
    let updates = body.updates().unwrap();
    let participant = updates.statuses().next().unwrap().participant_id();
    assert_eq!(participant, Some("US.13491208655302741918"));
}

#[test]
fn reads_timestamps_as_text_and_number() {
    for (json, seconds) in [
        (r#""1749416383""#, Some(1_749_416_383)),
        ("1749416383", Some(1_749_416_383)),
        (r#""17494163\u00383""#, Some(1_749_416_383)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("-1", None),
        (r#""-1""#, None),
        ("1.0", None),
        (r#""soon""#, None),
        (r#""""#, None),
    ] {
        let item = format!(r#"{{"id":"wamid.1","status":"sent","timestamp":{json}}}"#);
        let value = format!(r#"{{"messages":[{item}],"statuses":[{item}]}}"#);
        let body = format!(r#"{{"entry":[{{"changes":[{{"value":{value}}}]}}]}}"#);
        let body = verified(body.as_bytes());
        let updates = body.updates().unwrap();
        assert_eq!(
            updates.messages().next().unwrap().timestamp(),
            seconds,
            "{json}"
        );
        assert_eq!(
            updates.statuses().next().unwrap().timestamp(),
            seconds,
            "{json}"
        );
    }
}

#[test]
fn ignores_unknown_fields_everywhere() {
    fn add_unknown(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.values_mut().for_each(add_unknown);
                members.insert(
                    "new".to_owned(),
                    json!({ "messages": [{ "id": "wamid.new" }], "id": 7 }),
                );
                members.insert(String::new(), json!([[], {}, null, 1.5, "x"]));
            }
            Value::Array(elements) => elements.iter_mut().for_each(add_unknown),
            _ => {}
        }
    }
    let mut body = samples::one(&samples::messages(), &samples::statuses());
    let before = read(&body.to_string());
    add_unknown(&mut body);
    assert_eq!(read(&body.to_string()), before);
}

#[test]
fn last_of_two_equal_names_counts() {
    let message =
        r#"{"id":"wamid.0","id":"wamid.1"},{"id":"wamid.2","id":3},{"id":4,"\u0069d":"wamid.5"}"#;
    let value = format!(r#"{{"messages":[{{"id":"wamid.6"}}],"messages":[{message}]}}"#);
    let change = format!(r#"{{"value":7,"value":{value}}}"#);
    let body = format!(r#"{{"entry":{{}},"entry":[{{"changes":[],"changes":[{change}]}}]}}"#);
    assert_read(&body, &["wamid.1", "wamid.5"], 1);
    let value = r#"{"messages":[{"id":"wamid.1"}],"messages":null}"#;
    assert_read(
        &format!(r#"{{"entry":[{{"changes":[{{"value":{value}}}]}}]}}"#),
        &[],
        0,
    );
}

#[test]
fn deep_nesting_hides_no_message() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let messages =
        format!(r#"[{{"id":"wamid.1","new":{deep}}},{deep},{{"id":{deep}}},{{"id":"wamid.2"}}]"#);
    let body = format!(
        r#"{{"new":{deep},"entry":[{{"changes":[{{"value":{{"messages":{messages}}}}}]}}]}}"#
    );
    assert_read(&body, &["wamid.1", "wamid.2"], 2);
}

#[test]
fn half_a_surrogate_pair_hides_no_message() {
    // Meta has cut a text in the middle of an emoji.
    let messages =
        r#"{"id":"wamid.1","\ude0a":1,"text":{"body":"\ud83d"}},{"id":"\ud83d"},{"id":"wamid.2"}"#;
    let body = format!(r#"{{"entry":[{{"changes":[{{"value":{{"messages":[{messages}]}}}}]}}]}}"#);
    assert_read(&body, &["wamid.1", "wamid.2"], 1);
    // Only the parts that are used are parsed.
    let body = verified(body.as_bytes());
    let updates = body.updates().unwrap();
    let parsed: Vec<_> = updates
        .messages()
        .map(|message| kind(message.json::<Value>()))
        .collect();
    assert_eq!(parsed, [Some(RejectionKind::JsonMismatch), None]);
    assert_eq!(
        updates.messages().map(Message::kind).collect::<Vec<_>>(),
        [None, None]
    );
}

#[test]
fn rejects_bodies_that_are_not_a_json_object() {
    for body in [
        "",
        " ",
        "{",
        "null",
        "[]",
        "\"entry\"",
        "7",
        "{}{}",
        "{\"a\":\"\n\"}",
        "{'a':1}",
        "\u{feff}{}",
    ] {
        let body = verified(body.as_bytes());
        assert_eq!(
            kind(body.updates()),
            Some(RejectionKind::JsonMismatch),
            "{:?}",
            &**body
        );
    }
    let body = verified(b"{\"entry\":[],\"a\":\"\xff\"}".as_slice());
    assert_eq!(kind(body.updates()), Some(RejectionKind::JsonMismatch));
}

#[test]
fn rejection_has_line_and_column() {
    for (body, position) in [
        (
            "{\"entry\":[\n  private}".as_bytes(),
            ", at line 2 column 3",
        ),
        (b"{}\n{}", ", at line 2 column 1"),
        (b"[]", ""),
        (b"{\"a\":\"\xff\"}", ""),
    ] {
        let body = verified(body);
        let rejection = body.updates().err().unwrap();
        assert_eq!(
            rejection.to_string(),
            format!("verified body is not JSON of the expected type{position}")
        );
    }
}
