//! Published signatures.

use hubseal::{AppSecret, KeyRing, Scheme, Verifier};

use super::at;

fn verifier(scheme: Scheme, secret: AppSecret, time: u64) -> Verifier {
    let ring = KeyRing::from(secret).with_clock(move || at(time));
    Verifier::new(ring).with_scheme(scheme)
}

/// Checks that both directions agree with the vector, and that another body does not.
fn check(verifier: &Verifier, id: &str, time: u64, body: &str, headers: &[(&str, &str)]) {
    let signed = verifier.sign_headers(id, time, body).unwrap();
    let signed: Vec<_> = signed
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    assert_eq!(signed, headers);
    assert_eq!(
        verifier.verify_headers(headers, body).unwrap().into_inner(),
        body
    );
    assert!(
        verifier
            .verify_headers(headers, &*format!("{body} "))
            .is_err()
    );
}

/// Slack, *Verifying requests from Slack*.
#[test]
fn verifies_slack_documentation_example() {
    let secret = AppSecret::new("8f742231b10e8888abcd99yyyzzz85a5").unwrap();
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
                &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner\
                &command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com\
                %2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
                &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    check(
        &verifier(Scheme::SLACK, secret, 1_531_420_618),
        "",
        1_531_420_618,
        body,
        &[
            ("x-slack-signature", signature),
            ("x-slack-request-timestamp", "1531420618"),
        ],
    );
}

/// The tests of svix-webhooks, with the headers of both schemes.
#[test]
fn verifies_svix_test_vector() {
    let headers = |names: [&'static str; 3]| {
        let [signature, id, timestamp] = names;
        [
            (signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="),
            (id, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"),
            (timestamp, "1649367553"),
        ]
    };
    for (scheme, names) in [
        (
            Scheme::SVIX,
            ["svix-signature", "svix-id", "svix-timestamp"],
        ),
        (
            Scheme::STANDARD_WEBHOOKS,
            ["webhook-signature", "webhook-id", "webhook-timestamp"],
        ),
    ] {
        for text in [
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        ] {
            let secret = AppSecret::new(text).unwrap().decode_whsec().unwrap();
            check(
                &verifier(scheme, secret, 1_649_367_553),
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                1_649_367_553,
                r#"{"email":"test@example.com","username":"test_user"}"#,
                &headers(names),
            );
        }
    }
}

/// The signature in the specification of Standard Webhooks 1.0.0 is of this form.
#[test]
fn parses_standard_webhooks_signature_of_specification() {
    let secret = AppSecret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
    let verifier = verifier(
        Scheme::STANDARD_WEBHOOKS,
        secret.decode_whsec().unwrap(),
        1_674_087_231,
    );
    let headers = [
        ("webhook-id", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"),
        ("webhook-timestamp", "1674087231"),
        (
            "webhook-signature",
            "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        ),
    ];
    assert!(verifier.begin_headers(&headers).is_ok());
}

/// GitHub's documented tag, in base64: Shopify signs the same message.
#[test]
fn verifies_shopify_signature() {
    let secret = AppSecret::new("It's a Secret to Everybody").unwrap();
    check(
        &verifier(Scheme::SHOPIFY, secret, 0),
        "",
        0,
        "Hello, World!",
        &[(
            "x-shopify-hmac-sha256",
            "dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=",
        )],
    );
}

/// `printf %s '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_secret_of_stripe`
#[test]
fn verifies_stripe_signature_of_openssl() {
    let secret = AppSecret::new("whsec_test_secret_of_stripe").unwrap();
    check(
        &verifier(Scheme::STRIPE, secret, 1_700_000_300),
        "",
        1_700_000_000,
        r#"{"id":"evt_1"}"#,
        &[(
            "stripe-signature",
            "t=1700000000,v1=8fc4dd0995fa90cb76a058e24411c4e5ae580fb773ecfafdb4337a04e58587c7",
        )],
    );
}
