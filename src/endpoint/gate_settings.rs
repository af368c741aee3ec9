//! The gates of an endpoint in its builder.

use super::EndpointBuilder;
use crate::edge::{AllowList, ClientAddress, FailureLimit};

impl EndpointBuilder {
    /// Sets how the address of the client is found behind trusted proxies. By default, the source of a request is
    /// the peer: the other end of the connection.
    ///
    /// The gates and [`Outcome::source`](crate::Outcome::source) use it.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::edge::ClientAddress;
    ///
    /// let _endpoint = builder.client_address(ClientAddress::behind_proxies("127.0.0.1")?).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_address(mut self, client_address: ClientAddress) -> Self {
        self.policy.gates.client_address = Some(client_address);
        self
    }

    /// Sets the list of networks that may send requests. Others are rejected with 403 before anything else is
    /// checked, or only reported: see [`AllowList::report_only`].
    ///
    /// # Security
    /// The list is a gate in front of the signature check, which stays on. Unless the list is report-only, a request
    /// is also rejected if the address of its client is unknown. Without the address of the peer, every request is rejected with 500:
    /// see [`RequestHead::peer`](crate::RequestHead::peer).
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::{RejectionKind, RequestHead, edge::AllowList};
    ///
    /// let endpoint = builder.allow_list(AllowList::parse("192.0.2.0/24")?).build()?;
    /// let headers = [("x-hub-signature-256", endpoint.verifier().sign("{}").to_string())];
    /// let head = RequestHead::new("POST", &headers).peer([198, 51, 100, 7].into());
    /// let rejection = endpoint.receive(&head).err().unwrap();
    /// assert_eq!(rejection.kind(), RejectionKind::SourceNotAllowed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_list(mut self, list: AllowList) -> Self {
        self.policy.gates.allow_list = Some(list);
        self
    }

    /// Limits the failed requests of each source. Above the limit, its requests are rejected with 429 and
    /// `Retry-After`, before anything else but the allow-list is checked.
    ///
    /// - A delivery is a failure if its signature, coding or length is rejected. So is one whose body is too large,
    ///   cut off, too slow or abandoned.
    /// - Verified deliveries are never counted. Neither are handshakes and other methods, nor requests that are
    ///   rejected with 429.
    ///
    /// # Security
    /// Behind a proxy, also set [`client_address`](Self::client_address). Otherwise all senders have the address
    /// of the proxy, and the failures of one lock out all others.
    ///
    /// # Examples
    /// ```
    /// # use hubseal::{AppSecret, Endpoint};
    /// # let builder = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a6978")?);
    /// use hubseal::{RequestHead, edge::FailureLimit};
    ///
    /// let endpoint = builder.failure_limit(FailureLimit::per_minute(10)).build()?;
    /// let unsigned: [(&str, &str); 0] = [];
    /// let head = RequestHead::new("POST", &unsigned).peer([198, 51, 100, 7].into());
    /// let statuses = (0..11).map(|_| endpoint.receive(&head).err().unwrap().status());
    /// assert_eq!(statuses.last(), Some(429));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn failure_limit(mut self, limit: FailureLimit) -> Self {
        self.policy.gates.failure_limit = Some(limit);
        self
    }
}
