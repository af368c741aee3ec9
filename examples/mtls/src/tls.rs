//! TLS with a client certificate that must have Meta's name.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem, pem::PemObject},
    server::{
        NoServerSessionStorage, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio_rustls::TlsAcceptor;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The common name of Meta's client certificate, from Meta's page "mTLS for Webhooks":
/// <https://developers.facebook.com/docs/graph-api/webhooks/getting-started#mtls-for-webhooks>.
pub(crate) const META: &str = "client.webhooks.fbclientcerts.com";

/// Creates the server side of TLS, which demands Meta's client certificate.
pub(crate) fn acceptor(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    client_ca: Vec<CertificateDer<'static>>,
) -> Result<TlsAcceptor, Box<dyn std::error::Error>> {
    let mut trusted = RootCertStore::empty();
    for certificate in client_ca {
        trusted.add(certificate)?;
    }
    let provider = Arc::new(ring::default_provider());
    let issued = WebPkiClientVerifier::builder_with_provider(trusted.into(), provider.clone());
    let issued = issued.build()?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(OnlyMeta { issued }))
        .with_single_cert(chain, key)?;
    // A resumed session would skip the verifier, even after the certificate has expired.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(TlsAcceptor::from(Arc::new(config)))
}

pub(crate) fn read_certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, pem::Error> {
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(path)?.collect::<Result<_, pem::Error>>()?;
    if certificates.is_empty() {
        return Err(pem::Error::NoItemsFound);
    }
    Ok(certificates)
}

pub(crate) fn read_key(path: &str) -> Result<PrivateKeyDer<'static>, pem::Error> {
    PrivateKeyDer::from_pem_file(path)
}

/// Checks the chain of a client certificate, and then its name. The TLS handshake fails if one is wrong.
#[derive(Debug)]
struct OnlyMeta {
    /// Checks the issuer, the validity period and the purpose.
    issued: Arc<dyn ClientCertVerifier>,
}

impl ClientCertVerifier for OnlyMeta {
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let verified = self
            .issued
            .verify_client_cert(end_entity, intermediates, now)?;
        let name = common_name(end_entity);
        // A substring search would accept `client.webhooks.fbclientcerts.com.attacker.example`.
        if name.as_deref() == Some(META) {
            return Ok(verified);
        }
        tracing::warn!(
            ?name,
            "refused a client certificate with another common name"
        );
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.issued.root_hint_subjects()
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.issued
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.issued
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.issued.supported_verify_schemes()
    }
}

/// Returns the common name, if the subject of the certificate has exactly one.
///
/// Alternative names do not count: Meta's page promises the common name only.
fn common_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let mut names = certificate.subject().iter_common_name();
    match (names.next(), names.next()) {
        (Some(name), None) => name.as_str().ok().map(str::to_owned),
        _ => None,
    }
}
