//! HTTP/1.1 scenarios: attack suite, freed memory, vanishing clients and connection reuse.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use hubseal::{
    MemoryBudget,
    testing::{Request, Sending, exchange, sample},
};
use tokio::task::spawn_blocking;

use super::{Form, PATIENCE};
use crate::common::secret;

const MIB: usize = 1024 * 1024;

async fn serve(form: Form, budget: &MemoryBudget, deadline: Duration) -> SocketAddr {
    let endpoint = form
        .endpoint()
        .memory_budget(budget.clone())
        .read_deadline(deadline);
    form.serve(endpoint.build().unwrap()).await
}

pub(super) async fn send(address: SocketAddr, request: Request) -> u16 {
    let replayed = spawn_blocking(move || exchange(address, &request, PATIENCE));
    replayed.await.unwrap().unwrap().status
}

pub(super) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Opens a connection that sends a head and part of its body, then stalls.
fn stalled(address: SocketAddr, sent: usize) -> TcpStream {
    let request = Request::signed("/webhook", &secret(), sample::of_size(3 * MIB));
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&request.head("test")).unwrap();
    stream.write_all(&request.body[..sent]).unwrap();
    stream
}

pub(super) async fn full_budget_rejects_large_bodies_not_small_ones(form: Form) {
    // Half of the budget is reserved for small bodies.
    let budget = MemoryBudget::new(8 * MIB);
    let address = serve(form, &budget, PATIENCE).await;
    let large = || Request::signed("/webhook", &secret(), sample::of_size(2 * MIB));
    let ordinary = || Request::signed("/webhook", &secret(), sample::text_message());

    let held = spawn_blocking(move || stalled(address, 2 * MIB))
        .await
        .unwrap();
    eventually("the stalled body is charged", || {
        budget.available() < 6 * MIB
    })
    .await;
    assert_eq!(send(address, large()).await, 503);
    assert_eq!(send(address, ordinary()).await, 200);

    drop(held);
    eventually("a vanished client frees its memory", || {
        budget.available() == 8 * MIB
    })
    .await;
    assert_eq!(send(address, large()).await, 200);
    assert_eq!(budget.available(), 8 * MIB);
}

pub(super) async fn read_deadline_frees_memory_budget(form: Form) {
    let budget = MemoryBudget::new(8 * MIB);
    let address = serve(form, &budget, Duration::from_millis(300)).await;
    let stalled = Request::signed("/webhook", &secret(), sample::of_size(MIB))
        .sending(Sending::Stalled { after: MIB / 2 });
    assert_eq!(send(address, stalled).await, 408);
    assert_eq!(budget.available(), 8 * MIB);
}

pub(super) async fn cut_connection_frees_memory_budget(form: Form) {
    let budget = MemoryBudget::new(16 * MIB);
    let address = serve(form, &budget, PATIENCE).await;
    let request = Request::signed("/webhook", &secret(), sample::of_size(200_000));
    let wire = [request.head("test").as_slice(), &request.body].concat();
    let head = wire.len() - request.body.len();
    spawn_blocking(move || {
        for cut in [
            1,
            head / 2,
            head - 1,
            head,
            head + 1,
            head + 70_000,
            wire.len() - 1,
        ] {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(&wire[..cut]).unwrap();
            std::thread::sleep(Duration::from_millis(10));
        }
    })
    .await
    .unwrap();
    eventually("all memory is freed", || budget.available() == 16 * MIB).await;
    let ordinary = Request::signed("/webhook", &secret(), sample::text_message());
    assert_eq!(send(address, ordinary).await, 200);
}

pub(super) async fn connection_stays_usable_after_accept_and_reject(form: Form) {
    let address = serve(form, &MemoryBudget::default(), PATIENCE).await;
    spawn_blocking(move || {
        let keep_alive = |request: &Request| {
            let head = String::from_utf8(request.head("test")).unwrap();
            [
                head.replace("connection: close\r\n", "").as_bytes(),
                &request.body,
            ]
            .concat()
        };
        let genuine = Request::signed("/webhook", &secret(), sample::text_message());
        let forged = genuine.clone().body("{}");
        let another = Request::signed("/webhook", &secret(), sample::of_size(700));
        // Pipelined: all three requests are sent before the first response.
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let wire = [
            keep_alive(&genuine),
            keep_alive(&forged),
            keep_alive(&another),
        ]
        .concat();
        stream.write_all(&wire).unwrap();

        let (mut arrived, mut chunk) = (String::new(), [0; 4_096]);
        while arrived.matches("HTTP/1.1 ").count() < 3 {
            let count = stream.read(&mut chunk).unwrap();
            assert_ne!(count, 0, "connection closed after: {arrived}");
            arrived.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
        }
        let statuses: Vec<_> = arrived
            .split("HTTP/1.1 ")
            .skip(1)
            .map(|a| &a[..3])
            .collect();
        assert_eq!(statuses, ["200", "401", "200"]);
    })
    .await
    .unwrap();
}

pub(super) async fn sends_no_100_continue_for_rejected_head(form: Form) {
    let address = serve(form, &MemoryBudget::default(), PATIENCE).await;
    let expecting = |request: Request| {
        request
            .header("expect", "100-continue")
            .sending(Sending::AfterContinue)
    };
    let genuine = Request::signed("/webhook", &secret(), "{}");
    let unsigned = Request::post("/webhook", "{}");
    let (wanted, unwanted) = spawn_blocking(move || {
        let send = |request| exchange(address, &expecting(request), PATIENCE).unwrap();
        (send(genuine), send(unsigned))
    })
    .await
    .unwrap();
    assert_eq!((wanted.status, wanted.continued), (200, true));
    assert_eq!(
        (unwanted.status, unwanted.continued),
        (401, form.sends_continue_first)
    );
}

pub(super) async fn thousand_concurrent_requests_get_their_own_responses(form: Form) {
    let address = serve(form, &MemoryBudget::default(), PATIENCE).await;
    let mut sending = tokio::task::JoinSet::new();
    for index in 0..1_000_usize {
        let genuine = Request::signed("/webhook", &secret(), sample::of_size(600 + index));
        let (request, expected) = match index % 5 {
            0 => (Request::post("/webhook", "{}"), 401),
            1 => (genuine.method("PUT"), 405),
            2 => (genuine.body("{}"), 401),
            _ => (genuine, 200),
        };
        sending.spawn(async move { (send(address, request).await, expected) });
    }
    for (status, expected) in sending.join_all().await {
        assert_eq!(status, expected);
    }
}
