//! Gates that check the source of a request before its signature.
//!
//! | gate | rejects | builder method |
//! |---|---|---|
//! | [`AllowList`] | sources outside of a list of networks, with 403 | [`allow_list`](crate::EndpointBuilder::allow_list) |
//! | [`FailureLimit`] | sources with too many failed requests, with 429 | [`failure_limit`](crate::EndpointBuilder::failure_limit) |
//!
//! The source is the address of the peer: the other end of the connection. Behind a proxy, [`ClientAddress`]
//! finds the address of the client. The
//! [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/sources.md) has a complete server.
//!
//! # Rules
//! 1. Gates are off by default. They add to the signature check and never replace it.
//! 2. A gate needs the address of the peer. This also applies in report-only mode. Without the address, every request
//!    is rejected with 500 ([`NotConfigured`](crate::RejectionKind::NotConfigured)). The log names the remedy once.
//! 3. If the address of the client is unknown, a gate rejects the request
//!    ([`SourceUnknown`](crate::RejectionKind::SourceUnknown)). An allow-list in report-only mode accepts it,
//!    but a failure limit still rejects it.
//! 4. All three types also work without an endpoint.
//!
//! # Examples
//! ```
//! use hubseal::{AppSecret, Endpoint, RequestHead};
//! use hubseal::edge::{AllowList, ClientAddress, FailureLimit};
//!
//! let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
//!     .client_address(ClientAddress::behind_proxies("10.0.0.1")?)
//!     .allow_list(AllowList::parse("192.0.2.0/24 # our monitoring")?)
//!     .failure_limit(FailureLimit::per_minute(10))
//!     .build()?;
//!
//! let signature = endpoint.verifier().sign("{}").to_string();
//! let headers = [("x-hub-signature-256", &*signature), ("x-forwarded-for", "192.0.2.7")];
//! let head = RequestHead::new("POST", &headers).peer([10, 0, 0, 1].into());
//! assert!(endpoint.receive(&head)?.finish_with("{}").is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allow_list;
mod client_address;
mod failure_limit;
mod failure_table;
mod forwarded;
mod network_list;
mod networks;
mod shared_networks;

pub use allow_list::AllowList;
pub use client_address::{ClientAddress, ClientAddressError};
pub use failure_limit::FailureLimit;
pub use networks::NetworksError;
