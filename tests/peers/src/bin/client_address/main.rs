//! Compares `ClientAddress` with the realip module of nginx, on the rows of the integration tests.
//!
//! `just peers` installs nginx and starts this program.

mod differences;
mod nginx;
#[expect(dead_code, reason = "nginx does not parse `Forwarded`")]
#[path = "../../../../it/edge/client_address/rows.rs"]
mod rows;

use std::{
    error,
    net::{IpAddr, Ipv4Addr},
    process::ExitCode,
};

use differences::{DIFFERENCES, Difference};
use hubseal::edge::ClientAddress;
use nginx::Nginx;
use rows::{Row, X_FORWARDED_FOR};

type Result<T, E = Box<dyn error::Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut proxies: Vec<_> = X_FORWARDED_FOR.iter().map(|row| row.proxies).collect();
    proxies.sort_unstable();
    proxies.dedup();
    let nginx = Nginx::start(&proxies)?;

    let (mut agree, mut differ, mut left_out) = (0, 0, 0);
    let mut problems = Vec::new();
    for row in X_FORWARDED_FOR {
        let ours = find(row)?;
        let Some(peer) = loopback(row.peer) else {
            left_out += 1;
            continue;
        };
        let server = proxies.iter().position(|proxies| *proxies == row.proxies);
        let theirs = nginx.client(server.ok_or("no server")?, peer, row.lines)?;
        let same = ours == Some(theirs);
        match differences::of(row.name) {
            None if same => agree += 1,
            Some(difference) if !same && difference.address.parse() == Ok(theirs) => differ += 1,
            None => problems.push(format!("{}: ours {ours:?}, nginx {theirs}", row.name)),
            Some(Difference { reason, .. }) => problems.push(format!(
                "{}: ours {ours:?}, nginx {theirs}, in spite of: {reason}",
                row.name
            )),
        }
    }
    let listed = DIFFERENCES.iter().flat_map(|difference| difference.rows);
    for name in listed.filter(|name| X_FORWARDED_FOR.iter().all(|row| row.name != **name)) {
        problems.push(format!("{name}: there is no such row"));
    }
    println!(
        "{}: {agree} rows agree, {differ} differ as expected, {left_out} have a peer outside of 127.0.0.0/8",
        nginx.version(),
    );
    if problems.is_empty() && (agree == 0 || differ == 0) {
        problems.push("this proves nothing".to_owned());
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(problems.join("\n").into())
}

/// Returns the address if a connection can come from it.
fn loopback(peer: &str) -> Option<Ipv4Addr> {
    peer.parse().ok().filter(Ipv4Addr::is_loopback)
}

/// Returns our result, or `None` for an error.
fn find(row: &Row) -> Result<Option<IpAddr>> {
    let headers: Vec<_> = row
        .lines
        .iter()
        .map(|line| ("x-forwarded-for", line))
        .collect();
    let found = ClientAddress::behind_proxies(row.proxies)?.find(row.peer.parse()?, &headers);
    let expected = row.expected.map(|address| {
        address
            .parse()
            .map(|address: IpAddr| address.to_canonical())
    });
    match (found, expected) {
        (Ok(found), Ok(Ok(expected))) if found == expected => Ok(Some(found)),
        (Err(found), Err(expected)) if found == expected => Ok(None),
        (found, _) => Err(format!("{}: ours is {found:?}", row.name).into()),
    }
}
