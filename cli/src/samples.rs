//! Realistic deliveries of WhatsApp with fictional people.

use bytes::Bytes;
use clap::ValueEnum;
use hubseal::testing::sample;

/// A sample delivery.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sample {
    /// A text message.
    Message,
    /// A status: the customer has read a message.
    Status,
    /// A message with an image.
    Media,
    /// The response of a customer to a flow.
    Flow,
}

impl Sample {
    pub(crate) fn body(self) -> Bytes {
        match self {
            Self::Message => sample::text_message(),
            Self::Status => update(
                r#""statuses":[{"id":"wamid.HBgLMTIxMjU1NTAxNDIVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","status":"read","timestamp":"1749416390","recipient_id":"12125550142","conversation":{"id":"4b8c0d3f6a1e42f09d7c5e2b8a6f1c03","origin":{"type":"service"}},"pricing":{"billable":false,"pricing_model":"PMP","category":"service","type":"free_customer_service"}}]"#,
            ),
            Self::Media => message(
                r#""type":"image","image":{"caption":"Is it this one?","mime_type":"image\/jpeg","sha256":"oXu3vVqG1dT6y8hF0bK5nS2jL9wR4mC7eZpAqYxUiEo=","id":"1003383421387256"}"#,
            ),
            Self::Flow => message(
                r#""context":{"from":"12125550100","id":"wamid.HBgLMTIxMjU1NTAxNDIVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"},"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"flow_token\":\"order-1024\",\"size\":\"M\",\"colour\":\"blue\"}","body":"Sent","name":"flow"}}"#,
            ),
        }
    }
}

fn message(content: &str) -> Bytes {
    update(&format!(
        r#""contacts":[{{"profile":{{"name":"Sample Customer"}},"wa_id":"12125550142"}}],"messages":[{{"from":"12125550142","id":"wamid.HBgLMTIxMjU1NTAxNDIVAgASGBQzQUEyRjE5QzREN0I4RTYwNTNGMQA=","timestamp":"1749416383",{content}}}]"#
    ))
}

fn update(value: &str) -> Bytes {
    Bytes::from(format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"12125550100","phone_number_id":"106540352242922"}},{value}}},"field":"messages"}}]}}]}}"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_json() {
        for sample in Sample::value_variants() {
            let parsed: serde_json::Value = serde_json::from_slice(&sample.body()).unwrap();
            assert_eq!(parsed["object"], "whatsapp_business_account");
        }
    }
}
