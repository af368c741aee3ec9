//! HTTP/1.1 over any connection: a relay on loopback between `testing::exchange` and the endpoint.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use hubseal::testing::{Answer, Request, exchange};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, split},
    net::{TcpListener, TcpStream},
    task::spawn_blocking,
};

use crate::connect::{Connector, Offer, Stream};

/// The largest response that is read, in bytes.
const MAX_RESPONSE: u64 = 16 * 1024 * 1024;
/// The largest head that is searched for the `host` line, in bytes.
const MAX_HEAD: usize = 256 * 1024;

/// The error of an exchange.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The connection could not be opened.
    Connect(io::Error),
    /// The connection closed, timed out, or carried something other than HTTP.
    Exchange(io::Error),
}

/// Sends a request with exactly its bytes, and returns the response. `patience` limits each read and write.
pub(crate) async fn send(
    connector: &Connector,
    request: Request,
    patience: Duration,
) -> Result<Answer, Failed> {
    let connected = connector
        .connect(Offer::Http1)
        .await
        .map_err(Failed::Connect)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(Failed::Connect)?;
    let address = listener.local_addr().map_err(Failed::Connect)?;
    let authority = connector.url.authority.clone();
    let relay = tokio::spawn(async move {
        let (client, _) = listener.accept().await?;
        carry(client, connected.stream, address, &authority).await
    });
    let answer = spawn_blocking(move || exchange(address, &request, patience)).await;
    relay.abort();
    answer
        .map_err(io::Error::other)
        .and_then(|answer| answer)
        .map_err(Failed::Exchange)
}

async fn carry(
    mut client: TcpStream,
    server: Box<dyn Stream>,
    own: SocketAddr,
    authority: &str,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let start = with_host(read_head(&mut client).await?, own, authority);
    let (mut from_client, mut to_client) = client.into_split();
    let (from_server, mut to_server) = split(server);
    let upload = async {
        to_server.write_all(&start).await?;
        to_server.flush().await?;
        copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await
    };
    let download = async {
        let _ = copy(&mut from_server.take(MAX_RESPONSE), &mut to_client).await;
        to_client.shutdown().await
    };
    // A failed upload does not end the download: the server may respond early and read no more.
    let ((), downloaded) = tokio::join!(
        async {
            let _ = upload.await;
        },
        download
    );
    downloaded
}

async fn read_head(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD {
        if client.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

/// Replaces the address of the relay in the `host` line. A `host` header of the request itself stays.
fn with_host(head: Vec<u8>, own: SocketAddr, authority: &str) -> Vec<u8> {
    let line = format!("\r\nhost: {own}\r\n");
    let place = head
        .windows(line.len())
        .position(|window| window == line.as_bytes());
    let Some((before, rest)) = place.and_then(|place| head.split_at_checked(place)) else {
        return head;
    };
    let after = rest.get(line.len()..).unwrap_or_default();
    [before, b"\r\nhost: ", authority.as_bytes(), b"\r\n", after].concat()
}
