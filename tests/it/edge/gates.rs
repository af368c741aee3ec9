//! The gates of an endpoint, without an adapter.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use hubseal::{
    ConfigError, End, Endpoint, EndpointBuilder, Outcome, PayloadLimit, Rejection, RejectionKind,
    RequestHead,
    edge::{AllowList, ClientAddress, FailureLimit},
};
use tracing::Level;

use crate::{
    common::{TOKEN, endpoint, kind},
    events::{assert_line, log_of},
};

const PEER: &str = "192.0.2.7";

fn peer() -> IpAddr {
    PEER.parse().unwrap()
}

fn build(configure: impl FnOnce(EndpointBuilder) -> EndpointBuilder) -> Endpoint {
    configure(endpoint()).build().unwrap()
}

fn limited(failures: u16) -> Endpoint {
    build(|builder| builder.failure_limit(FailureLimit::per_minute(failures)))
}

/// Sends a genuine delivery with more headers.
fn deliver(
    endpoint: &Endpoint,
    peer: Option<IpAddr>,
    more: &[(&str, &str)],
) -> Result<(), Rejection> {
    let signature = endpoint.verifier().sign("{}").to_string();
    let mut headers = vec![("x-hub-signature-256", &*signature)];
    headers.extend_from_slice(more);
    let mut head = RequestHead::new("POST", headers.as_slice());
    if let Some(peer) = peer {
        head = head.peer(peer);
    }
    endpoint.receive(&head)?.finish_with("{}").map(drop)
}

/// A slow machine may have waited for some of the seconds already.
#[track_caller]
fn assert_retry_after(rejection: &Rejection, seconds: u64) {
    let reply = rejection.reply();
    let mut headers = reply.headers();
    let wait = headers.find(|(name, _)| *name == "retry-after").unwrap().1;
    let wait: u64 = wait.parse().unwrap();
    assert!((seconds - 5..=seconds).contains(&wait), "{wait}");
}

#[test]
fn gate_without_peer_is_not_configured() {
    let list = || AllowList::parse(PEER).unwrap();
    let limit = || FailureLimit::per_minute(5);
    let not_configured = Some(RejectionKind::NotConfigured);
    for endpoint in [
        build(|builder| builder.allow_list(list())),
        build(|builder| builder.allow_list(list().report_only())),
        build(|builder| builder.failure_limit(limit())),
        build(|builder| {
            let proxies = ClientAddress::behind_proxies("10.0.0.0/8").unwrap();
            builder.failure_limit(limit()).client_address(proxies)
        }),
    ] {
        let behind = [("x-forwarded-for", PEER)];
        assert_eq!(kind(deliver(&endpoint, None, &behind)), not_configured);
        assert_eq!(
            kind(endpoint.handshake("hub.mode=subscribe")),
            not_configured
        );
    }
    // Without a gate, the source is unknown, and no more.
    let endpoint = build(|builder| {
        builder.client_address(ClientAddress::behind_proxies("10.0.0.0/8").unwrap())
    });
    assert_eq!(kind(deliver(&endpoint, None, &[])), None);
}

#[test]
fn gates_come_before_every_other_check() {
    let endpoint = build(|builder| {
        builder
            .allow_list(AllowList::parse("198.51.100.0/24").unwrap())
            .failure_limit(FailureLimit::per_minute(1))
    });
    let none: [(&str, &str); 0] = [];
    for method in ["GET", "POST", "PUT"] {
        let head = RequestHead::new(method, &none).peer(peer());
        assert_eq!(
            kind(endpoint.admit(&head)),
            Some(RejectionKind::SourceNotAllowed)
        );
    }
    // Rejected by the list, so not counted by the limit.
    let listed: IpAddr = [198, 51, 100, 1].into();
    let unsigned = RequestHead::new("POST", &none).peer(listed);
    let missing = Some(RejectionKind::SignatureMissing);
    assert_eq!(kind(endpoint.admit(&unsigned)), missing);
    for method in ["GET", "POST", "PUT"] {
        let head = RequestHead::new(method, &none).peer(listed);
        let too_many = Some(RejectionKind::TooManyFailures);
        assert_eq!(kind(endpoint.admit(&head)), too_many);
    }
}

