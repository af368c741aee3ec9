//! Deliveries in the shapes of Meta's documentation, with fictional people.

use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "102290129340398";
pub(crate) const PHONE_NUMBER_ID: &str = "106540352242922";
pub(crate) const CUSTOMER: &str = "12125550142";
/// Its base64 contains the number of the customer.
pub(crate) const MESSAGE_ID: &str =
    "wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=";

pub(crate) fn delivery(entries: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": entries })
}

pub(crate) fn entry(account: &str, changes: &[Value]) -> Value {
    json!({ "id": account, "time": 1_749_416_383, "changes": changes })
}

pub(crate) fn change(messages: &[Value], statuses: &[Value]) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "12125550100", "phone_number_id": PHONE_NUMBER_ID },
        "contacts": [{ "profile": { "name": "Sample Customer" }, "wa_id": CUSTOMER }],
    });
    if !messages.is_empty() {
        value["messages"] = messages.into();
    }
    if !statuses.is_empty() {
        value["statuses"] = statuses.into();
    }
    json!({ "value": value, "field": "messages" })
}

/// A delivery with one change in one entry.
pub(crate) fn one(messages: &[Value], statuses: &[Value]) -> Value {
    delivery(&[entry(ACCOUNT, &[change(messages, statuses)])])
}

pub(crate) fn text(id: &str) -> Value {
    message(
        id,
        "text",
        json!({ "body": "Is the blue one still in stock? 🙏" }),
    )
}

pub(crate) fn message(id: &str, kind: &str, content: Value) -> Value {
    let mut message =
        json!({ "from": CUSTOMER, "id": id, "timestamp": "1749416383", "type": kind });
    message[kind] = content;
    message
}

/// One message of each documented type.
pub(crate) fn messages() -> Vec<Value> {
    let media =
        json!({ "mime_type": "image/jpeg", "sha256": "c2FtcGxl", "id": "1003383421387256" });
    let button =
        json!({ "type": "button_reply", "button_reply": { "id": "cancel", "title": "Cancel" } });
    let list =
        json!({ "list_reply": { "id": "priority", "title": "Priority" }, "type": "list_reply" });
    let flow = json!({ "type": "nfm_reply",
        "nfm_reply": { "response_json": "{\"id\":\"wamid.in-a-text\"}", "name": "flow" } });
    let order = json!({ "product_items":
        [{ "product_retailer_id": "di9ozbzfi4", "quantity": 2, "item_price": 7.99 }] });
    let system = json!({ "body": "User changed from 12125550142 to 12125550143", "wa_id": "12125550143",
        "type": "user_changed_number" });
    let unknown = json!([{ "code": 131_051, "title": "Message type unknown",
        "error_data": { "details": "Message type is currently not supported." } }]);
    let mut all = vec![
        text("wamid.text"),
        message("wamid.image", "image", media.clone()),
        message("wamid.sticker", "sticker", media.clone()),
        message("wamid.document", "document", media.clone()),
        message("wamid.audio", "audio", media.clone()),
        message("wamid.video", "video", media),
        message(
            "wamid.location",
            "location",
            json!({ "latitude": 38.9806, "longitude": -76.9372 }),
        ),
        message(
            "wamid.contacts",
            "contacts",
            json!([{ "name": { "formatted_name": "Sample Contact" } }]),
        ),
        message("wamid.button_reply", "interactive", button),
        message("wamid.list_reply", "interactive", list),
        message("wamid.flow", "interactive", flow),
        message(
            "wamid.reaction",
            "reaction",
            json!({ "message_id": "wamid.other", "emoji": "\u{1f44d}" }),
        ),
        message(
            "wamid.button",
            "button",
            json!({ "payload": "Unsubscribe", "text": "Unsubscribe" }),
        ),
        message("wamid.order", "order", order),
        message("wamid.system", "system", system),
        message(
            "wamid.unsupported",
            "unsupported",
            json!({ "type": "poll" }),
        ),
    ];
    all[15]["errors"] = unknown;
    // A reply has the id of another message in it.
    all[0]["context"] = json!({ "from": "12125550100", "id": "wamid.replied-to" });
    all
}

pub(crate) fn status(id: &str, status: &str) -> Value {
    json!({ "id": id, "status": status, "timestamp": "1749416390", "recipient_id": CUSTOMER })
}

/// The statuses of one message, one of another that failed, and two readers in a group.
pub(crate) fn statuses() -> Vec<Value> {
    let mut all: Vec<Value> = ["sent", "delivered", "read"]
        .map(|name| status("wamid.a", name))
        .into();
    all[0]["conversation"] = json!({ "id": "e2a2e1c2b4a14c3e9b2f", "expiration_timestamp": "1749502790",
        "origin": { "type": "service" } });
    all[0]["pricing"] = json!({ "billable": true, "pricing_model": "PMP", "category": "service" });
    let mut failed = status("wamid.b", "failed");
    failed["errors"] = json!([{ "code": 131_050, "title": "Unable to deliver the message",
        "error_data": { "details": "The recipient has stopped marketing messages." } }]);
    all.push(failed);
    for (name, person) in [
        ("recipient_participant_id", CUSTOMER),
        ("recipient_participant_user_id", "US.13491208655302741918"),
    ] {
        let mut read = status("wamid.c", "read");
        read["recipient_type"] = "group".into();
        read[name] = person.into();
        all.push(read);
    }
    all
}
