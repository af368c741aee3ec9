//! `hubseal probe` and `send` over TLS.

use std::{net::SocketAddr, path::Path, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use http_body_util::Full;
use hubseal::{AppSecret, Endpoint, VerifyToken};
use hyper::{
    Response,
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rustls::{ServerConfig, crypto::ring};
use tokio::{net::TcpListener, task::spawn_blocking};
use tokio_rustls::TlsAcceptor;

use crate::common::{READ_DEADLINE, SECRET, TOKEN, hubseal, parts, run};

fn pem(certificate: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}

/// Serves the hyper adapter with a certificate for `localhost`, and writes the certificate to a file.
async fn serve(certificate: &Path, protocols: &[&[u8]]) -> SocketAddr {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(certificate, pem(key.cert.der())).unwrap();
    let private =
        rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let endpoint = Endpoint::builder(AppSecret::new(SECRET).unwrap())
        .verify_token(VerifyToken::new(TOKEN).unwrap())
        .read_deadline(READ_DEADLINE)
        .build()
        .unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, endpoint) = (acceptor.clone(), endpoint.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let service = service_fn(move |request: hyper::Request<Incoming>| {
                    let endpoint = endpoint.clone();
                    async move {
                        // The relay must not send its own address.
                        let host = request
                            .headers()
                            .get("host")
                            .map(|host| host.as_bytes().to_vec());
                        assert!(host.is_none_or(|host| host.starts_with(b"localhost:")));
                        let response: Response<Full<Bytes>> =
                            match hubseal::hyper::verify(request, &endpoint).await {
                                Ok(_) => Response::default(),
                                Err(early) => early.into(),
                            };
                        Ok::<_, std::convert::Infallible>(response)
                    }
                });
                let builder = auto::Builder::new(TokioExecutor::new());
                let _ = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_both_protocols_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("certificate.pem");
    let address = serve(&certificate, &[b"h2", b"http/1.1"]).await;
    let url = format!("https://localhost:{}/webhook", address.port());
    spawn_blocking(move || {
        let mut command = hubseal();
        command
            .env("SSL_CERT_FILE", &certificate)
            .args(["probe", &url, "--read-deadline", "1"]);
        let (status, output, errors) = parts(&run(&mut command, b""));
        assert_eq!((status, &*errors), (0, ""), "{output}");
        assert!(
            output.contains(": no finding\n") && output.contains(" over HTTP/2, "),
            "{output}"
        );
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn says_that_a_server_has_no_http2() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("certificate.pem");
    let address = serve(&certificate, &[b"http/1.1"]).await;
    let url = format!("https://localhost:{}/webhook", address.port());
    spawn_blocking(move || {
        let mut command = hubseal();
        command
            .env("SSL_CERT_FILE", &certificate)
            .args(["probe", &url, "--read-deadline", "1"]);
        let (status, output, _) = parts(&run(&mut command, b""));
        assert_eq!(status, 0, "{output}");
        assert!(
            output.contains("no HTTP/2: the server does not speak it"),
            "{output}"
        );

        let (status, output, _) = parts(&run(
            hubseal()
                .env("SSL_CERT_FILE", &certificate)
                .args(["send", &url]),
            b"",
        ));
        assert_eq!((status, &*output), (0, "200\n"));
        // An unknown issuer.
        let (status, _, errors) = parts(&run(
            hubseal()
                .env("SSL_CERT_FILE", Path::new("/dev/null"))
                .args(["send", &url]),
            b"",
        ));
        assert_eq!(status, 2, "{errors}");
    })
    .await
    .unwrap();
}
