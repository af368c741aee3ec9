//! Counts outcomes: a request that reaches the service is reported to the observers exactly once.

use std::{
    collections::{BTreeMap, HashSet},
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use hubseal::{
    End, RejectionKind,
    testing::{Case, Expected, Request, Target, attack_suite, exchange, sample},
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use super::{
    Calls, Form, Handler, PATIENCE, READ_DEADLINE, handshake, is_delivery,
    sockets::{eventually, send},
    streams::{self, Upload},
};
use crate::{
    common::{secret, token},
    outcomes::{Record, observed},
};

/// The longest time between two outcomes.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The number of outcomes by end. A rejection is named by its kind.
type Counts = BTreeMap<&'static str, usize>;

/// A server whose calls and outcomes are counted.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    calls: Calls,
    record: Record,
    /// The reason that is reported if a connection closes within a body.
    cut_off: RejectionKind,
    sends_continue_first: bool,
    is_guarded: bool,
}

impl Server {
    async fn start(form: Form) -> Self {
        let (endpoint, record) = observed(form.endpoint().read_deadline(READ_DEADLINE));
        let calls = Calls::default();
        Self {
            address: (form.start)(endpoint, calls.clone(), Handler::default()).await,
            calls,
            record,
            cut_off: form.cut_off,
            sends_continue_first: form.sends_continue_first,
            is_guarded: form.is_guarded,
        }
    }

    /// Waits for the outcomes of all requests so far and counts them.
    async fn counts(&self, requests: usize) -> Counts {
        let (mut last, mut outcomes) = (Instant::now(), self.record.take());
        while outcomes.len() < requests {
            let told = outcomes.len();
            assert!(
                last.elapsed() < LONGEST_WAIT,
                "{told} of {requests} reported"
            );
            sleep(Duration::from_millis(5)).await;
            outcomes.extend(self.record.take());
            if outcomes.len() > told {
                last = Instant::now();
            }
        }
        // By the end of one more request, a second report of an earlier one has arrived.
        assert_eq!(send(self.address, signed("{}")).await, 200);
        let more = self.record.take();
        assert!(matches!(*more, [(End::Verified { .. }, 2)]), "{more:?}");
        assert_eq!(self.calls.count(), requests + 1);

        let mut counts = Counts::new();
        for (end, _) in outcomes {
            *counts.entry(name(end)).or_default() += 1;
        }
        assert_eq!(counts.values().sum::<usize>(), requests, "{counts:?}");
        counts
    }

    /// Replays cases until the queue is empty. Returns the labels of those that the server answers
    /// itself.
    fn replay_each(&self, cases: &Mutex<impl Iterator<Item = Case>>) -> Vec<&'static str> {
        let next = || cases.lock().unwrap().next();
        let (mut unseen, mut handled) = (Vec::new(), HashSet::new());
        while let Some(case) = next() {
            let before = self.calls.count();
            let answer = exchange(self.address, &case.request, PATIENCE);
            let mut answer = answer.unwrap_or_else(|error| panic!("{}: {error}", case.label));
            if self.sends_continue_first {
                // The server has sent it before it called the service.
                answer.continued = false;
            }
            case.check(&answer).unwrap();
            // The outcome is reported before the response is sent.
            let outcomes = self.record.take();
            match (self.calls.count() - before, &*outcomes) {
                (0, []) => unseen.push(case.label),
                (1, [(end, _)]) => {
                    let mut expected = self.expected(&case);
                    // Many cases send the same body in another way.
                    let is_verified = self.is_guarded && expected == "verified";
                    if is_verified && !handled.insert(case.request.body.clone()) {
                        expected = "duplicate";
                    }
                    assert_eq!(name(*end), expected, "{}", case.label);
                }
                (calls, _) => panic!("{}: {calls} calls, {outcomes:?}", case.label),
            }
        }
        unseen
    }

    fn expected(&self, case: &Case) -> &'static str {
        match &case.expected {
            Expected::Verified => "verified",
            Expected::Challenge(_) => "handshake",
            Expected::Rejected(RejectionKind::BodyUnreadable) => self.cut_off.as_str(),
            Expected::Rejected(kind) => kind.as_str(),
        }
    }
}

fn name(end: End) -> &'static str {
    end.rejection_kind()
        .map_or(end.as_str(), RejectionKind::as_str)
}

fn signed(body: impl Into<bytes::Bytes>) -> Request {
    Request::signed("/webhook", &secret(), body)
}

/// Runs a task for each index, this many at a time.
async fn run_each<F, A>(count: usize, at_a_time: usize, task: F)
where
    F: Fn(usize) -> A + Clone + Send + 'static,
    A: Future<Output = ()> + Send,
{
    let mut lanes = JoinSet::new();
    for lane in 0..at_a_time {
        let task = task.clone();
        lanes.spawn(async move {
            for index in (lane..count).step_by(at_a_time) {
                task(index).await;
            }
        });
    }
    lanes.join_all().await;
}

/// Sends a part of a delivery over HTTP/1.1 and closes the connection.
async fn abort_upload(address: SocketAddr, index: usize) {
    let request = signed(sample::of_size(3_000));
    let part = 1 + index * 7 % (request.body.len() - 1);
    let wire = [&request.head("test"), &request.body[..part]].concat();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&wire).await.unwrap();
    if index % 2 == 1 {
        // Half of the connections close after the server has read the head.
        sleep(Duration::from_millis(2)).await;
    }
}

