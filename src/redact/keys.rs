//! The keys of secrets and of personal data. A new key is one row.

/// The label of the marker, how the value must look, and the keys, between blanks.
///
/// Keys are found in any case. In those of secrets, `_` may also be `-`, or nothing as in `accessToken`.
pub(super) type Row = (&'static str, Look, &'static str);

/// How a value must look to be redacted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
#[cfg_attr(
    not(feature = "redact"),
    allow(dead_code, reason = "looks are searched for")
)]
pub(super) enum Look {
    /// Anything in quotes or behind `=`. Behind a bare `:`, at least 16 characters, or 8 with a digit.
    Secret,
    /// 30 characters of a mix that no word has, or 8 in a query that are not all digits.
    Code,
    /// Six digits.
    Pin,
    /// Anything in quotes, otherwise a scheme and credentials.
    Credentials,
    /// Anything in quotes, otherwise `sha256=` or 32 hexadecimal digits.
    Signature,
    /// Anything in quotes, otherwise a name and `=`.
    Cookie,
    /// The first look of personal data. Like [`Secret`](Self::Secret), but a phone number or a user id may
    /// become a pseudonym.
    PhoneNumber,
    /// A phone number or a user id, and nothing else.
    MaybePhoneNumber,
    /// The same, if the next key is `messages` or `context`.
    Conversation,
    /// Like [`Secret`](Self::Secret). A user id may become a pseudonym.
    UserId,
    /// Anything in quotes, or a number.
    Text,
}

/// The keys of secrets. They are found at the end of any longer key, such as `page_access_token`, but
/// for codes and PINs.
#[rustfmt::skip]
pub(super) const SECRETS: &[Row] = &[
    ("access_token", Look::Secret, "access_token input_token exchange_token"),
    ("app_secret", Look::Secret, "app_secret client_secret"),
    ("appsecret_proof", Look::Secret, "appsecret_proof"),
    ("verify_token", Look::Secret, "verify_token"),
    ("authorization", Look::Credentials, "authorization"),
    ("code", Look::Code, "code"),
    ("cookie", Look::Cookie, "cookie"),
    ("pin", Look::Pin, "pin"),
    ("signature", Look::Signature, "hub_signature hub_signature_256"),
];

/// The keys of personal data in webhook bodies. They are found as whole keys only.
#[cfg(feature = "redact")]
#[rustfmt::skip]
pub(super) const PERSONAL: &[Row] = &[
    ("phone_number", Look::PhoneNumber, "wa_id new_wa_id user_wa_id recipient_id recipient_participant_id \
        participant_recipient_id display_phone_number phone phone_number"),
    ("phone_number", Look::MaybePhoneNumber, "from to recipient input user customer"),
    ("phone_number", Look::Conversation, "id"),
    ("user_id", Look::UserId, "user_id parent_user_id previous_user_id previous_parent_user_id from_user_id \
        from_parent_user_id to_user_id to_parent_user_id recipient_user_id \
        recipient_parent_user_id parent_recipient_user_id recipient_participant_user_id \
        recipient_participant_parent_user_id identity identity_key_hash \
        recipient_identity_key_hash ctwa_clid"),
    ("group_id", Look::UserId, "group_id"),
    ("name", Look::Text, "name first_name middle_name last_name full_name formatted_name username"),
    ("text", Look::Text, "body text caption emoji title subject description payload response_json filename url \
        invite_link sdp"),
    ("contact", Look::Text, "email street city zip birthday company department address latitude longitude vcard"),
];

#[cfg(feature = "redact")]
impl Look {
    pub(super) fn is_header(self) -> bool {
        matches!(self, Self::Credentials | Self::Signature | Self::Cookie)
    }

    pub(super) fn is_personal(self) -> bool {
        self >= Self::PhoneNumber
    }
}