#[test]
fn unknown_client_fails_closed() {
    let proxies = || ClientAddress::behind_proxies("192.0.2.0/24").unwrap();
    let unknown = Some(RejectionKind::SourceUnknown);
    let everyone = || AllowList::parse("0.0.0.0/1\n128.0.0.0/1\n").unwrap();
    let enforced = build(|builder| builder.client_address(proxies()).allow_list(everyone()));
    let limited = build(|builder| {
        builder
            .client_address(proxies())
            .failure_limit(FailureLimit::per_minute(9))
    });
    let reported = build(|builder| {
        builder
            .client_address(proxies())
            .allow_list(everyone().report_only())
    });
    for hops in ["", "unknown", "198.51.100.1, nonsense", "192.0.2.9"] {
        let headers = [("x-forwarded-for", hops)];
        assert_eq!(
            kind(deliver(&enforced, Some(peer()), &headers)),
            unknown,
            "{hops}"
        );
        assert_eq!(
            kind(deliver(&limited, Some(peer()), &headers)),
            unknown,
            "{hops}"
        );
        assert_eq!(
            kind(deliver(&reported, Some(peer()), &headers)),
            None,
            "{hops}"
        );
    }
    assert_eq!(kind(deliver(&enforced, Some(peer()), &[])), unknown);
}

#[test]
fn mapped_peer_counts_as_ipv4() {
    let endpoint = build(|builder| builder.allow_list(AllowList::parse(PEER).unwrap()));
    let mapped = "::ffff:192.0.2.7".parse().unwrap();
    assert_eq!(kind(deliver(&endpoint, Some(mapped), &[])), None);
}

#[test]
fn allow_list_past_its_age_is_a_warning() {
    let log_of_delivery = |max_age| {
        let list = AllowList::parse(PEER).unwrap().with_max_age(max_age);
        let endpoint = build(|builder| builder.allow_list(list));
        thread::sleep(Duration::from_millis(5));
        log_of(Level::WARN, || {
            assert_eq!(kind(deliver(&endpoint, Some(peer()), &[])), None);
        })
    };
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(log_of_delivery(day).is_empty());
    assert_line(
        &log_of_delivery(Duration::ZERO),
        "WARN hubseal: the allow-list is 0 days old",
        &["replace it"],
    );
}

/// Each mistake of a sender, and the kind of its rejection.
fn fail(endpoint: &Endpoint, mistake: RejectionKind) -> Result<(), Rejection> {
    let genuine = endpoint.verifier().sign("{}").to_string();
    let signature = ("x-hub-signature-256", &*genuine);
    let receive = |headers: &[(&str, &str)]| {
        endpoint.receive(&RequestHead::new("POST", headers).peer(peer()))
    };
    let get = |query: &str| {
        let none: [(&str, &str); 0] = [];
        endpoint.admit(&RequestHead::new("GET", &none).query(query).peer(peer()))
    };
    match mistake {
        RejectionKind::SignatureMissing => receive(&[]).map(drop),
        RejectionKind::SignatureRepeated => receive(&[signature, signature]).map(drop),
        RejectionKind::SignatureMalformed => receive(&[(signature.0, "sha1=")]).map(drop),
        RejectionKind::SignatureMismatch => receive(&[signature])?.finish_with("[]").map(drop),
        RejectionKind::HandshakeMalformed => get("hub.mode=subscribe").map(drop),
        RejectionKind::HandshakeRejected => {
            get("hub.mode=subscribe&hub.challenge=7&hub.verify_token=unknown").map(drop)
        }
        RejectionKind::LengthMismatch => receive(&[signature, ("content-length", "two")]).map(drop),
        RejectionKind::BodyUnreadable => {
            Err(receive(&[signature])?.body_failed(std::io::Error::other("reset")))
        }
        RejectionKind::MethodNotAllowed => {
            let none: [(&str, &str); 0] = [];
            endpoint
                .receive(&RequestHead::new("PUT", &none).peer(peer()))
                .map(drop)
        }
        RejectionKind::DeadlinePassed => Err(receive(&[signature])?.deadline_passed()),
        RejectionKind::PayloadTooLarge => {
            receive(&[signature, ("content-length", "1000")]).map(drop)
        }
        RejectionKind::ContentEncoded => {
            receive(&[signature, ("content-encoding", "gzip")]).map(drop)
        }
        other => panic!("{other:?} is no mistake of a sender"),
    }
}

