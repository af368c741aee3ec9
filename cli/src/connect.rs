//! TCP and TLS connections to an endpoint.

use std::{io, sync::Arc, time::Duration};

use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::{Result, url::Url};

/// The longest time for TCP and TLS together.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects to one endpoint.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) url: Url,
    /// For `https` only.
    tls: Option<Tls>,
}

#[derive(Clone)]
struct Tls {
    name: ServerName<'static>,
    config: ClientConfig,
}

/// The protocols that the client offers with ALPN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    Http1,
    /// HTTP/2, and HTTP/1.1 for servers without it.
    Http2,
}

/// A connection, and whether the server has chosen HTTP/2 with ALPN.
pub(crate) struct Connected {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) chose_http2: bool,
}

impl Connector {
    /// # Errors
    /// Returns an error if the host of an `https` URL is not a name, or if no root certificate is found.
    pub(crate) fn new(url: &Url) -> Result<Self> {
        let tls = if url.is_https {
            Some(Tls::new(url)?)
        } else {
            None
        };
        Ok(Self {
            url: url.clone(),
            tls,
        })
    }

    pub(crate) async fn connect(&self, offer: Offer) -> io::Result<Connected> {
        let connected = timeout(PATIENCE, self.open(offer)).await;
        connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn open(&self, offer: Offer) -> io::Result<Connected> {
        let tcp = TcpStream::connect((self.url.host.as_str(), self.url.port)).await?;
        tcp.set_nodelay(true)?;
        let Some(tls) = &self.tls else {
            return Ok(Connected {
                stream: Box::new(tcp),
                chose_http2: false,
            });
        };
        let mut config = tls.config.clone();
        config.alpn_protocols = match offer {
            Offer::Http1 => vec![b"http/1.1".to_vec()],
            Offer::Http2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        };
        let stream = TlsConnector::from(Arc::new(config))
            .connect(tls.name.clone(), tcp)
            .await?;
        let chose_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Connected {
            stream: Box::new(stream),
            chose_http2,
        })
    }
}

impl Tls {
    fn new(url: &Url) -> Result<Self> {
        let name = ServerName::try_from(url.host.clone())?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(
                "this machine has no root certificates; install them, or set SSL_CERT_FILE".into(),
            );
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { name, config })
    }
}
