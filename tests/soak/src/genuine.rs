//! Genuine deliveries, sent again as the platform does.
//!
//! Every one whose connection could be opened must be answered 200 the first time, with the name of the
//! key and the size, whatever else goes on. One of more than 64 KiB may be told to come again while the
//! budget is used up.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hubseal::testing::sample;

use crate::{
    FREE, LIMIT, Soak,
    client::{Connection, chunked_delivery, delivery},
    secrets::Ticket,
};

pub(crate) const SMALL: &str = "genuine, at most 64 KiB";
pub(crate) const LARGE: &str = "genuine, larger";
const AGAIN: &str = "no connection: sent again";
const BUDGET: &str = "503: sent again";

/// How often a delivery is sent before it counts as lost.
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
            1 => FREE,
            2 | 3 => fastrand::usize(..=FREE),
            4..10 => fastrand::usize(..8 * 1024),
            _ => 700,
        };
        deliver(&soak, SMALL, &mut connection, &ticket, &body(size)).await;
        if fastrand::u8(..3) == 0 {
            connection = None;
        }
        soak.pause(30..150).await;
    }
}

pub(crate) async fn large(soak: Arc<Soak>) {
    let mut connection = None;
    while soak.goes_on() {
        let most = if fastrand::u8(..4) == 0 {
            LIMIT
        } else {
            4 * FREE
        };
        let size = fastrand::usize(FREE + 1..=most);
        let ticket = soak.secrets.current();
        deliver(&soak, LARGE, &mut connection, &ticket, &body(size)).await;
        soak.pause(200..600).await;
    }
}

/// A body of so many bytes, none like another.
pub(crate) fn body(size: usize) -> Vec<u8> {
    if size == 700 {
        return sample::of_size(size).to_vec();
    }
    let mut body = vec![b' '; size];
    for (byte, digit) in body
        .iter_mut()
        .zip(format!("{{{}", fastrand::u128(..)).into_bytes())
    {
        *byte = digit;
    }
    body
}

async fn deliver(
    soak: &Soak,
    kind: &'static str,
    connection: &mut Option<Connection>,
    ticket: &Ticket,
    body: &[u8],
) {
    let secret = &ticket.secret.app_secret;
    let (request, piece) = match fastrand::u8(..4) {
        0 => (
            chunked_delivery(secret, body, fastrand::usize(500..20_000)),
            usize::MAX,
        ),
        1 => (
            delivery(secret, body),
            body.len() / fastrand::usize(1..40) + 300,
        ),
        _ => (delivery(secret, body), usize::MAX),
    };
    for _ in 0..ATTEMPTS {
        let began = Instant::now();
        let was_open = connection.is_some();
        let mut using = match connection.take() {
            Some(open) => open,
            None => match Connection::open(soak.server.address).await {
                Ok(open) => open,
                Err(_) => {
                    soak.tally.count(kind, AGAIN);
                    soak.pause(100..300).await;
                    continue;
                }
            },
        };
        let pieces = request.chunks(piece.min(request.len()));
        match using.ask(pieces, Duration::from_millis(5)).await {
            Ok(answer) if answer.status == 200 => {
                let took = began.elapsed();
                if !soak.acknowledges(ticket, &answer.body, body.len()) {
                    soak.tally.wrong(kind, format!("200 with {}", answer.body));
                    return;
                }
                soak.tally.count(kind, 200);
                if kind == SMALL {
                    let mut counts = soak.tally.lock();
                    let times = if was_open {
                        &mut counts.on_open
                    } else {
                        &mut counts.with_opening
                    };
                    times.push(took);
                }
                *connection = Some(using);
                return;
            }
            Ok(answer) if answer.status == 503 && answer.retry_after && body.len() > FREE => {
                soak.tally.count(kind, BUDGET);
                soak.pause(300..700).await;
            }
            Ok(answer) => {
                let outcome = format!("{}, of {} bytes", answer.status, body.len());
                return soak.tally.wrong(kind, outcome);
            }
            Err(silence) => {
                let reused = if was_open { "an open" } else { "a new" };
                let outcome = format!("{silence:?} on {reused} connection, {} bytes", body.len());
                return soak.tally.wrong(kind, outcome);
            }
        }
    }
    soak.tally.wrong(kind, "lost");
}
