//! Verifies the signatures of Meta webhooks (WhatsApp Business, Messenger, Instagram, Pages) before any
//! other code reads the body. Also verifies [other schemes](Scheme): GitHub, Stripe, Slack, Shopify, Standard
//! Webhooks, Svix, and your own with HMAC-SHA256.
//!
//! It also limits the size, the read time and the memory of unverified bodies. It answers Meta's
//! registration handshake, rotates secrets without downtime, and redacts secrets from logs.
//!
//! With axum:
//! ```sh
//! cargo add hubseal --features axum
//! cargo add axum serde_json tracing-subscriber
//! cargo add tokio --features macros,net,rt-multi-thread
//! ```
#![cfg_attr(feature = "axum", doc = "```no_run")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use axum::{Router, body::Bytes, http::StatusCode};
//! use hubseal::{AppSecret, Endpoint, Verified, VerifyToken};
//!
//! // Runs for verified deliveries (webhook `POST`s) only.
//! async fn on_delivery(body: Verified<Bytes>) -> StatusCode {
//!     match body.json::<serde_json::Value>() {
//!         Ok(update) => println!("{} signed with {}", update["object"], update.key()),
//!         Err(rejection) => eprintln!("{rejection}"),
//!     }
//!     StatusCode::OK // Meta repeats a delivery for days after any other status.
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     tracing_subscriber::fmt().init(); // hubseal logs every rejected request
//!     let endpoint = Endpoint::builder(AppSecret::meta_from_env("APP_SECRET")?)
//!         .verify_token(VerifyToken::from_env("VERIFY_TOKEN")?)
//!         .build()?;
//!
//!     // One route for GET (the handshake) and POST (deliveries).
//!     let app = Router::new()
//!         .merge(hubseal::axum::webhook("/webhook", on_delivery))
//!         .with_state(endpoint);
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//!     axum::serve(listener, app).await?;
//!     Ok(())
//! }
//! ```
//!
//! Without a framework:
//! ```
//! use hubseal::{AppSecret, Verifier};
//!
//! let verifier = Verifier::new(AppSecret::new("It's a Secret to Everybody")?);
//! let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
//!
//! let verified = verifier.verify(header, "Hello, World!")?;
//! assert_eq!(verified.key().as_str(), "current"); // the name of a single key
//! assert!(verifier.verify(header, "Hello, World?").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which part do I need?
//!
//! | you have | use | feature | guide |
//! |---|---|---|---|
//! | axum | [`hubseal::axum::webhook`][axum-webhook] | `axum` | [axum] |
//! | actix-web | [`hubseal::actix::webhook`][actix-webhook] | `actix` | [actix-web] |
//! | hyper | [`hubseal::hyper::verify`][hyper-verify] | `hyper` | [hyper] |
//! | a stack of tower services | [`hubseal::tower::VerifyLayer`][tower-layer] | `tower` | [tower] |
//! | AWS Lambda, or another gateway that reads the body | [`Endpoint::verify_request`] | | [gateways] |
//! | another framework | [`Endpoint::admit`] and [`BodyVerifier`] | | [custom servers] |
//! | the whole body in memory, limited by other code | [`Verifier::verify`] | | [custom servers] |
//! | a body in chunks that you store yourself | [`Verifier::begin`] | | [custom servers] |
//! | webhooks of GitHub, Shopify, Slack, Stripe, Svix or another platform | a [`Scheme`] in [`EndpointBuilder::scheme`] | | [schemes] |
//! | two apps that post to one URL | [`KeyRing`] | | [two apps] |
//! | secrets in files, to rotate at run time | [`Secrets`][secrets] | | [rotation] |
//! | secrets from elsewhere, to rotate | [`KeyRing`], `Endpoint::replace_verify_tokens` | | [rotation] |
//! | senders to restrict by their address | [`AllowList`][allow-list] in `EndpointBuilder::allow_list` | `edge` | [sources] |
//! | senders of forged requests to slow down | [`FailureLimit`][failure-limit] in `EndpointBuilder::failure_limit` | `edge` | [sources] |
//! | a proxy in front | [`ClientAddress`][client-address] in `EndpointBuilder::client_address` | `edge` | [proxies] |
//! | duplicates and replays | [`ReplayGuard`][replay-guard] in `EndpointBuilder::replay_guard` | `replay` | [duplicates] |
//! | Graph API calls to sign | [`AppSecretProof`] | | |
//! | a log line for each request | a `tracing` subscriber, or with actix-web a logger for `log` | `tracing`, which adapters include | [production] |
//! | Prometheus, or another metrics system | an exporter for the `metrics` crate | `metrics` | [monitoring] |
//! | an audit log | [`AuditLog`][audit-log] | `audit` | [production] |
//! | a health route | [`Health`][health] | | [production] |
//! | your own code for each request's outcome | [`Observer`] | | [production] |
//! | logs, errors or panics that may contain secrets | [`redact::Redactor`][redactor] | `redact`, `tracing-subscriber` | [redaction] |
//! | URLs or headers to log | [`redact::RedactedUrl`], [`redact::RedactedHeaders`] | | [redaction] |
//! | a signature that does not match | [`hubseal::diagnose`][diagnose-module] | `diagnose` | [signature mismatch] |
//! | WhatsApp updates that Meta repeats in another batch | [`Verified::updates`][updates] | `json` | [duplicates] |
//! | tests of your handler | [`hubseal::testing`][testing-module] | `testing` | [testing] |
//!
//! # Rules
//! 1. Only verification creates a [`Verified`]. Only a [`Verified`] body can be parsed.
//! 2. A [`Verifier`] needs a secret. No setting of an [`Endpoint`] turns off verification or a limit.
//! 3. The defaults fit Meta: 4 MiB for a body, 10 seconds to read it, and 64 MiB of memory for all
//!    unverified bodies of an endpoint that are still arriving ([`MemoryBudget`]).
//! 4. [`Endpoint`] makes every decision and does no I/O. Adapters pass bytes to it and send its
//!    responses.
//! 5. Each request to an endpoint has exactly one [`Outcome`]. Logs, metrics and your [`Observer`]s get it,
//!    with the reason of a rejection. The sender gets a status and an empty body.
//! 6. Every verified delivery reaches your code, even one that is sent again. With a
//!    [`ReplayGuard`][replay-guard], the adapters drop duplicates.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `std` (default) | secrets from files and the environment, [`Secrets`][secrets], [`Verifier::replace_keys`](Verifier#method.replace_keys), [`Health`][health] |
//! | `json` | [`Verified::json`](Verified#method.json), `Json`, and [`Verified::updates`](Verified#method.updates) |
//! | `axum` | `hubseal::axum`; includes `json` and `tower` |
//! | `actix` | `hubseal::actix`; includes `json` |
//! | `hyper` | `hubseal::hyper` |
//! | `tower` | `hubseal::tower` |
//! | `tracing` | an event for each request, through `tracing`; the adapters include it |
//! | `edge` | [`hubseal::edge`][edge-module]: an allow-list of sources, a limit for failed requests, and client addresses behind proxies |
//! | `replay` | [`hubseal::replay`][replay-module]: drops duplicates and replays, with a store in memory or your own |
//! | `redis` | `hubseal::replay::RedisStore`: the same for several processes; includes `replay` |
//! | `metrics` | metrics of requests, through the `metrics` crate |
//! | `redact` | [`redact::Redactor`][redactor], which replaces secrets and personal data in logs |
//! | `tracing-subscriber` | `redact::RedactingMakeWriter`, which redacts the output of `tracing-subscriber`; includes `redact` |
//! | `audit` | [`AuditLog`][audit-log], which writes a JSON line for each request |
//! | `getrandom` | a random [`redact::PseudonymKey`][pseudonym-key], with `redact` or `audit` |
//! | `diagnose` | `hubseal::diagnose`: the likely cause of a signature mismatch; includes `json` |
//! | `testing` | `hubseal::testing`: signed requests and the attack suite |
//! | `full` | all of these |
//!
//! Without `std`, the crate needs `alloc` and pointer-sized atomics. On `wasm32-unknown-unknown`, every
//! feature works except `axum`, `actix`, `hyper`, `tower`, `replay` and `redis`. There is no clock: see
//! [gateways].
//!
//! # Guides
//! - Deployment: [production], [sources], [duplicates], [monitoring], [proxies], [rotation]
//! - Problems: [signature mismatch], [common mistakes], [incidents]
//!
//! [axum-webhook]: https://docs.rs/hubseal/latest/hubseal/axum/fn.webhook.html
//! [actix-webhook]: https://docs.rs/hubseal/latest/hubseal/actix/fn.webhook.html
//! [hyper-verify]: https://docs.rs/hubseal/latest/hubseal/hyper/fn.verify.html
//! [tower-layer]: https://docs.rs/hubseal/latest/hubseal/tower/struct.VerifyLayer.html
//! [audit-log]: https://docs.rs/hubseal/latest/hubseal/struct.AuditLog.html
//! [health]: https://docs.rs/hubseal/latest/hubseal/struct.Health.html
//! [diagnose-module]: https://docs.rs/hubseal/latest/hubseal/diagnose/index.html
//! [allow-list]: https://docs.rs/hubseal/latest/hubseal/edge/struct.AllowList.html
//! [failure-limit]: https://docs.rs/hubseal/latest/hubseal/edge/struct.FailureLimit.html
//! [client-address]: https://docs.rs/hubseal/latest/hubseal/edge/struct.ClientAddress.html
//! [edge-module]: https://docs.rs/hubseal/latest/hubseal/edge/index.html
//! [replay-guard]: https://docs.rs/hubseal/latest/hubseal/replay/struct.ReplayGuard.html
//! [replay-module]: https://docs.rs/hubseal/latest/hubseal/replay/index.html
//! [redactor]: https://docs.rs/hubseal/latest/hubseal/redact/struct.Redactor.html
//! [pseudonym-key]: https://docs.rs/hubseal/latest/hubseal/redact/struct.PseudonymKey.html
//! [updates]: https://docs.rs/hubseal/latest/hubseal/updates/index.html
//! [testing-module]: https://docs.rs/hubseal/latest/hubseal/testing/index.html
//! [axum]: https://docs.rs/crate/hubseal/latest/source/docs/guide/axum.md
//! [actix-web]: https://docs.rs/crate/hubseal/latest/source/docs/guide/actix.md
//! [hyper]: https://docs.rs/crate/hubseal/latest/source/docs/guide/hyper.md
//! [tower]: https://docs.rs/crate/hubseal/latest/source/docs/guide/tower.md
//! [gateways]: https://docs.rs/crate/hubseal/latest/source/docs/guide/lambda.md
//! [custom servers]: https://docs.rs/crate/hubseal/latest/source/docs/guide/custom.md
//! [two apps]: https://docs.rs/crate/hubseal/latest/source/docs/guide/two-apps.md
//! [rotation]: https://docs.rs/crate/hubseal/latest/source/docs/guide/rotation.md
//! [schemes]: https://docs.rs/crate/hubseal/latest/source/docs/guide/schemes.md
//! [duplicates]: https://docs.rs/crate/hubseal/latest/source/docs/guide/duplicates.md
//! [secrets]: https://docs.rs/hubseal/latest/hubseal/struct.Secrets.html
//! [sources]: https://docs.rs/crate/hubseal/latest/source/docs/guide/sources.md
//! [testing]: https://docs.rs/crate/hubseal/latest/source/docs/guide/testing.md
//! [redaction]: https://docs.rs/crate/hubseal/latest/source/docs/redaction.md
//! [production]: https://docs.rs/crate/hubseal/latest/source/docs/guide/production.md
//! [monitoring]: https://docs.rs/crate/hubseal/latest/source/docs/guide/monitoring.md
//! [proxies]: https://docs.rs/crate/hubseal/latest/source/docs/guide/proxies.md
//! [signature mismatch]: https://docs.rs/crate/hubseal/latest/source/docs/guide/signature-mismatch.md
//! [common mistakes]: https://docs.rs/crate/hubseal/latest/source/docs/guide/common-mistakes.md
//! [incidents]: https://docs.rs/crate/hubseal/latest/source/docs/guide/incident.md
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(hubseal_docs, feature(doc_cfg))]
// What the adapters share is not a feature for users.
#![cfg_attr(
    hubseal_docs,
    doc(auto_cfg(hide(feature = "_adapter", feature = "_http")))
)]
#![doc(test(attr(deny(warnings))))]
// Not in Cargo.toml, because tests and examples may panic and index.
#![warn(
    clippy::alloc_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "_adapter")]
