//! Misbehaving clients and failing handlers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hubseal::MemoryBudget;
use tokio::{io::AsyncWriteExt, task::JoinSet, time::sleep};

use crate::{
    LIMIT, SMALL_BODY, Soak,
    client::{Answer, Connection, Silence, delivery, forged_signature, head},
    genuine::{self, body},
    pause,
    server::{ACCESS_TOKEN, DESCRIPTORS},
};

pub(crate) const RESET_HEAD: &str = "reset within the head";
pub(crate) const RESET_BODY: &str = "reset within the body";
pub(crate) const RESET_ANSWER: &str = "reset before the response is read";
pub(crate) const HALF_CLOSED: &str = "half-closed after a complete delivery";
pub(crate) const HALF_CLOSED_BODY: &str = "half-closed within the body";
pub(crate) const DRIBBLED: &str = "dribbled past the deadline";
pub(crate) const SQUEEZED: &str = "stalled until the deadline, 12 of 4 MiB at a time";
pub(crate) const FLOODED: &str = "idle connections, more than descriptors";
pub(crate) const PANICKED: &str = "handler panics";
pub(crate) const HUNG: &str = "handler hangs, client waits";
pub(crate) const LEFT: &str = "handler hangs, client leaves";
pub(crate) const SENT: &str = "sent";
pub(crate) const CLOSED: &str = "closed";

/// How many bodies of the payload limit fit the shared half of the budget.
const AT_ONCE: usize = MemoryBudget::DEFAULT_BYTES / 2 / LIMIT;

/// Four bodies more than fit.
const UPLOADS: usize = AT_ONCE + 4;

/// How long a hanging handler sleeps.
const HANG: Duration = Duration::from_secs(3);

/// Clients that vanish.
pub(crate) async fn resets(soak: Arc<Soak>) {
    while soak.goes_on() {
        let Some(mut connection) = soak.connect().await else {
            continue;
        };
        let ticket = soak.secrets.current();
        let whole = delivery(
            &ticket.secret.app_secret,
            &body(fastrand::usize(1..=4 * SMALL_BODY)),
        );
        let start = whole
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .map_or(0, |at| at + 4);
        let (kind, until) = match fastrand::u8(..3) {
            0 => (RESET_HEAD, fastrand::usize(1..start)),
            1 => (RESET_BODY, fastrand::usize(start..whole.len())),
            _ => (RESET_ANSWER, whole.len()),
        };
        connection.send(&whole[..until]).await;
        pause(0..30).await;
        connection.reset();
        soak.tally.count(kind, SENT);
        pause(50..200).await;
    }
}

/// Clients that close their sending side.
pub(crate) async fn half_closed(soak: Arc<Soak>) {
    while soak.goes_on() {
        let Some(mut connection) = soak.connect().await else {
            continue;
        };
        let ticket = soak.secrets.current();
        let whole = delivery(
            &ticket.secret.app_secret,
            &body(fastrand::usize(1..=SMALL_BODY)),
        );
        let (kind, until, allowed) = if fastrand::bool() {
            // `axum::serve` closes a connection that is half-closed before the response.
            let allowed = if soak.name == "axum" {
                &["200", CLOSED][..]
            } else {
                &["200"]
            };
            (HALF_CLOSED, whole.len(), allowed)
        } else {
            (HALF_CLOSED_BODY, whole.len() - 1, &["400"][..])
        };
        connection.send(&whole[..until]).await;
        let _ = connection.stream.shutdown().await;
        let answer = connection.answer().await;
        soak.expect(kind, &connection, &answer, allowed);
        pause(50..200).await;
    }
}

/// Bodies that arrive byte by byte and never end.
pub(crate) async fn dribbles(soak: Arc<Soak>) {
    while soak.goes_on() {
        let Some(mut connection) = soak.connect().await else {
            continue;
        };
        connection
            .send(&head(
                &format!("content-length: {LIMIT}"),
                &forged_signature(),
            ))
            .await;
        let chunk = body(fastrand::usize(1..1_000));
        let chunks = std::iter::repeat_n(&chunk[..], LIMIT / chunk.len());
        let answer = connection
            .ask(chunks, Duration::from_millis(fastrand::u64(10..60)))
            .await;
        soak.expect(DRIBBLED, &connection, &answer, &["408", "503"]);
    }
}

/// Regularly exhausts the budget with uploads that stall until the deadline. Meanwhile, sends
/// genuine deliveries smaller and larger than the free part.
pub(crate) async fn squeezes(soak: Arc<Soak>) {
    let held: Arc<[u8]> = body(LIMIT - 1).into();
    let mut connections = [None, None];
    while soak.goes_on() {
        pause(2_000..6_000).await;
        let mut uploads = JoinSet::new();
        for _ in 0..UPLOADS {
            uploads.spawn(squeeze(Arc::clone(&soak), Arc::clone(&held)));
        }
        while !uploads.is_empty() {
            for (connection, size) in connections.iter_mut().zip([SMALL_BODY, SMALL_BODY + 1]) {
                genuine::deliver_once(&soak, connection, size).await;
            }
            pause(20..60).await;
            while uploads.try_join_next().is_some() {}
        }
    }
}

