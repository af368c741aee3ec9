//! The attack suite and bulk forgeries.

use std::{sync::Arc, time::Duration};

use hubseal::{
    VerifyToken,
    testing::{Case, Expected, Sending, Target, attack_suite, exchange},
};
use tokio::task::JoinSet;

use crate::{
    LIMIT, SMALL_BODY, Soak,
    client::{Connection, PATIENCE, delivery, forged_signature, head},
    genuine::body,
    pause,
    secrets::Ticket,
    server::{READ_DEADLINE, VERIFY_TOKEN},
};

const SIDE_BY_SIDE: usize = 4;

pub(crate) const RETIRED: &str = "forged: signed with a retired secret";
pub(crate) const RANDOM: &str = "forged: a random signature";
pub(crate) const UNSIGNED: &str = "forged: no signature";
pub(crate) const LARGE: &str = "forged: a random signature, larger than 16 KiB";

const GENUINE: &str = "attack suite: to be accepted";
const FORGED: &str = "attack suite: to be rejected as forged";
const OTHER: &str = "attack suite: to be rejected for another reason";

pub(crate) async fn forgeries(soak: Arc<Soak>) {
    let mut connection = None;
    while soak.goes_on() {
        let (kind, request) = match fastrand::u8(..16) {
            0 => (
                LARGE,
                with_signature(
                    &forged_signature(),
                    &body(fastrand::usize(SMALL_BODY + 1..=LIMIT / 4)),
                ),
            ),
            1..6 => (
                RETIRED,
                delivery(&soak.secrets.retired().app_secret, &body(700)),
            ),
            6..8 => (UNSIGNED, without_signature(&body(700))),
            _ => (
                RANDOM,
                with_signature(&forged_signature(), &body(fastrand::usize(..=SMALL_BODY))),
            ),
        };
        let open = connection.take().and_then(Connection::fresh);
        let opened = match open {
            Some(open) => Some(open),
            None => Connection::open(soak.server.address).await.ok(),
        };
        let Some(mut using) = opened else {
            soak.tally.count(kind, "no connection");
            pause(100..300).await;
            continue;
        };
        let allowed: &[&str] = if kind == LARGE {
            &["401", "503"]
        } else {
            &["401"]
        };
        let answer = using.ask([&request[..]], Duration::ZERO).await;
        soak.expect(kind, &using, &answer, allowed);
        // Half of them use a new connection. An unread body ends its connection.
        if kind != LARGE && kind != UNSIGNED && fastrand::bool() {
            connection = Some(using);
        }
        pause(20..120).await;
    }
}

fn with_signature(signature: &str, body: &[u8]) -> Vec<u8> {
    let mut request = head(&format!("content-length: {}", body.len()), signature);
    request.extend_from_slice(body);
    request
}

fn without_signature(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /webhook HTTP/1.1\r\nhost: soak\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Runs the whole attack suite repeatedly with the current secret.
pub(crate) async fn attack_suites(soak: Arc<Soak>) {
    while soak.goes_on() {
        let ticket = Arc::new(soak.secrets.current());
        let cases = cases(&ticket, soak.name);
        let (rejected, accepted) = cases
            .into_iter()
            .partition(|case| matches!(case.expected, Expected::Rejected(_)));
        send_all(&soak, accepted, Some(ticket)).await;
        // Rejections do not depend on the key ring, so these cases do not delay the retirement of a
        // secret.
        send_all(&soak, rejected, None).await;
        pause(1_000..3_000).await;
    }
}

fn cases(ticket: &Ticket, server: &str) -> Vec<Case> {
    let token = VerifyToken::new(VERIFY_TOKEN).expect("a valid token");
    let target = Target::new("/webhook", &ticket.secret.app_secret, &token);
    let mut cases = attack_suite(&target.read_deadline(READ_DEADLINE));
    // actix-web sends `100 Continue` before it calls any service.
    let asks = |case: &Case| case.request.sending == Sending::AfterContinue;
    let is_rejected = |case: &Case| matches!(case.expected, Expected::Rejected(_));
    cases.retain(|case| server != "actix" || !(asks(case) && is_rejected(case)));
    cases
}

async fn send_all(soak: &Arc<Soak>, cases: Vec<Case>, ticket: Option<Arc<Ticket>>) {
    let mut under_way = JoinSet::new();
    for case in cases {
        if !soak.goes_on() {
            break;
        }
        if under_way.len() >= SIDE_BY_SIDE {
            under_way.join_next().await;
        }
        let (soak, ticket) = (Arc::clone(soak), ticket.clone());
        under_way.spawn_blocking(move || send(&soak, &case, ticket.as_deref()));
    }
    under_way.join_all().await;
}

fn send(soak: &Soak, case: &Case, ticket: Option<&Ticket>) {
    let kind = match case.expected.status() {
        200 => GENUINE,
        401 => FORGED,
        _ => OTHER,
    };
    let answer = match exchange(soak.server.address, &case.request, PATIENCE) {
        Ok(answer) => answer,
        Err(error) => return soak.tally.wrong(kind, format!("{}: {error}", case.label)),
    };
    if answer.status == 503 && case.request.body.len() > SMALL_BODY {
        return soak.tally.count(kind, 503);
    }
    if let Err(wrong) = case.check(&answer) {
        return soak.tally.wrong(kind, wrong);
    }
    let said = String::from_utf8_lossy(&answer.body);
    match ticket.filter(|_| case.expected == Expected::Verified) {
        Some(ticket) if !soak.acknowledges(ticket, &said, case.request.body.len()) => {
            soak.tally
                .wrong(kind, format!("{}: 200 with {said}", case.label));
        }
        _ => soak.tally.count(kind, answer.status),
    }
}