mod adapters;
mod appsecret_proof;
#[cfg(feature = "diagnose")]
pub mod diagnose;
#[cfg(feature = "edge")]
pub mod edge;
mod endpoint;
mod header_lookup;
mod observe;
pub mod redact;
mod rejection;
#[cfg(feature = "replay")]
pub mod replay;
#[cfg(feature = "std")]
mod rotation;
mod secret;
mod signature;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "json")]
pub mod updates;

#[cfg(feature = "actix")]
pub use adapters::actix;
#[cfg(feature = "axum")]
pub use adapters::axum;
#[cfg(feature = "_http")]
#[cfg_attr(
    hubseal_docs,
    doc(cfg(any(feature = "axum", feature = "hyper", feature = "tower")))
)]
pub use adapters::http;
#[cfg(feature = "hyper")]
pub use adapters::hyper;
#[cfg(feature = "tower")]
pub use adapters::tower;
pub use appsecret_proof::AppSecretProof;
pub use endpoint::{
    Admitted, BodyVerifier, Challenge, ConfigError, Endpoint, EndpointBuilder, Handshake,
    MemoryBudget, PayloadLimit, RequestHead, VerifiedBody,
};
pub use header_lookup::HeaderLookup;
#[cfg(feature = "audit")]
pub use observe::AuditLog;
pub use observe::{End, Observer, Outcome};
#[cfg(feature = "std")]
pub use observe::{Health, HealthProblem, HealthReport};
pub use rejection::{Rejection, RejectionKind, Reply, SignatureFailureStatus};
#[cfg(feature = "std")]
pub use rotation::{Secrets, SecretsBuilder};
pub use secret::{AccessToken, AppSecret, SecretError, SecretErrorKind, VerifyToken};
#[cfg(feature = "json")]
pub use signature::Json;
pub use signature::{
    Fingerprint, KeyName, KeyRing, KeyRingError, Scheme, Signature, SignedPart, StableBytes,
    Verification, Verified, Verifier,
};

/// The examples of the README, compiled and run.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the page about redaction, compiled and run.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../docs/redaction.md")]
struct Redaction;

/// The examples of the guide, compiled and run.
#[cfg(all(doctest, feature = "full"))]
mod guide {
    macro_rules! pages {
        ($($name:ident: $file:literal,)*) => {
            $(
                #[doc = include_str!(concat!("../docs/guide/", $file))]
                struct $name;
            )*
        };
    }

    pages! {
        Actix: "actix.md",
        Axum: "axum.md",
        CommandLine: "command-line.md",
        CommonMistakes: "common-mistakes.md",
        Custom: "custom.md",
        Duplicates: "duplicates.md",
        Hyper: "hyper.md",
        Incident: "incident.md",
        Lambda: "lambda.md",
        Monitoring: "monitoring.md",
        Mtls: "mtls.md",
        Production: "production.md",
        Proxies: "proxies.md",
        Queue: "queue.md",
        Rotation: "rotation.md",
        Schemes: "schemes.md",
        SignatureMismatch: "signature-mismatch.md",
        Sources: "sources.md",
        Testing: "testing.md",
        Tower: "tower.md",
        TwoApps: "two-apps.md",
    }
}
