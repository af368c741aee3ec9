//! HTTP/1.1 over any connection: a relay on loopback between `testing::exchange` and the endpoint.

use std::{io, net::Ipv4Addr, time::Duration};

use hubseal::testing::{Answer, Request, exchange};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, split},
    net::{TcpListener, TcpStream},
    task::spawn_blocking,
};

use crate::connect::{Connector, Offer, Stream};

/// The largest response that is read, in bytes.
const MAX_RESPONSE: u64 = 16 * 1024 * 1024;

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
    mut request: Request,
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
    let has_host = |(name, _): &(String, _)| name.eq_ignore_ascii_case("host");
    if !request.headers.iter().any(has_host) {
        // Without it, `exchange` adds the address of the relay.
        let host = ("host".to_owned(), connector.url.authority.clone().into());
        request.headers.insert(0, host);
    }
    let relay = tokio::spawn(async move {
        let (client, _) = listener.accept().await?;
        carry(client, connected.stream).await
    });
    let answer = spawn_blocking(move || exchange(address, &request, patience)).await;
    relay.abort();
    answer
        .map_err(io::Error::other)
        .and_then(|answer| answer)
        .map_err(Failed::Exchange)
}

async fn carry(client: TcpStream, server: Box<dyn Stream>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (from_server, mut to_server) = split(server);
    let upload = async {
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
