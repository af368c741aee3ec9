//! Bodies as the WhatsApp Business Platform writes them, about people who do not exist.

use alloc::{format, string::String, vec};

use bytes::Bytes;

/// The phone number in every sample: of the range kept for fiction, `+1 212 555 01xx`.
///
/// # Examples
/// ```
/// use hubseal::testing::sample;
///
/// let body = String::from_utf8(sample::text_message().to_vec())?;
/// assert!(body.contains(sample::PHONE_NUMBER));
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub const PHONE_NUMBER: &str = "12125550142";

/// An ordinary text message, of some 600 bytes.
///
/// # Examples
/// ```
/// assert!((500..800).contains(&hubseal::testing::sample::text_message().len()));
/// ```
#[must_use]
pub fn text_message() -> Bytes {
    Bytes::from(update("Is the blue one still in stock? \\ud83d\\ude4f"))
}

/// A delivery of exactly `size` bytes, mostly the text of one message; 600 bytes at the least.
///
/// # Examples
/// ```
/// assert_eq!(hubseal::testing::sample::of_size(3 * 1024 * 1024).len(), 3 * 1024 * 1024);
/// ```
#[must_use]
pub fn of_size(size: usize) -> Bytes {
    let text = vec![b'a'; size.saturating_sub(update("").len())];
    Bytes::from(update(&String::from_utf8_lossy(&text)))
}

fn update(text: &str) -> String {
    format!(
        concat!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","#,
            r#""changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"#,
            r#""display_phone_number":"12125550100","phone_number_id":"106540352242922"}},"#,
            r#""contacts":[{{"profile":{{"name":"Sample Customer"}},"wa_id":"{phone}"}}],"#,
            r#""messages":[{{"from":"{phone}","#,
            r#""id":"wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","#,
            r#""timestamp":"1749416383","text":{{"body":"{text}"}},"type":"text"}}]}},"#,
            r#""field":"messages"}}]}}]}}"#,
        ),
        phone = PHONE_NUMBER,
        text = text,
    )
}