/// Sends a delivery whose handler panics, which closes the connection.
async fn send_panicking(address: SocketAddr, index: usize) {
    let request = signed(format!("panic {index}"));
    let answer = spawn_blocking(move || exchange(address, &request, PATIENCE));
    let status = answer.await.unwrap().map(|answer| answer.status);
    assert!(status.is_err(), "{status:?}");
}

/// hyper and actix answer these requests without a call of the service, so nobody reports them.
const ANSWERED_BY_SERVER: [&str; 3] = [
    "a length that is no number",
    "a negative length",
    "two lengths that differ",
];

pub(super) async fn attack_suite_gets_expected_responses(form: Form) {
    report_attack_suite(form, |_| true).await;
}

pub(super) async fn attack_suite_deliveries_get_expected_responses(form: Form) {
    report_attack_suite(form, is_delivery).await;
}

/// Replays the matching cases, and checks each response and that it is reported once, with its own end.
async fn report_attack_suite(form: Form, fits: fn(&Case) -> bool) {
    let (secret, token) = (secret(), token());
    let target = Target::new("/webhook", &secret, &token).read_deadline(READ_DEADLINE);
    let cases: Vec<_> = attack_suite(&target).into_iter().filter(fits).collect();
    let sent = cases.len();
    let cases = Arc::new(Mutex::new(cases.into_iter()));
    // One case at a time for each server, so that an outcome belongs to one case.
    let (mut servers, mut replays) = (Vec::new(), JoinSet::new());
    for _ in 0..8 {
        let (server, cases) = (Server::start(form).await, Arc::clone(&cases));
        servers.push(server.clone());
        replays.spawn_blocking(move || server.replay_each(&cases));
    }
    let mut unseen = replays.join_all().await.concat();
    unseen.sort_unstable();
    assert_eq!(unseen, ANSWERED_BY_SERVER);
    let calls: usize = servers.iter().map(|server| server.calls.count()).sum();
    assert_eq!(calls + unseen.len(), sent);
    assert!(servers.iter().all(|server| server.record.take().is_empty()));
}

pub(super) async fn aborted_uploads_are_reported_once(form: Form) {
    let server = Server::start(form).await;
    let address = server.address;
    run_each(1_000, 50, move |index| abort_upload(address, index)).await;
    let counts = server.counts(1_000).await;
    assert_eq!(counts, Counts::from([(form.cut_off.as_str(), 1_000)]));
}

pub(super) async fn reset_streams_are_reported_once(form: Form) {
    let server = Server::start(form).await;
    for opened in [50, 100, 150, 200] {
        let sender = streams::connect(server.address).await;
        let mut uploads = Vec::new();
        for index in 0..50 {
            let sent = signed(sample::of_size(3_000 + 1_000 * index));
            uploads.push(Upload::start(&sender, sent).await);
        }
        // A stream that is reset earlier may never reach the service.
        eventually("all streams are open", || server.calls.count() == opened).await;
        for upload in uploads {
            upload.reset().await;
        }
    }
    let counts = server.counts(200).await;
    // hyper polls the request, then checks for a reset. A reset between the two drops the request.
    let ends = ["body_unreadable", "abandoned"];
    assert!(counts.keys().all(|end| ends.contains(end)), "{counts:?}");
}

pub(super) async fn handler_panics_are_reported_once(form: Form) {
    let server = Server::start(form).await;
    let address = server.address;
    run_each(100, 8, move |index| send_panicking(address, index)).await;
    let counts = server.counts(100).await;
    assert_eq!(counts, Counts::from([("verified", 100)]));
}

pub(super) async fn mixed_requests_are_reported_once(form: Form) {
    let server = Server::start(form).await;
    let address = server.address;
    run_each(300, 24, move |index| send_one_of_twelve(address, index)).await;
    let counts = server.counts(300).await;
    let expected = Counts::from([
        ("verified", 75),
        ("handshake", 25),
        ("signature_missing", 25),
        ("signature_mismatch", 50),
        ("method_not_allowed", 25),
        ("content_encoded", 25),
        ("payload_too_large", 25),
        ("handshake_malformed", 25),
        (form.cut_off.as_str(), 25),
    ]);
    assert_eq!(counts, expected);
}

async fn send_one_of_twelve(address: SocketAddr, index: usize) {
    let genuine = || signed(sample::of_size(600 + index));
    let expect = async |request, status| assert_eq!(send(address, request).await, status);
    match index % 12 {
        0 => expect(genuine(), 200).await,
        1 => expect(genuine().without("x-hub-signature-256"), 401).await,
        2 => expect(genuine().body("{}"), 401).await,
        3 => expect(genuine().method("PUT"), 405).await,
        4 => expect(genuine().header("content-encoding", "gzip"), 415).await,
        5 => expect(signed(sample::of_size(5 << 20)), 413).await,
        6 => expect(Request::get(&format!("/webhook?{}", handshake())), 200).await,
        7 => expect(Request::get("/webhook"), 403).await,
        8 => abort_upload(address, index).await,
        9 => send_panicking(address, index).await,
        10 => {
            let sender = streams::connect(address).await;
            assert_eq!(streams::send(&sender, genuine()).await, 200);
        }
        _ => {
            let sender = streams::connect(address).await;
            let forged = genuine().body("{}").without("content-length");
            assert_eq!(streams::send(&sender, forged).await, 401);
        }
    }
}
