//! Reference implementation of the documented handshake rules, with its own decoder.

use hubseal::RejectionKind;

/// A decoded name and value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// Applies the documented rules.
pub(super) fn oracle(
    tokens: &[&str],
    length: usize,
    pairs: &[Pair],
) -> Result<String, RejectionKind> {
    let once = |name: &str| {
        let mut values = pairs.iter().filter(|pair| pair.0 == name.as_bytes());
        let (value, None) = (&values.next()?.1, values.next()) else {
            return None;
        };
        let text = String::from_utf8(value.clone()).ok()?;
        (!text.contains('\u{fffd}')).then_some(text)
    };
    let well_formed = || {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/=:".contains(c);
        let challenge = once("hub.challenge")
            .filter(|text| !text.is_empty() && text.len() <= 256 && text.chars().all(is_allowed))?;
        let rest = (once("hub.mode")?, once("hub.verify_token")?, challenge);
        (length <= 4_096).then_some(rest)
    };
    let (mode, token, challenge) = well_formed().ok_or(RejectionKind::HandshakeMalformed)?;
    if mode == "subscribe" && tokens.contains(&token.as_str()) {
        Ok(challenge)
    } else {
        Err(RejectionKind::HandshakeRejected)
    }
}

/// Decodes `application/x-www-form-urlencoded` according to the URL Standard.
pub(super) fn decode(query: &[u8]) -> Vec<Pair> {
    query
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let end = part.iter().position(|byte| *byte == b'=');
            let end = end.unwrap_or(part.len());
            let value = part.get(end + 1..).unwrap_or_default();
            (decode_part(&part[..end]), decode_part(value))
        })
        .collect()
}

fn decode_part(mut text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut decoded = Vec::new();
    while let [byte, rest @ ..] = text {
        text = rest;
        decoded.push(match (byte, rest) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    text = after;
                    u8::try_from(16 * high + low).unwrap()
                }
                _ => b'%',
            },
            _ => *byte,
        });
    }
    decoded
}
