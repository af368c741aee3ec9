//! Handshakes: genuine, incomplete, ambiguous and forged.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::{case::Case, target::Target};
use crate::{
    rejection::RejectionKind::{self, HandshakeMalformed, HandshakeRejected, SignatureMissing},
    testing::{expected::Expected, request::Request},
};

const CHALLENGE: &str = "1158201444";

/// Creates the query strings for a target.
struct Queries<'a> {
    target: &'a Target<'a>,
    token: String,
}

impl Queries<'_> {
    fn of(mode: &str, challenge: &str, token: &str) -> String {
        format!("hub.mode={mode}&hub.challenge={challenge}&hub.verify_token={token}")
    }

    fn genuine(&self) -> String {
        Self::of("subscribe", CHALLENGE, &self.token)
    }

    fn challenging(&self, challenge: &str) -> String {
        Self::of("subscribe", challenge, &self.token)
    }

    fn get(&self, query: &str) -> Request {
        Request::get(&format!("{}?{query}", self.target.path))
    }

    fn rejected(&self, label: &'static str, kind: RejectionKind, query: &str) -> Case {
        Case::rejected(label, kind, self.get(query))
    }
}

pub(super) fn cases(target: &Target<'_>) -> Vec<Case> {
    let queries = &Queries {
        target,
        token: encode(target.verify_token.expose_secret()),
    };
    let mut cases = accepted(queries);
    cases.extend(parameters(queries));
    cases.extend(modes_and_tokens(queries));
    cases.extend(challenges(queries));
    cases
}

fn accepted(queries: &Queries<'_>) -> Vec<Case> {
    let genuine = queries.genuine();
    let longest = "7".repeat(256);
    let accept = |label, query: &str, challenge: &str| Case {
        label,
        request: queries.get(query),
        expected: Expected::Challenge(challenge.to_owned()),
    };
    [
        accept("genuine handshake", &genuine, CHALLENGE),
        accept(
            "names percent-encoded",
            &genuine.replace("hub.", "hub%2E"),
            CHALLENGE,
        ),
        accept(
            "parameters of the URL beside it",
            &format!("tenant=5&{genuine}&x"),
            CHALLENGE,
        ),
        accept(
            "a challenge of letters",
            &queries.challenging("aZ09-._~"),
            "aZ09-._~",
        ),
        accept(
            "a challenge of 256",
            &queries.challenging(&longest),
            &longest,
        ),
    ]
    .into()
}

fn parameters(queries: &Queries<'_>) -> Vec<Case> {
    let (genuine, token) = (queries.genuine(), &queries.token);
    let reject = |label, query: &str| queries.rejected(label, HandshakeMalformed, query);
    [
        Case::rejected(
            "GET without a query",
            HandshakeMalformed,
            Request::get(&queries.target.path),
        ),
        reject("an empty query", ""),
        reject("no token", "hub.mode=subscribe&hub.challenge=1158201444"),
        reject(
            "no challenge",
            &format!("hub.mode=subscribe&hub.verify_token={token}"),
        ),
        reject(
            "no mode",
            &format!("hub.challenge=1&hub.verify_token={token}"),
        ),
        reject("names with underscores", &genuine.replace("hub.", "hub_")),
        reject("names in capitals", &genuine.replace("hub.", "HUB.")),
        reject("semicolons for ampersands", &genuine.replace('&', ";")),
        reject(
            "token twice",
            &format!("{genuine}&hub.verify_token={token}"),
        ),
        reject(
            "a wrong token before the right one",
            &format!("hub.verify_token=x&{genuine}"),
        ),
        reject("mode twice", &format!("{genuine}&hub.mode=subscribe")),
        reject("challenge twice", &format!("{genuine}&hub.challenge=2")),
        reject(
            "a query of 8 KiB",
            &format!("{genuine}&x={}", "x".repeat(8_192)),
        ),
        Case::rejected(
            "POST of a handshake",
            SignatureMissing,
            queries.get(&genuine).method("POST").body(""),
        ),
    ]
    .into()
}

fn modes_and_tokens(queries: &Queries<'_>) -> Vec<Case> {
    let token = &queries.token;
    let secret = encode(queries.target.secret.expose_secret());
    let mode = |label, mode: &str| {
        queries.rejected(
            label,
            HandshakeRejected,
            &Queries::of(mode, CHALLENGE, token),
        )
    };
    let presented = |label, token: &str| {
        queries.rejected(
            label,
            HandshakeRejected,
            &Queries::of("subscribe", CHALLENGE, token),
        )
    };
    [
        mode("another mode", "unsubscribe"),
        mode("an empty mode", ""),
        mode("mode in capitals", "SUBSCRIBE"),
        presented("an empty token", ""),
        presented("another token", "open-sesame"),
        presented("a token that begins like ours", &format!("{token}x")),
        presented("our token but for its end", &{
            let mut shortened = queries.target.verify_token.expose_secret().to_owned();
            shortened.pop();
            encode(&shortened)
        }),
        presented("our token and a newline", &format!("{token}%0A")),
        presented("our token and a null byte", &format!("{token}%00")),
        presented("the app secret for a token", &secret),
        queries.rejected(
            "a token that is not UTF-8",
            HandshakeMalformed,
            &Queries::of("subscribe", CHALLENGE, "%FF%FE"),
        ),
    ]
    .into()
}

fn challenges(queries: &Queries<'_>) -> Vec<Case> {
    let reject = |label, challenge: &str| {
        queries.rejected(label, HandshakeMalformed, &queries.challenging(challenge))
    };
    [
        reject("an empty challenge", ""),
        reject("a challenge of 257", &"7".repeat(257)),
        reject(
            "a challenge that is a script",
            "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        ),
        reject(
            "a challenge with a header in it",
            "1%0D%0ASet-Cookie:%20a=b",
        ),
        reject("a challenge with a space", "1+2"),
        reject("a challenge that is not ASCII", "%C3%A9"),
        reject("a challenge that is not UTF-8", "%FF"),
    ]
    .into()
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
