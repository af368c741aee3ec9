//! Each delivery is handled once: with several processes, crashes and outages.

mod failures;
mod load;
mod settings;

use std::{thread, time::Duration};

use self::load::{Counts, Load};
use super::Server;
use crate::replay::redis_server::RedisServer;

/// Distinct deliveries of a load, and how often each is sent.
const DELIVERIES: usize = 5_000;
const TIMES: usize = 4;

impl Counts {
    fn assert_each_handled_once(&self) {
        assert_eq!(self.handled_twice, 0, "{self:?}");
        assert_eq!(self.handled + self.handled_unseen, DELIVERIES, "{self:?}");
        let answers = self.handled + self.duplicates;
        assert_eq!(answers, DELIVERIES * TIMES, "{self:?}");
    }
}

/// Starts two servers with one Redis.
fn two_servers(names: [&str; 2], redis: &RedisServer, more: &[(&str, &str)]) -> [Server; 2] {
    let url = redis.url();
    let mut settings = vec![("REPLAY", url.as_str())];
    settings.extend(more);
    names.map(|name| Server::start(name, &settings))
}

#[test]
fn handles_each_delivery_once_in_memory() {
    let settings = [("REPLAY", "memory"), ("HANDLER_DELAY_MS", "1")];
    let server = Server::start("hyper", &settings);
    let counts = Load::new(DELIVERIES, TIMES).send(&[server.address], |_| ());
    counts.assert_each_handled_once();
    assert_eq!(counts.handled_unseen + counts.cut_off, 0, "{counts:?}");
}

#[test]
fn two_processes_handle_each_delivery_once() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    let servers = two_servers(["axum", "actix"], &redis, &[("HANDLER_DELAY_MS", "1")]);
    let addresses = servers.each_ref().map(|server| server.address);
    let counts = Load::new(DELIVERIES, TIMES).send(&addresses, |_| ());
    counts.assert_each_handled_once();
    assert_eq!(counts.handled_unseen + counts.cut_off, 0, "{counts:?}");
}

/// A delivery whose answer the crash swallowed is either committed or handled again after the lease.
#[test]
fn crash_of_a_process_loses_and_repeats_no_delivery() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    let settings = [("HANDLER_DELAY_MS", "5"), ("REPLAY_LEASE_MS", "2000")];
    let servers = two_servers(["actix", "hyper"], &redis, &settings);
    let addresses = servers.each_ref().map(|server| server.address);
    let counts = Load::new(DELIVERIES, TIMES).send(&addresses, |load| {
        load.wait_for_half();
        servers[0].signal("-KILL");
    });
    counts.assert_each_handled_once();
    assert!(counts.cut_off > 0, "the crash met no request: {counts:?}");
    assert!(counts.handled_unseen <= counts.cut_off, "{counts:?}");
}

#[test]
fn outage_of_redis_loses_and_repeats_no_delivery() {
    const OUTAGE: Duration = Duration::from_secs(5);

    let Some(mut redis) = RedisServer::start() else {
        return;
    };
    // Longer than the outage, because a commit is tried again for as long as the lease.
    let settings = [("HANDLER_DELAY_MS", "5"), ("REPLAY_LEASE_MS", "10000")];
    let servers = two_servers(["hyper", "axum"], &redis, &settings);
    let addresses = servers.each_ref().map(|server| server.address);
    let counts = Load::new(DELIVERIES, TIMES).send(&addresses, |load| {
        load.wait_for_half();
        redis.stop();
        // Handlers in progress still answer.
        thread::sleep(OUTAGE / 5);
        let accepted = load.accepted();
        thread::sleep(OUTAGE * 4 / 5);
        assert_eq!(load.accepted(), accepted, "handled without a check");
        redis.restart();
    });
    counts.assert_each_handled_once();
    assert_eq!(counts.handled_unseen + counts.cut_off, 0, "{counts:?}");
    assert!(counts.rejected > 0, "the outage met no request: {counts:?}");
}
