//! The receivers that the attack suite can be sent to.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};
use core::{fmt, net::SocketAddr, time::Duration};
use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    thread,
    time::Instant,
};

#[cfg(feature = "actix")]
use super::actix_server;
#[cfg(any(feature = "axum", feature = "hyper"))]
use super::http_server;
use super::server::{Serve, Server};

/// How long a server that has just been started may refuse connections.
const START: Duration = Duration::from_secs(5);

/// A webhook receiver under test: an address, or a service that is served while the test runs.
///
/// A service runs on its own thread, behind a socket on the loopback interface. Both end with the call of
/// `withstands`.
///
/// | you have | receiver |
/// |---|---|
/// | a server that is running | its address: a [`SocketAddr`], or text such as `127.0.0.1:8080` |
/// | an axum `Router` | the router itself, with the feature `axum` |
/// | another tower service | `Receiver::tower`, with the features `tower` and `hyper` |
/// | a hyper service | `Receiver::hyper`, with the feature `hyper` |
/// | an actix-web `App` | `Receiver::actix`, with the feature `actix` |
///
/// # Examples
/// ```
/// let _receiver = hubseal::testing::Receiver::from("127.0.0.1:8080");
/// ```
pub struct Receiver {
    kind: Kind,
    /// Whether the server sends `100 Continue` before it calls the service.
    pub(super) continues_first: bool,
}

enum Kind {
    Address(SocketAddr),
    Name(String),
    #[cfg_attr(
        not(any(feature = "actix", feature = "axum", feature = "hyper")),
        allow(dead_code)
    )]
    Service(Serve),
}

/// A receiver that accepts connections.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    server: Option<Server>,
}

impl Receiver {
    #[cfg(any(feature = "actix", feature = "axum", feature = "hyper"))]
    fn service(serve: Serve, continues_first: bool) -> Self {
        Self {
            kind: Kind::Service(serve),
            continues_first,
        }
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            continues_first: false,
        }
    }

    /// Serves a tower service with hyper, over HTTP/1.1.
    ///
    /// Needs the features `tower` and `hyper`, or `axum`. Each request gets a clone of the service and
    /// has the [`SocketAddr`] of its peer in its extensions. The task of a connection runs on one
    /// thread, so the futures of the service need not be `Send`.
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::Full;
    /// use hubseal::{AppSecret, Endpoint, testing::Receiver, tower::VerifyLayer};
    /// use std::convert::Infallible;
    /// use tower::ServiceBuilder;
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let service = ServiceBuilder::new()
    ///     .layer(VerifyLayer::new(Endpoint::builder(secret).build()?))
    ///     .service_fn(async |_: http::Request<Full<Bytes>>| {
    ///         Ok::<_, Infallible>(http::Response::new(Full::default()))
    ///     });
    /// let _receiver = Receiver::tower(service);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(all(feature = "tower", any(feature = "axum", feature = "hyper")))]
    pub fn tower<S, B>(service: S) -> Self
    where
        S: tower_service::Service<
                http::Request<hyper::body::Incoming>,
                Response = http::Response<B>,
                Error: Into<alloc::boxed::Box<dyn core::error::Error + Send + Sync>>,
                Future: 'static,
            > + Clone
            + Send
            + 'static,
        B: http_body::Body<Error: Into<alloc::boxed::Box<dyn core::error::Error + Send + Sync>>>
            + 'static,
    {
        let function = move |request| {
            let mut service = service.clone();
            async move {
                core::future::poll_fn(|context| service.poll_ready(context)).await?;
                service.call(request).await
            }
        };
        Self::service(http_server::serve(function), false)
    }

    /// Serves a hyper service over HTTP/1.1.
    ///
    /// Needs the feature `hyper`. Each request has the [`SocketAddr`] of its peer in its extensions.
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::Full;
    /// use hubseal::{AppSecret, Endpoint, Verified, hyper::Verify, testing::Receiver};
    /// use std::convert::Infallible;
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let endpoint = Endpoint::builder(secret).build()?;
    /// let service = Verify::new(endpoint, async |_: http::Request<Verified<Bytes>>| {
    ///     Ok::<_, Infallible>(http::Response::new(Full::<Bytes>::default()))
    /// });
    /// let _receiver = Receiver::hyper(service);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "hyper")]
    pub fn hyper<S, B>(service: S) -> Self
    where
        S: hyper::service::Service<
                http::Request<hyper::body::Incoming>,
                Response = http::Response<B>,
                Error: Into<alloc::boxed::Box<dyn core::error::Error + Send + Sync>>,
                Future: 'static,
            > + Send
            + 'static,
        B: http_body::Body<Error: Into<alloc::boxed::Box<dyn core::error::Error + Send + Sync>>>
            + 'static,
    {
        Self::service(
            http_server::serve(move |request| service.call(request)),
            false,
        )
    }

    /// Serves an app of actix-web with its own server and one worker.
    ///
    /// Needs the feature `actix`. actix-web sends `100 Continue` before it calls the app. With this receiver,
    /// that is not a failure.
    ///
    /// # Examples
    /// ```
    /// use actix_web::{App, HttpResponse, web};
    /// use hubseal::{AppSecret, Endpoint, Verified, testing::Receiver};
    ///
    /// async fn on_delivery(_body: Verified<web::Bytes>) -> HttpResponse {
    ///     HttpResponse::Ok().finish()
    /// }
    ///
    /// let secret = AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?;
    /// let endpoint = Endpoint::builder(secret).build()?;
    /// let _receiver = Receiver::actix(move || {
    ///     App::new().service(hubseal::actix::webhook("/webhook", endpoint.clone(), on_delivery))
    /// });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "actix")]
    pub fn actix<F, T, B>(app: F) -> Self
    where
        F: Fn() -> actix_web::App<T> + Clone + Send + 'static,
        T: actix_web::dev::ServiceFactory<
                actix_web::dev::ServiceRequest,
                Config = (),
                Response = actix_web::dev::ServiceResponse<B>,
                Error = actix_web::Error,
                InitError = (),
            > + 'static,
        B: actix_web::body::MessageBody + 'static,
    {
        Self::service(actix_server::serve(app), true)
    }

    /// Starts the server, if there is one, and waits until it accepts a connection.
    pub(super) fn start(self) -> io::Result<Running> {
        let (addresses, server) = match self.kind {
            Kind::Address(address) => (Vec::from([address]), None),
            Kind::Name(name) => (resolve(&name)?, None),
            Kind::Service(serve) => {
                let server = Server::start(serve)?;
                (Vec::from([server.address]), Some(server))
            }
        };
        let address = connect(&addresses)?;
        Ok(Running { address, server })
    }
}

