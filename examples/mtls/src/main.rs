//! A receiver that accepts only Meta's client certificate, and verifies every signature.
//!
//! ```sh
//! cargo run -p mtls
//! ```
//!
//! Without variables, it creates its own certificates, connects to itself with right and wrong ones, and
//! prints the results. It exits with status 1 if a result is wrong.
//!
//! With `MTLS_ADDR`, it serves:
//!
//! | variable | meaning |
//! |---|---|
//! | `MTLS_ADDR` | the address to listen on; port 0 picks a free port |
//! | `MTLS_CERT` | a PEM file with the certificate chain of the server |
//! | `MTLS_KEY` | a PEM file with its private key |
//! | `MTLS_CLIENT_CA` | a PEM file with the CA certificates that may issue Meta's client certificate |
//! | `APP_SECRET` | the app secret |
//! | `VERIFY_TOKEN` | the token of the handshake |
//!
//! It exits with status 2 if a variable is missing or refused.

mod demonstration;
mod tls;

use std::{
    convert::Infallible, env, error::Error, fmt::Display, io, net::SocketAddr, process::ExitCode,
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hubseal::{AppSecret, Endpoint, Verified, VerifyToken, hyper::Verify};
use hyper::{
    Request, Response,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::pki_types::pem;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// The time for the TLS handshake, and for the head of a request.
const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    if env::var_os("MTLS_ADDR").is_none() {
        return demonstration::run().await;
    }
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    match settings() {
        Ok((address, tls, endpoint)) => {
            let listener = TcpListener::bind(address).await?;
            println!("listening on https://{}", listener.local_addr()?);
            serve(listener, tls, endpoint).await
        }
        Err(problem) => {
            eprintln!("{problem}");
            Ok(ExitCode::from(2))
        }
    }
}

fn settings() -> Result<(SocketAddr, TlsAcceptor, Endpoint), String> {
    let address = variable("MTLS_ADDR")?;
    let address = address.parse().map_err(|e| format!("MTLS_ADDR: {e}"))?;
    let chain = file("MTLS_CERT", tls::read_certificates)?;
    let key = file("MTLS_KEY", tls::read_key)?;
    let client_ca = file("MTLS_CLIENT_CA", tls::read_certificates)?;
    let acceptor = tls::acceptor(chain, key, client_ca).map_err(message)?;
    let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET").map_err(message)?)
        .verify_token(VerifyToken::from_env("VERIFY_TOKEN").map_err(message)?)
        .build()
        .map_err(message)?;
    Ok((address, acceptor, endpoint))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|problem| format!("{name}: {problem}"))
}

fn file<T>(name: &str, read: fn(&str) -> Result<T, pem::Error>) -> Result<T, String> {
    read(&variable(name)?).map_err(|problem| match problem {
        pem::Error::NoItemsFound => format!("{name}: the file has no such PEM section"),
        other => format!("{name}: {other}"),
    })
}

fn message(problem: impl Display) -> String {
    problem.to_string()
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    endpoint: Endpoint,
) -> Result<ExitCode, Box<dyn Error>> {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely out of file descriptors. Wait until other connections end.
                tracing::error!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (tls, endpoint) = (tls.clone(), endpoint.clone());
        tokio::spawn(async move {
            if let Err(error) = serve_connection(stream, peer, &tls, endpoint).await {
                tracing::warn!(%peer, %error, "connection failed");
            }
        });
    }
}

/// Serves one connection. Without Meta's certificate, it fails before it reads any HTTP.
async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: &TlsAcceptor,
    endpoint: Endpoint,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stream = timeout(DEADLINE, tls.accept(stream))
        .await
        .map_err(|_| "the TLS handshake takes too long")??;
    // The certificate does not replace the signature: hubseal verifies every delivery.
    let webhook = Verify::new(endpoint, on_delivery);
    let service = service_fn(move |mut request: Request<Incoming>| {
        // The endpoint reports the address of the client.
        request.extensions_mut().insert(peer);
        webhook.call(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(DEADLINE)
        .serve_connection(TokioIo::new(stream), service)
        .await?;
    Ok(())
}

async fn on_delivery(
    request: Request<Verified<Bytes>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // Store the delivery here, before the answer.
    let body = request.body();
    tracing::info!(bytes = body.len(), key = %body.key(), "delivery");
    Ok(Response::default())
}
