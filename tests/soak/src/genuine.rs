//! Genuine deliveries, which are sent again like the platform does.
//!
//! Every delivery must be answered 200 at the first attempt, with the key name and the size. There
//! are three exceptions, which must be answered 200 in the end:
//!
//! - The connection could not be opened.
//! - The body has more than 16 KiB and the budget is exhausted.
//! - The client was too slow on a busy machine, or its idle connection was closed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hubseal::testing::sample;

use crate::{
    IDLE, LIMIT, SMALL_BODY, Soak, TOO_SLOW,
    client::{Connection, Silence, chunked_delivery, delivery},
    pause,
    secrets::Ticket,
};

pub(crate) const SMALL: &str = "genuine, at most 16 KiB";
pub(crate) const LARGE: &str = "genuine, larger";
const AGAIN: &str = "no connection: sent again";
const BUDGET: &str = "503: sent again";

/// Attempts before a delivery counts as lost.
const ATTEMPTS: usize = 40;

pub(crate) async fn small(soak: Arc<Soak>) {
    let mut connection = None;
    while soak.goes_on() {
        let previous = if fastrand::u8(..4) == 0 {
            soak.secrets.previous()
        } else {
            None
        };
        let ticket = previous.unwrap_or_else(|| soak.secrets.current());
        let size = match fastrand::u8(..20) {
            0 => 0,
            1 => SMALL_BODY,
            2 | 3 => fastrand::usize(..=SMALL_BODY),
            4..10 => fastrand::usize(..8 * 1024),
            _ => 700,
        };
        deliver(&soak, SMALL, &mut connection, &ticket, &body(size)).await;
        if fastrand::u8(..3) == 0 {
            connection = None;
        }
        pause(30..150).await;
    }
}

pub(crate) async fn large(soak: Arc<Soak>) {
    let mut connection = None;
    while soak.goes_on() {
        let most = if fastrand::u8(..4) == 0 {
            LIMIT
        } else {
            4 * SMALL_BODY
        };
        let size = fastrand::usize(SMALL_BODY + 1..=most);
        let ticket = soak.secrets.current();
        deliver(&soak, LARGE, &mut connection, &ticket, &body(size)).await;
        pause(200..600).await;
    }
}

/// Returns a body of this size with unique content.
pub(crate) fn body(size: usize) -> Vec<u8> {
    if size == 700 {
        return sample::of_size(size).to_vec();
    }
    let mut body = vec![b' '; size];
    let number = format!("{{{}", fastrand::u128(..)).into_bytes();
    for (byte, digit) in body.iter_mut().zip(number) {
        *byte = digit;
    }
    body
}

/// Delivers a body of this size. A rejection with 503 is allowed if the body does not fit the free
/// part of the budget.
pub(crate) async fn deliver_once(soak: &Soak, connection: &mut Option<Connection>, size: usize) {
    let ticket = soak.secrets.current();
    let kind = if size > SMALL_BODY { LARGE } else { SMALL };
    let request = Request::of(&ticket, &body(size));
    attempt(soak, kind, connection, &ticket, &request).await;
}

async fn deliver(
    soak: &Soak,
    kind: &'static str,
    connection: &mut Option<Connection>,
    ticket: &Ticket,
    body: &[u8],
) {
    let request = Request::of(ticket, body);
    for _ in 0..ATTEMPTS {
        if !attempt(soak, kind, connection, ticket, &request).await {
            return;
        }
        pause(200..600).await;
    }
    soak.tally.wrong(kind, "lost");
}

/// An encoded delivery.
struct Request {
    bytes: Vec<u8>,
    chunk_size: usize,
    size: usize,
}

impl Request {
    fn of(ticket: &Ticket, body: &[u8]) -> Self {
        let secret = &ticket.secret.app_secret;
        let chunk_size = body.len() / fastrand::usize(1..40) + 300;
        let (bytes, chunk_size) = match fastrand::u8(..4) {
            0 => (chunked_delivery(secret, body, chunk_size), usize::MAX),
            1 => (delivery(secret, body), chunk_size),
            _ => (delivery(secret, body), usize::MAX),
        };
        Self {
            chunk_size: chunk_size.min(bytes.len()),
            bytes,
            size: body.len(),
        }
    }
}

/// Makes one attempt and returns whether another is needed.
async fn attempt(
    soak: &Soak,
    kind: &'static str,
    connection: &mut Option<Connection>,
    ticket: &Ticket,
    request: &Request,
) -> bool {
    let (began, size) = (Instant::now(), request.size);
    let open = connection.take().and_then(Connection::fresh);
    let was_open = open.is_some();
    let opened = match open {
        Some(open) => Ok(open),
        None => Connection::open(soak.server.address).await,
    };
    let Ok(mut using) = opened else {
        soak.tally.count(kind, AGAIN);
        return true;
    };
    let chunks = request.bytes.chunks(request.chunk_size);
    match using.ask(chunks, Duration::from_millis(5)).await {
        Ok(answer) if answer.status == 200 && soak.acknowledges(ticket, &answer.body, size) => {
            soak.tally.count(kind, 200);
            if kind == SMALL {
                soak.tally.took(began.elapsed(), was_open);
            }
            *connection = Some(using);
        }
        Ok(answer) if answer.status == 503 && answer.retry_after && size > SMALL_BODY => {
            soak.tally.count(kind, BUDGET);
            return true;
        }
        Ok(answer) if answer.status == 408 && using.took_the_deadline() => {
            soak.tally.count(kind, TOO_SLOW);
            return true;
        }
        Ok(answer) => {
            let outcome = format!("{} {}, of {size} bytes", answer.status, answer.body);
            soak.tally.wrong(kind, outcome);
        }
        Err(Silence::Closed) if using.was_idle() => {
            soak.tally.count(kind, IDLE);
            return true;
        }
        Err(silence) => {
            let which = if was_open { "an open" } else { "a new" };
            let outcome = format!("{silence:?} on {which} connection, {size} bytes");
            soak.tally.wrong(kind, outcome);
        }
    }
    false
}
