//! Connects to the server with right and wrong certificates, and prints the results.

use std::{error::Error, io, process::ExitCode, sync::Arc, time::Duration};

use hubseal::{AppSecret, Endpoint, testing::Request};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType, date_time_ymd,
};
use rustls::{
    ClientConfig, HandshakeKind, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::{
    serve_connection,
    tls::{self, META},
};

type Fallible<T> = Result<T, Box<dyn Error>>;
type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);
type Authority = CertifiedIssuer<'static, KeyPair>;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const TIMEOUT: Duration = Duration::from_secs(5);

/// A client, its request and the expected result.
struct Case {
    client: &'static str,
    tls: TlsConnector,
    request: Request,
    /// The status of the response, or the start of the reason why the TLS handshake fails.
    expected: &'static str,
}

pub(crate) async fn run() -> Fallible<ExitCode> {
    let server_ca = authority("demonstration server CA", None)?;
    let (chain, key) = issue(
        &server_ca,
        &CertificateParams::new(["localhost".to_owned()])?,
    )?;
    let client_ca = authority("demonstration client CA", None)?;
    let tls = tls::acceptor(chain, key, vec![client_ca.der().clone()])?;
    let endpoint = Endpoint::builder(AppSecret::new(SECRET)?).build()?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;

    let cases = cases(&client_ca, server_ca.der())?;
    let (count, mut wrong) = (cases.len(), 0);
    println!("{:<38} {:<7} result", "client certificate", "");
    for case in cases {
        let (label, expected) = (case.client, case.expected);
        let result = connect(case, &listener, &tls, &endpoint).await?;
        let right = result.starts_with(expected);
        wrong += usize::from(!right);
        let mark = if right { "ok" } else { "WRONG" };
        println!("{label:<38} {mark:<7} {result}");
    }
    println!("\n{} of {count} results are as expected", count - wrong);
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn cases(client_ca: &Authority, server_ca: &CertificateDer<'static>) -> Fallible<Vec<Case>> {
    const NAME: &str = "refused: invalid peer certificate: ApplicationVerificationFailure";
    const CERTIFICATE: &str = "refused: invalid peer certificate: ";
    const EXPIRED: &str = "refused: invalid peer certificate: certificate expired";
    const NONE: &str = "refused: peer sent no certificates";

    let genuine = Request::signed("/webhook", &AppSecret::new(SECRET)?, "{}");
    // Like Meta, the clients send the certificate of an intermediate CA too.
    let intermediate = authority("demonstration intermediate CA", Some(client_ca))?;
    // The names of the CAs are public, so the wrong CAs use them too.
    let other_ca = authority("demonstration client CA", None)?;
    let other_ca = authority("demonstration intermediate CA", Some(&other_ca))?;

    let connector = |identity| connector(identity, server_ca);
    let named = |name: &str| connector(Some(issue(&intermediate, &client_parameters(name))?));
    let changed = |name: &str, change: fn(&mut CertificateParams)| {
        let mut parameters = client_parameters(name);
        change(&mut parameters);
        connector(Some(issue(&intermediate, &parameters)?))
    };
    let inside_another_field = |parameters: &mut CertificateParams| {
        let value = format!("x,CN={META}");
        let subject = &mut parameters.distinguished_name;
        subject.push(DnType::LocalityName, value);
    };
    let second_name = |parameters: &mut CertificateParams| {
        // The same field under another type, because rcgen writes each type once.
        let common_name = DnType::CustomDnType(vec![2, 5, 4, 3]);
        let subject = &mut parameters.distinguished_name;
        subject.push(common_name, "attacker.example");
    };
    let alternative_name = |parameters: &mut CertificateParams| {
        let alternative = META.try_into().map(SanType::DnsName);
        parameters.subject_alt_names.extend(alternative);
    };
    let expired = |parameters: &mut CertificateParams| {
        parameters.not_before = date_time_ymd(2025, 1, 1);
        parameters.not_after = date_time_ymd(2026, 1, 1);
    };
    let for_servers = |parameters: &mut CertificateParams| {
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    };

    let case = |client, tls, expected| Case {
        client,
        tls,
        request: genuine.clone(),
        expected,
    };
    let (longer, prefixed) = (format!("{META}.attacker.example"), format!("x{META}"));
    let (wildcard, upper) = ("*.webhooks.fbclientcerts.com", META.to_uppercase());
    let from_other_ca = connector(Some(issue(&other_ca, &client_parameters(META))?))?;
    let meta = named(META)?;
    let mut unsigned = case("Meta's name, unsigned", meta.clone(), "401");
    unsigned.request = Request::post("/webhook", "{}");
    let mut header = case("none, but a header has Meta's name", connector(None)?, NONE);
    header.request = genuine.clone().header("x-client-cert-cn", META);
    Ok(vec![
        case("Meta's name", meta.clone(), "200"),
        // The client would resume the session of the first connection.
        case("Meta's name, second connection", meta, "200"),
        unsigned,
        case("longer name", named(&longer)?, NAME),
        case("name that ends with Meta's name", named(&prefixed)?, NAME),
        case("Meta's name in upper case", named(&upper)?, NAME),
        case("wildcard name", named(wildcard)?, NAME),
        case("empty name", named("")?, NAME),
        case(
            "Meta's name inside another field",
            changed("attacker.example", inside_another_field)?,
            NAME,
        ),
        case(
            "Meta's name as alternative name only",
            changed("attacker.example", alternative_name)?,
            NAME,
        ),
        case("second common name", changed(META, second_name)?, NAME),
        case("Meta's name, another CA", from_other_ca, CERTIFICATE),
        case("Meta's name, expired", changed(META, expired)?, EXPIRED),
        case(
            "Meta's name, for servers only",
            changed(META, for_servers)?,
            CERTIFICATE,
        ),
        case("none", connector(None)?, NONE),
        header,
    ])
}

/// Connects once. Returns the status of the response, or why the server has refused the certificate.
async fn connect(
    case: Case,
    listener: &TcpListener,
    tls: &TlsAcceptor,
    endpoint: &Endpoint,
) -> Fallible<String> {
    let serving = async {
        let (stream, peer) = listener.accept().await?;
        serve_connection(stream, peer, tls, endpoint.clone()).await
    };
    let address = listener.local_addr()?;
    let client = async {
        let stream = TcpStream::connect(address).await?;
        send(&case.request, stream, &case.tls).await
    };
    let (served, answer) = timeout(TIMEOUT, async { tokio::join!(serving, client) }).await?;
    Ok(match (served, answer) {
        (_, Ok(answer)) if !answer.is_empty() => answer,
        (Err(reason), _) => format!("refused: {reason}"),
        (Ok(()), answer) => format!("no response: {answer:?}"),
    })
}

fn connector(
    identity: Option<Identity>,
    server_ca: &CertificateDer<'static>,
) -> Fallible<TlsConnector> {
    let mut trusted = RootCertStore::empty();
    trusted.add(server_ca.clone())?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted);
    let config = match identity {
        Some((chain, key)) => config.with_client_auth_cert(chain, key)?,
        None => config.with_no_client_auth(),
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Sends the request and returns the status of the response.
async fn send(request: &Request, stream: TcpStream, tls: &TlsConnector) -> Fallible<String> {
    let name = ServerName::try_from("localhost")?;
    let mut stream = tls.connect(name, stream).await?;
    stream.write_all(&request.head("localhost")).await?;
    stream.write_all(&request.body).await?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error)?,
        _ => {}
    }
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default();
    let status = status.trim_start_matches("HTTP/1.1 ");
    Ok(match stream.get_ref().1.handshake_kind() {
        Some(HandshakeKind::Resumed) => format!("resumed: {status}"),
        _ => status.to_owned(),
    })
}

fn authority(name: &str, issuer: Option<&Authority>) -> Fallible<Authority> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject(name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    Ok(match issuer {
        Some(issuer) => CertifiedIssuer::signed_by(parameters, key, issuer)?,
        None => CertifiedIssuer::self_signed(parameters, key)?,
    })
}

fn client_parameters(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject(name);
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    parameters
}

fn subject(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject
}

/// Issues a certificate with a new key. The chain includes the certificate of the issuer.
fn issue(issuer: &Authority, parameters: &CertificateParams) -> Fallible<Identity> {
    let key = KeyPair::generate()?;
    let certificate = parameters.signed_by(&key, issuer)?;
    let chain = vec![certificate.der().clone(), issuer.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    Ok((chain, key))
}
