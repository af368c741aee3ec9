//! Protection against replays and duplicates: drops copies of handled deliveries.
//!
//! Meta signs no time, so a captured delivery stays valid for ever. Meta also sends a delivery again until
//! it gets status 200, for up to seven days. A [`ReplayGuard`] recognises both:
//! ```
//! use hubseal::{AppSecret, Endpoint, replay::ReplayGuard};
//!
//! let endpoint = Endpoint::builder(AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?)
//!     .replay_guard(ReplayGuard::in_memory())
//!     .build()?;
//! # let _ = endpoint;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What happens to a verified delivery
//!
//! | it is | response | handler |
//! |---|---|---|
//! | new | that of the handler | runs |
//! | being handled at this moment | 503 with `Retry-After` | does not run |
//! | handled before | 200 with an empty body | does not run |
//! | any, while the store is unavailable | by default 503 with `Retry-After`: see [`OutagePolicy`] | by default does not run |
//!
//! 1. The guard claims the delivery after verification. A forged request never reaches the store.
//! 2. If the handler answers 200, the guard commits the claim. Then it sends the response.
//! 3. If the handler answers anything else, panics or is cancelled, the guard releases the claim. The next
//!    attempt runs the handler again.
//! 4. If the process crashes, the claim ends with its lease.
//!
//! # Where the guard works
//!
//! | you use | duplicates |
//! |---|---|
//! | a route, a layer, a middleware or a service of an adapter | are dropped |
//! | `Verified<…>` as an extractor alone, or `hubseal::hyper::verify` | reach your code |
//! | [`BodyVerifier`](crate::BodyVerifier) or [`Verifier`](crate::Verifier) | reach your code |
//!
//! In the last two cases, call [`ReplayGuard::claim`] with
//! [`Verified::fingerprint`](crate::Verified::fingerprint) yourself.
//!
//! # Which store to use
//!
//! | you have | use |
//! |---|---|
//! | one process | [`MemoryStore`] |
//! | several processes or machines | `RedisStore`, with the feature `redis` |
//! | another database | your own [`ReplayStore`] |
//!
//! The [guide](https://docs.rs/crate/hubseal/latest/source/docs/guide/duplicates.md) explains which
//! fingerprint to use, how to size Redis, and the effects of an outage.

mod claim_ids;
mod guard;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod shared;
mod store;
mod ticket;

#[cfg(feature = "testing")]
pub(crate) use claim_ids::ClaimIds;
pub use guard::{OutagePolicy, ReplayGuard};
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use store::{ClaimId, ClaimStatus, ReplayStore, StoreError, StoreFuture};
pub use ticket::{Claim, Ticket};
