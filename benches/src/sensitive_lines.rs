//! Log lines with each kind of secret, in the notations that occur in logs.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    random::Random,
    secrets::{APP_SECRET, VERIFY_TOKEN},
};

/// `VERIFY_TOKEN` in a query.
const VERIFY_TOKEN_IN_QUERY: &str = "w3bhook%2Fverify%2Btoken+for%2Fstaging";

/// Returns a line and the secret in it.
pub(crate) fn line(random: &mut Random, kind: usize) -> (String, String) {
    let time = random.timestamp();
    let id = random.uuid();
    // Opaque: only the key before it identifies it.
    let opaque = format!("s3{}", random.base64url(38));
    let token = format!("EAAG{}ZD", random.alphanumeric(180));
    let json = |fields: &str| {
        format!(
            r#"{{"timestamp":"{time}","level":"ERROR","fields":{{{fields}}},"target":"inbox::graph","span":{{"request_id":"{id}","name":"send"}}}}"#
        )
    };
    let plain = |text: &str| format!("{time} ERROR send{{request_id={id}}}: inbox::graph: {text}");
    let found = |line: String, secret: &str| {
        assert!(line.contains(secret));
        (line, secret.to_owned())
    };
    let app = random.digits(15);
    match kind % 22 {
        0 => found(
            plain(&format!(
                "error sending request for url (https://graph.facebook.com/v23.0/me?access_token={token}&limit=5)"
            )),
            &token,
        ),
        1 => found(
            json(&format!(
                r#""message":"exchanged","access_token":"{opaque}","expires_in":5183944"#
            )),
            &opaque,
        ),
        2 => found(
            json(&format!(
                r#""message":"response","body":"{{\"access_token\":\"{opaque}\",\"token_type\":\"bearer\"}}""#
            )),
            &opaque,
        ),
        3 => found(plain(&format!("authorization: Bearer {token}")), &token),
        4 => found(
            json(&format!(
                r#""headers":{{"host":"graph.facebook.com","authorization":"Bearer {opaque}","accept":"*/*"}}"#
            )),
            &opaque,
        ),
        5 => {
            let proof = random.base64url(27);
            found(
                plain(&format!("debug_token with {app}|{proof} failed")),
                &proof,
            )
        }
        6 => found(
            format!(
                "66.220.149.32 - - [14/Mar/2026:09:26:53 +0000] \"GET /webhook?hub.mode=subscribe&hub.verify_token={opaque}&hub.challenge=1158201444 HTTP/1.1\" 200 10 \"-\" \"facebookplatform/1.0\""
            ),
            &opaque,
        ),
        7 => found(
            plain(&format!(
                "login url https://www.facebook.com/login.php?next=https%3A%2F%2Fwww.facebook.com%2Fv23.0%2Fdialog%3Faccess_token%3D{opaque}%26display%3Dpage"
            )),
            &opaque,
        ),
        8 => found(
            plain(&format!("configuration: secret {APP_SECRET}, tenant 7")),
            APP_SECRET,
        ),
        9 => found(
            plain(&format!(
                "started with --verify '{VERIFY_TOKEN}' on port 8080"
            )),
            VERIFY_TOKEN,
        ),
        10 => found(
            plain(&format!(
                "callback?state=1&v={VERIFY_TOKEN_IN_QUERY}&x=2 refused"
            )),
            VERIFY_TOKEN_IN_QUERY,
        ),
        11 => {
            let encoded = STANDARD.encode(format!("{app}:{APP_SECRET}"));
            let (line, secret) = found(plain(&format!("sending {encoded} to upstream")), &encoded);
            // Base64 characters at both ends depend on the surrounding text.
            (line, secret[24..60].to_owned())
        }
        12 => found(
            plain(&format!(
                "POST /oauth/access_token?client_id={app}&client_secret={opaque}&grant_type=client_credentials"
            )),
            &opaque,
        ),
        13 => found(
            plain(&format!(
                "GET /me?fields=id&appsecret_proof={}&limit=1",
                &opaque
            )),
            &opaque,
        ),
        14 => found(
            plain(&format!("headers: x-hub-signature-256: sha256={opaque}"))
                .replace(&opaque, &hex_of(&opaque)),
            &hex_of(&opaque),
        ),
        15 => {
            let pin = random.digits(6);
            found(
                json(&format!(
                    r#""message":"register","body":{{"messaging_product":"whatsapp","pin":"{pin}"}}"#
                )),
                &format!("\"{pin}\""),
            )
        }
        16 => found(
            plain(&format!(
                "GET /oauth/callback?code={opaque}&state=af0ifjsldkj"
            )),
            &opaque,
        ),
        17 => found(
            plain(&format!("cookie: session={opaque}; theme=dark")),
            &opaque,
        ),
        18 => found(
            plain(&format!(
                r#"Credentials {{ app_id: {app}, access_token: "{opaque}", retries: 3 }}"#
            )),
            &opaque,
        ),
        19 => found(
            json(&format!(
                r#""message":"token {token} was refused","code":190"#
            )),
            &token,
        ),
        20 => found(
            plain(&format!("env WHATSAPP_ACCESS_TOKEN={opaque} PORT=8080")),
            &opaque,
        ),
        _ => {
            let secret = random.base64url(27);
            found(
                plain(&format!("GET /debug_token?input={app}%7C{secret}&x=1")),
                &secret,
            )
        }
    }
}

/// Formats the first 32 bytes of a text as hexadecimal digits.
fn hex_of(text: &str) -> String {
    text.bytes()
        .take(32)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
