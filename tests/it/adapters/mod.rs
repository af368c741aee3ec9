//! Runs the same scenarios through every adapter, over real sockets where needed.

pub(crate) mod actix;
mod axum;
mod bodies;
mod client;
mod forms;
mod gates;
mod handler;
mod hyper;
mod outcomes;
mod replay;
mod response_extensions;
mod responses;
mod scenarios;
mod sockets;
mod streams;
mod tower;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::axum::{Router, http::StatusCode};
use hubseal::{
    Endpoint, Json, Verified,
    testing::{Case, Expected, Target, attack_suite, exchange},
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};

use self::{forms::Form, handler::Handler};
use crate::common::{TOKEN, secret, token};
pub(crate) use crate::exchange::PATIENCE;

/// Long enough for genuine requests on a busy machine, short enough to wait for.
pub(crate) const READ_DEADLINE: Duration = Duration::from_secs(3);

/// Counts the requests that a server passes to its service.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { ::axum::serve(listener, app).await });
    address
}

async fn on_delivery(_body: Verified<::axum::body::Bytes>) -> StatusCode {
    StatusCode::OK
}

async fn on_json(update: Verified<Json<serde_json::Value>>) -> String {
    update["object"].to_string()
}

/// Returns the query of a genuine handshake.
fn handshake() -> String {
    let token = TOKEN.replace('+', "%2B").replace(' ', "+");
    format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
}

/// Replays every matching case of the attack suite, eight at a time, and reports the failures.
pub(crate) async fn replay_attack_suite(address: SocketAddr, path: &str, fits: fn(&Case) -> bool) {
    let (secret, token) = (secret(), token());
    let target = Target::new(path, &secret, &token).read_deadline(READ_DEADLINE);
    let (places, mut replays) = (Arc::new(Semaphore::new(8)), JoinSet::new());
    let cases: Vec<_> = attack_suite(&target).into_iter().filter(fits).collect();
    let count = cases.len();
    for case in cases {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        replays.spawn_blocking(move || {
            let _place = place;
            let answer = exchange(address, &case.request, PATIENCE);
            let checked = answer.map_err(|error| format!("{}: {error}", case.label));
            checked.and_then(|answer| case.check(&answer).map_err(|wrong| wrong.to_string()))
        });
    }
    let outcomes = replays.join_all().await;
    let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(
        failures.is_empty(),
        "{} of {count} cases failed: {failures:#?}",
        failures.len()
    );
}

fn is_delivery(case: &Case) -> bool {
    case.request.method != "GET" && !matches!(case.expected, Expected::Challenge(_))
}

fn endpoint() -> Endpoint {
    crate::common::endpoint()
        .read_deadline(READ_DEADLINE)
        .build()
        .unwrap()
}
