//! The schemes of other platforms, compared with the libraries of these platforms.

use std::{
    collections::BTreeMap,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use fastrand::Rng;
use hubseal::{AppSecret, Scheme, Verifier};
use serde::{Deserialize, Serialize};

use crate::{Result, peer::Peer};

type Headers = BTreeMap<String, String>;

#[derive(Serialize)]
struct Question<'a> {
    secret: &'a str,
    id: &'a str,
    timestamp: u64,
    body: String,
    headers: &'a Headers,
}

/// The peer's headers for the body, and its result for the given headers.
#[derive(Deserialize)]
struct Answer {
    headers: Headers,
    accepts: bool,
}

/// Compares `count` deliveries of each scheme, and prints a line for each.
pub(crate) fn compare(random: &mut Rng, count: u64, node: &str, slack: &str) -> Result<()> {
    for scheme in [
        Scheme::SHOPIFY,
        Scheme::STRIPE,
        Scheme::STANDARD_WEBHOOKS,
        Scheme::SVIX,
        Scheme::SLACK,
    ] {
        let mut command = Command::new(if scheme == Scheme::SLACK {
            "python3"
        } else {
            "node"
        });
        command.arg(if scheme == Scheme::SLACK { slack } else { node });
        let mut peer = Peer::start(command.arg(scheme.name()))?;
        for number in 0..count {
            compare_one(random, scheme, &mut peer)
                .map_err(|problem| format!("{number}, {}: {problem}", scheme.name()))?;
        }
        println!("{}", peer.end()?);
    }
    Ok(())
}

fn compare_one(random: &mut Rng, scheme: Scheme, peer: &mut Peer) -> Result<()> {
    let secret = secret(random, scheme);
    let verifier = verifier(&secret, scheme)?;
    let id: String = (0..random.usize(1..=40))
        .map(|_| random.alphanumeric())
        .collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let timestamp = now - random.u64(..250);
    let body = body(random)?;
    let sign = |verifier: &Verifier, timestamp| -> Result<Headers> {
        let headers = verifier.sign_headers(&id, timestamp, &body)?;
        Ok(headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    };
    let genuine = sign(&verifier, timestamp)?;
    let others = [
        (
            "signed with another secret",
            sign(
                &self::verifier(&self::secret(random, scheme), scheme)?,
                timestamp,
            )?,
        ),
        ("one character changed", changed(random, scheme, &genuine)),
    ];
    let mut deliveries = vec![
        ("genuine", genuine.clone(), body.clone()),
        ("body changed", genuine.clone(), body.replacen('{', "{ ", 1)),
    ];
    deliveries.extend(others.map(|(how, headers)| (how, headers, body.clone())));
    if scheme != Scheme::SHOPIFY {
        deliveries.push(("too old", sign(&verifier, now - 400)?, body.clone()));
    }
    for name in scheme.headers().skip(1) {
        let mut headers = genuine.clone();
        let value = headers.get_mut(name).ok_or("a header is missing")?;
        // Another time within the tolerance, or another id.
        *value = if name.ends_with("-timestamp") {
            (timestamp + 1).to_string()
        } else {
            format!("{value}x")
        };
        deliveries.push(("timestamp or id changed", headers, body.clone()));
    }
    for (how, headers, body) in deliveries {
        let answer: Answer = peer.pass(&Question {
            secret: &secret,
            id: &id,
            timestamp,
            body: BASE64_STANDARD.encode(&body),
            headers: &headers,
        })?;
        peer.count(Some(answer.accepts));
        let is_genuine = how == "genuine";
        let ours = verifier.verify_headers(&headers, &*body).is_ok();
        if [answer.accepts, ours] != [is_genuine; 2] {
            return Err(format!("{how}: their result is {}, ours {ours}", answer.accepts).into());
        }
        if verifier.verify_headers(&answer.headers, &*body).is_err() {
            return Err(format!("{how}: we reject their signature {:?}", answer.headers).into());
        }
        if is_genuine && answer.headers != headers {
            return Err(format!("our headers are {headers:?}, theirs {:?}", answer.headers).into());
        }
    }
    Ok(())
}

fn verifier(secret: &str, scheme: Scheme) -> Result<Verifier> {
    let secret = AppSecret::new(secret)?;
    let is_encoded = [Scheme::STANDARD_WEBHOOKS, Scheme::SVIX].contains(&scheme);
    let secret = if is_encoded {
        secret.decode_whsec()?
    } else {
        secret
    };
    Ok(Verifier::new(secret).with_scheme(scheme))
}

fn secret(random: &mut Rng, scheme: Scheme) -> String {
    match scheme.name() {
        "standard_webhooks" | "svix" => {
            let key: Vec<u8> = (0..random.usize(24..=64)).map(|_| random.u8(..)).collect();
            format!("whsec_{}", BASE64_STANDARD.encode(key))
        }
        "stripe" => format!(
            "whsec_{}",
            (0..32).map(|_| random.alphanumeric()).collect::<String>()
        ),
        _ => (0..32)
            .map(|_| char::from_digit(random.u32(..16), 16).unwrap_or('0'))
            .collect(),
    }
}

/// JSON of text, because the libraries parse it.
fn body(random: &mut Rng) -> Result<String> {
    let text: String = (0..random.usize(..2_000))
        .map(|_| random.char(..))
        .collect();
    Ok(serde_json::to_string(&BTreeMap::from([("text", text)]))?)
}

/// Changes one character of the signature, which stays well-formed.
fn changed(random: &mut Rng, scheme: Scheme, genuine: &Headers) -> Headers {
    let mut headers = genuine.clone();
    if let Some(value) = headers.get_mut(scheme.header()) {
        // The last 40 characters are of the signature, and those of base64 end in `=`.
        let at = value.len() - random.usize(3..=40);
        let other = if value[at..].starts_with('a') {
            "b"
        } else {
            "a"
        };
        value.replace_range(at..=at, other);
    }
    headers
}