#[test]
fn every_mistake_of_a_sender_is_counted_once() {
    for mistake in [
        RejectionKind::SignatureMissing,
        RejectionKind::SignatureRepeated,
        RejectionKind::SignatureMalformed,
        RejectionKind::SignatureMismatch,
        RejectionKind::LengthMismatch,
        RejectionKind::BodyUnreadable,
        RejectionKind::DeadlinePassed,
        RejectionKind::PayloadTooLarge,
        RejectionKind::ContentEncoded,
    ] {
        let endpoint = build(|builder| {
            builder
                .payload_limit(PayloadLimit::new(700))
                .failure_limit(FailureLimit::per_minute(2))
        });
        for _ in 0..2 {
            assert_eq!(kind(fail(&endpoint, mistake)), Some(mistake));
        }
        let rejection = fail(&endpoint, mistake).unwrap_err();
        assert_eq!(
            rejection.kind(),
            RejectionKind::TooManyFailures,
            "{mistake:?}"
        );
        assert_eq!(rejection.status(), 429);
        assert_retry_after(&rejection, 30);
    }
}

/// Others can make the platform's servers send such requests, for example by an app with our URL.
#[test]
fn other_requests_than_deliveries_are_never_counted() {
    let endpoint = limited(1);
    for mistake in [
        RejectionKind::HandshakeMalformed,
        RejectionKind::HandshakeRejected,
        RejectionKind::MethodNotAllowed,
    ] {
        for _ in 0..10 {
            assert_eq!(kind(fail(&endpoint, mistake)), Some(mistake));
        }
    }
    deliver(&endpoint, Some(peer()), &[]).unwrap();
}

#[test]
fn failures_in_progress_lengthen_the_wait() {
    let endpoint = limited(2);
    let signature = endpoint.verifier().sign("{}").to_string();
    let headers = [("x-hub-signature-256", &*signature)];
    let head = || RequestHead::new("POST", &headers).peer(peer());
    let stalled: Vec<_> = (0..5).map(|_| endpoint.receive(&head()).unwrap()).collect();
    for verifier in stalled {
        assert_eq!(
            verifier.deadline_passed().kind(),
            RejectionKind::DeadlinePassed
        );
    }
    let rejection = endpoint.receive(&head()).err().unwrap();
    // Four of five failures must be forgiven, one in each 30 seconds.
    assert_retry_after(&rejection, 120);
}

#[test]
fn slow_body_that_finds_the_budget_full_is_counted() {
    use hubseal::MemoryBudget;
    let endpoint = build(|builder| {
        builder
            .payload_limit(PayloadLimit::new(100_000))
            .memory_budget(MemoryBudget::new(200_000))
            .failure_limit(FailureLimit::per_minute(1))
    });
    let signature = endpoint.verifier().sign("{}").to_string();
    let headers = [("x-hub-signature-256", &*signature)];
    let receive = |peer: IpAddr| endpoint.receive(&RequestHead::new("POST", &headers).peer(peer));
    let exhausted = Some(RejectionKind::BudgetExhausted);
    let other: IpAddr = [198, 51, 100, 1].into();

    let mut slow = receive(peer()).unwrap();
    slow.push(vec![0; 20_000]).unwrap();
    let mut held = Vec::new();
    let full = loop {
        let mut quick = receive(other).unwrap();
        match quick.push(vec![0; 20_000]) {
            Ok(()) => held.push(quick),
            Err(full) => break full,
        }
    };
    assert_eq!(Some(full.kind()), exhausted);
    receive(other).unwrap().finish_with("{}").unwrap();

    thread::sleep(Duration::from_millis(1_050));
    let full = (0..10).find_map(|_| slow.push(vec![0; 8_000]).err());
    assert_eq!(full.map(|full| full.kind()), exhausted);
    drop(held);
    assert_eq!(kind(receive(peer())), Some(RejectionKind::TooManyFailures));
}