impl Running {
    /// Stops the server and waits for its thread.
    pub(super) fn stop(self) -> io::Result<()> {
        self.server.map_or(Ok(()), |mut server| server.stop())
    }
}

fn resolve(name: &str) -> io::Result<Vec<SocketAddr>> {
    let found = name.to_socket_addrs().map_err(|error| {
        let problem = format!("`{name}` is not a host and a port: {error}");
        io::Error::new(io::ErrorKind::InvalidInput, problem)
    });
    Ok(found?.collect())
}

/// Returns the first address that accepts a connection, as soon as one does.
fn connect(addresses: &[SocketAddr]) -> io::Result<SocketAddr> {
    let start = Instant::now();
    loop {
        let mut refused = io::ErrorKind::AddrNotAvailable.into();
        for address in addresses {
            match TcpStream::connect_timeout(address, START) {
                Ok(_) => return Ok(*address),
                Err(error) => refused = error,
            }
        }
        if start.elapsed() >= START {
            let problem = format!("no connection to {addresses:?}: {refused}");
            return Err(io::Error::new(refused.kind(), problem));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

impl From<SocketAddr> for Receiver {
    fn from(address: SocketAddr) -> Self {
        Self::of(Kind::Address(address))
    }
}

/// Takes a host and a port, such as `127.0.0.1:8080`.
impl From<&str> for Receiver {
    fn from(address: &str) -> Self {
        Self::of(Kind::Name(address.to_owned()))
    }
}

/// Serves the router with hyper, over HTTP/1.1, with `ConnectInfo<SocketAddr>` for each request.
#[cfg(feature = "axum")]
impl From<axum::Router> for Receiver {
    fn from(router: axum::Router) -> Self {
        Self::tower(router)
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Address(address) => f.debug_tuple("Receiver").field(address).finish(),
            Kind::Name(name) => f.debug_tuple("Receiver").field(name).finish(),
            Kind::Service(_) => f.write_str("Receiver(service)"),
        }
    }
}
