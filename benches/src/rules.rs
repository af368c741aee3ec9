//! Regular expressions that find the same secrets in these logs as the library.
//!
//! They are tuned for the `regex` crate. It can search for literals in bytes, so the rules avoid Unicode
//! classes and case-insensitive matching. One expression covers all variants of a key. The text to keep
//! before a secret is a group. There are two groups if the notation decides the end of the value.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use crate::secrets::{APP_SECRET, VERIFY_TOKEN};

/// An expression and the marker that replaces its matches.
pub(crate) struct Rule {
    pub(crate) marker: &'static str,
    pub(crate) pattern: String,
}

/// End of a key, separator and start of a value. Quotes can be escaped.
const RAW: &str = r#"(?:\\*["'])?[ \t]*(?:=>?|:)[ \t]*(?:\\*["'])?"#;
const PERCENT: &str = r#"(?:%(?:25){0,2}22)?%(?:25){0,2}3[ADad](?:%(?:25){0,2}22)?"#;
const BAR: &str = r"(?:\||%(?:25){0,2}7[Cc]|\\+u007[Cc])";

fn keyed(marker: &'static str, key: &str) -> Rule {
    let pattern = format!(r#"({key}{RAW})[^\s"'&\\]+|({key}{PERCENT})[^\s"'&\\%]+"#,);
    Rule { marker, pattern }
}

fn rule(marker: &'static str, pattern: String) -> Rule {
    Rule { marker, pattern }
}

/// Rules for secrets, the registered ones included.
pub(crate) fn secrets() -> Vec<Rule> {
    let mut rules = built_in();
    rules.extend(registered());
    rules
}

/// Rules for personal data in the JSON of webhook bodies.
pub(crate) fn personal() -> Vec<Rule> {
    let member = |keys: &str, value: &str| format!(r#"("(?:{keys})":\s*"){value}"#);
    let text = r#"(?:[^"\\]|\\.)+"#;
    vec![
        rule(
            "phone_number",
            member(
                "wa_id|recipient_id|display_phone_number|phone|from|to|user|input|customer",
                r"\+?[0-9]{7,15}",
            ),
        ),
        rule(
            "user_id",
            member(
                "user_id|parent_user_id|from_user_id|to_user_id|recipient_user_id",
                text,
            ),
        ),
        rule(
            "name",
            member("name|first_name|last_name|formatted_name|username", text),
        ),
        rule(
            "text",
            member(
                "body|text|caption|title|description|payload|filename|url",
                text,
            ),
        ),
        rule(
            "contact",
            member("email|street|city|zip|company|address", text),
        ),
        rule("message_id", r"\bwamid\.[A-Za-z0-9+/=_-]{8,}".into()),
        rule("phone_number", r"\+[1-9][0-9]{7,14}\b".into()),
    ]
}

/// Rules that need no configuration.
fn built_in() -> Vec<Rule> {
    vec![
        keyed("access_token", "(?:(?:access|input|exchange)[_-]token|(?:ACCESS|INPUT|EXCHANGE)[_-]TOKEN|(?:Access|Input|Exchange)-Token|accessToken)"),
        keyed("app_secret", "(?:(?:app|client)[_-]secret|(?:APP|CLIENT)[_-]SECRET|(?:App|Client)-Secret|(?:app|client)Secret)"),
        keyed("appsecret_proof", "(?:appsecret[_-]proof|APPSECRET[_-]PROOF)"),
        keyed("verify_token", "(?:verify[_-]token|VERIFY[_-]TOKEN|Verify-Token|verifyToken)"),
        rule("authorization", format!(r#"((?:[Aa]uthorization|AUTHORIZATION){RAW})[A-Za-z0-9-]{{1,20}} [^\r\n"\\]+"#)),
        rule("cookie", format!(r#"((?:[Cc]ookie|COOKIE){RAW})[^\r\n"\\]+"#)),
        rule("signature", format!(r#"((?:[Hh]ub[_-][Ss]ignature|HUB[_-]SIGNATURE)(?:[_-]256)?{RAW})sha(?:1|256)=[^\r\n"\\]+"#)),
        rule("code", r#"([?&]code=)[^\s"'&\\]{8,}|(%(?:25){0,2}(?:3[Ff]|26)code%(?:25){0,2}3[Dd])[^\s"'&\\%]{8,}|(\bcode\\*["'][ \t]*:[ \t]*\\*["'])[A-Za-z0-9_-]{30,}"#.into()),
        rule("pin", format!(r"(\bpin{RAW})[0-9]{{6}}\b")),
        rule("bearer", r"(\b(?:[Bb]earer|BEARER)(?:[ \t+]|%20)+)[A-Za-z0-9._~+/=|%-]{16,}".into()),
        rule("access_token", format!(r"(\bTH{BAR}[0-9]{{14,20}}{BAR})[A-Za-z0-9_-]{{16,}}")),
        rule("app_access_token", format!(r"([0-9]{{14}}{BAR})[A-Za-z0-9_-]{{27,32}}")),
        rule("access_token", r"\bEA[A-F][A-Za-z0-9]{27}[A-Za-z0-9_-]*".into()),
        rule("access_token", r"\b(?:IGAA|IGQ|THAA)[A-Za-z0-9_-]{26,}".into()),
    ]
}

/// Rules for registered values: plain, percent-encoded and in base64.
fn registered() -> Vec<Rule> {
    let value = |marker, value: &str| {
        let percent = value.chars().map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter.into(),
            ' ' => r"(?: |\+|%(?:25){0,2}20)".into(),
            other => {
                let [high, low] = [u32::from(other) >> 4, u32::from(other) & 15]
                    .map(|digit| char::from_digit(digit, 16).expect("a digit"));
                let upper = low.to_ascii_uppercase();
                let itself = regex::escape(&other.to_string());
                format!(r"(?:{itself}|%(?:25){{0,2}}{high}[{low}{upper}])")
            }
        });
        let percent: String = percent.collect();
        let encoded = (0..3).map(|before| fragment(value.as_bytes(), before));
        let encoded: Vec<String> = encoded.collect();
        rule(
            marker,
            format!("{percent}|(?:{})[A-Za-z0-9+/_=-]*", encoded.join("|")),
        )
    };
    vec![
        value("app_secret", APP_SECRET),
        value("verify_token", VERIFY_TOKEN),
    ]
}

/// Returns those base64 characters of the value, after `before` other bytes, that depend on the value only.
fn fragment(value: &[u8], before: usize) -> String {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(value);
    let encoded = STANDARD_NO_PAD.encode(&bytes);
    regex::escape(&encoded[(before * 8).div_ceil(6)..bytes.len() * 8 / 6])
}