#[test]
fn abandoned_requests_are_counted() {
    let endpoint = limited(1);
    let signature = endpoint.verifier().sign("{}").to_string();
    let headers = [("x-hub-signature-256", &*signature)];
    let head = RequestHead::new("POST", &headers).peer(peer());
    drop(endpoint.receive(&head).unwrap());
    assert_eq!(
        kind(endpoint.receive(&head)),
        Some(RejectionKind::TooManyFailures)
    );
}

#[test]
fn verified_deliveries_and_handshakes_are_never_counted() {
    let endpoint = limited(1);
    let token = TOKEN.replace('+', "%2B").replace(' ', "+");
    let query = format!("hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}");
    let none: [(&str, &str); 0] = [];
    for _ in 0..100 {
        deliver(&endpoint, Some(peer()), &[]).unwrap();
        let head = RequestHead::new("GET", &none).query(&query).peer(peer());
        endpoint.admit(&head).unwrap();
    }
}

#[test]
fn full_memory_budget_is_no_failure_of_the_sender() {
    use hubseal::MemoryBudget;
    let budget = MemoryBudget::new(2_000);
    let endpoint = build(|builder| {
        builder
            .payload_limit(PayloadLimit::new(1_000))
            .memory_budget(budget)
            .failure_limit(FailureLimit::per_minute(1))
    });
    let signature = endpoint.verifier().sign([0; 900]).to_string();
    let headers = [
        ("x-hub-signature-256", &*signature),
        ("content-length", "900"),
    ];
    let head = RequestHead::new("POST", &headers).peer(peer());
    let mut verifiers: Vec<_> = (0..10).map(|_| endpoint.receive(&head).unwrap()).collect();
    let pushed = verifiers
        .iter_mut()
        .map(|verifier| verifier.push(vec![0; 899]));
    let exhausted = Some(RejectionKind::BudgetExhausted);
    let exhausted = pushed
        .filter(|pushed| kind(pushed.clone()) == exhausted)
        .count();
    assert!(exhausted > 0);
    endpoint
        .receive(&head)
        .unwrap()
        .finish_with(vec![0; 900])
        .unwrap();
}

#[test]
fn outcomes_have_the_address_of_the_client() {
    let sources = Arc::<Mutex<Vec<Option<IpAddr>>>>::default();
    let record = Arc::clone(&sources);
    let endpoint = build(|builder| {
        builder
            .client_address(ClientAddress::behind_proxies(PEER).unwrap())
            .add_observer(move |outcome: &Outcome<'_>| {
                assert!(matches!(outcome.end(), End::Verified { .. }));
                record.lock().unwrap().push(outcome.source());
            })
    });
    let headers = [("x-forwarded-for", "203.0.113.5")];
    deliver(&endpoint, Some(peer()), &headers).unwrap();
    // Not a trusted proxy, so its header does not count.
    let direct: IpAddr = [198, 51, 100, 1].into();
    deliver(&endpoint, Some(direct), &headers).unwrap();
    deliver(&endpoint, Some(peer()), &[]).unwrap();
    let client: IpAddr = [203, 0, 113, 5].into();
    assert_eq!(*sources.lock().unwrap(), [Some(client), Some(direct), None]);
}

#[test]
fn refuses_limit_of_zero() {
    let refused = endpoint()
        .failure_limit(FailureLimit::per_minute(0))
        .build();
    assert_eq!(refused.err(), Some(ConfigError::FailureLimitIsZero));
}
