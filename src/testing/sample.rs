//! Sample bodies in the format of the WhatsApp Business Platform, with fictional people.

use alloc::{format, string::String, vec};

use bytes::Bytes;

/// The customer's phone number in every sample, from the fictional range `+1 212 555 01xx`.
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

/// Returns the delivery of an ordinary text message, about 600 bytes long.
///
/// # Examples
/// ```
/// assert!((500..800).contains(&hubseal::testing::sample::text_message().len()));
/// ```
#[must_use]
pub fn text_message() -> Bytes {
    Bytes::from(update("Is the blue one still in stock? \\ud83d\\ude4f"))
}

/// Returns a delivery of exactly `size` bytes, with one long text message.
///
/// Use a `size` of at least 600 bytes. A smaller one may return a longer delivery.
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