async fn squeeze(soak: Arc<Soak>, held: Arc<[u8]>) {
    let Ok(mut connection) = Connection::open(soak.server.address).await else {
        return;
    };
    let head = head(&format!("content-length: {LIMIT}"), &forged_signature());
    let answer = connection.ask([&head[..], &held[..]], Duration::ZERO).await;
    soak.expect(SQUEEZED, &connection, &answer, &["408", "503"]);
}

/// Regularly opens more connections than the server has file descriptors.
pub(crate) async fn floods(soak: Arc<Soak>) {
    while soak.goes_on() {
        pause(3_000..9_000).await;
        let mut connections = Vec::new();
        for _ in 0..DESCRIPTORS + 20 {
            if let Ok(mut connection) = Connection::open(soak.server.address).await {
                if fastrand::bool() {
                    connection.send(b"POST /webhook HTTP/1.1\r\nhost:").await;
                }
                connections.push(connection);
                soak.tally.count(FLOODED, SENT);
            }
        }
        pause(500..1_500).await;
        if fastrand::bool() {
            connections.into_iter().for_each(Connection::reset);
        }
    }
}

pub(crate) async fn panics(soak: Arc<Soak>) {
    while soak.goes_on() {
        let Some(mut connection) = soak.connect().await else {
            continue;
        };
        let ticket = soak.secrets.current();
        let secret = &ticket.secret.text;
        let body = format!("panic with {secret} and access_token={ACCESS_TOKEN}");
        let request = delivery(&ticket.secret.app_secret, body.as_bytes());
        let answer = connection.ask([&request[..]], Duration::ZERO).await;
        soak.expect(PANICKED, &connection, &answer, &[CLOSED, "500"]);
        pause(200..800).await;
    }
}

pub(crate) async fn hangs(soak: Arc<Soak>) {
    while soak.goes_on() {
        let Some(mut connection) = soak.connect().await else {
            continue;
        };
        let ticket = soak.secrets.current();
        let mut body = body(fastrand::usize(8..LIMIT / 4));
        body[..4].copy_from_slice(b"hang");
        let request = delivery(&ticket.secret.app_secret, &body);
        let began = Instant::now();
        if fastrand::bool() {
            connection.send(&request).await;
            pause(0..1_000).await;
            if fastrand::bool() {
                connection.reset();
            }
            soak.tally.count(LEFT, SENT);
            continue;
        }
        match connection.ask([&request[..]], Duration::ZERO).await {
            Ok(Answer {
                status: 200,
                body: said,
                ..
            }) if began.elapsed() >= HANG && soak.acknowledges(&ticket, &said, body.len()) => {
                soak.tally.count(HUNG, 200);
            }
            // The budget was exhausted at that moment.
            Ok(Answer { status: 503, .. }) if body.len() > SMALL_BODY => {
                soak.tally.count(HUNG, 503)
            }
            answer => soak.expect(HUNG, &connection, &answer, &[]),
        }
    }
}

/// Checks that the whole shared half of the budget is free. Eight bodies of the payload limit fill
/// it exactly, a ninth is rejected, and then all eight are verified.
pub(crate) async fn whole_budget(soak: &Arc<Soak>) -> Result<(), String> {
    let ticket = soak.secrets.current();
    let request = Arc::new(delivery(&ticket.secret.app_secret, &body(LIMIT)));
    let last = request.len() - 1;
    let mut uploads = Vec::new();
    for _ in 0..AT_ONCE {
        let mut connection = Connection::open(soak.server.address)
            .await
            .map_err(|e| e.to_string())?;
        connection.send(&request[..last]).await;
        uploads.push(connection);
    }
    sleep(Duration::from_millis(300)).await;
    let mut connection = Connection::open(soak.server.address)
        .await
        .map_err(|e| e.to_string())?;
    match connection.ask([&request[..last]], Duration::ZERO).await {
        Ok(Answer { status: 503, .. }) => {}
        other => return Err(format!("one body more: {}", outcome(&other))),
    }
    for connection in &mut uploads {
        match connection.ask([&request[last..]], Duration::ZERO).await {
            Ok(answer) if soak.acknowledges(&ticket, &answer.body, LIMIT) => {}
            other => return Err(outcome(&other)),
        }
    }
    Ok(())
}

pub(crate) fn outcome(answer: &Result<Answer, Silence>) -> String {
    match answer {
        Ok(answer) => answer.status.to_string(),
        Err(Silence::Closed) => CLOSED.to_owned(),
        Err(Silence::TookTooLong) => "no answer".to_owned(),
    }
}
