//! The updates in a verified delivery, to drop those that Meta sends again.
//!
//! Meta sends a delivery again until it gets status 200, and may batch the updates differently. So the
//! signature of a repeated delivery can differ, but the fingerprints of its updates do not. With the feature
//! `replay`, a [`ReplayGuard`][guard] finds those that were handled:
#![cfg_attr(feature = "replay", doc = "```")]
#![cfg_attr(not(feature = "replay"), doc = "```ignore")]
//! use std::error::Error;
//!
//! use hubseal::{Verified, replay::{Claim, ReplayGuard}};
//!
//! /// Returns whether every update is handled. If not, answer 503, so that Meta sends the delivery again.
//! async fn handle(body: &Verified<Vec<u8>>, guard: &ReplayGuard) -> Result<bool, Box<dyn Error>> {
//!     let updates = body.updates()?;
//!     let mut all_handled = true;
//!     for message in updates.messages() {
//!         match guard.claim(message.fingerprint()).await? {
//!             Claim::Fresh(ticket) => {
//!                 println!("new message of type {:?}", message.kind());
//!                 let _ = ticket.commit().await; // tries again in the background
//!             }
//!             Claim::InProgress => all_handled = false,
//!             Claim::Duplicate => {}
//!         }
//!     }
//!     for status in updates.statuses() {
//!         match guard.claim(status.fingerprint()).await? {
//!             Claim::Fresh(ticket) => {
//!                 println!("new status {}", status.status());
//!                 let _ = ticket.commit().await;
//!             }
//!             Claim::InProgress => all_handled = false,
//!             Claim::Duplicate => {}
//!         }
//!     }
//!     if updates.skipped() > 0 {
//!         eprintln!("skipped {} parts of the delivery", updates.skipped());
//!     }
//!     Ok(all_handled)
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! # let verifier = hubseal::Verifier::new(hubseal::AppSecret::new("0f1e2d3c4b5a69788796a5b4c3d2e1f0")?);
//! # let value = r#"{"messages":[{"id":"wamid.A"}],"statuses":[{"id":"wamid.A","status":"read"}]}"#;
//! # let body = format!(r#"{{"entry":[{{"changes":[{{"value":{value}}}]}}]}}"#).into_bytes();
//! # let body = verifier.verify(verifier.sign(&body).to_string(), body)?;
//! # let guard = ReplayGuard::in_memory();
//! # assert!(handle(&body, &guard).await?);
//! # let updates = body.updates()?;
//! # let (message, status) = (updates.messages().next().unwrap(), updates.statuses().next().unwrap());
//! # assert!(matches!(guard.claim(message.fingerprint()).await?, Claim::Duplicate));
//! # assert!(matches!(guard.claim(status.fingerprint()).await?, Claim::Duplicate));
//! # Ok::<(), Box<dyn Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn Error>>(())
//! ```
//!
//! - [`Message::fingerprint`] is a hash of the id of the message.
//! - [`Status::fingerprint`] is a hash of the id of the message, the status, and in a group the participant.
//!   One message has several statuses, such as `sent`, `delivered` and `read`.
//! - Commit a fingerprint, or store it, after the work is done. If you store it before, a crash loses the
//!   update.
//! - If a message cannot be parsed, log that and commit it. Otherwise Meta sends it again for days.
//! - Store fingerprints instead of ids: an id contains a phone number, and a fingerprint has none in clear.
//! - The fingerprints of updates differ from those of deliveries. So the endpoint can use the same guard.
//! - Other changes, such as those of templates and calls, have no common id. Read them with
//!   [`Change::json`].
//!
//! [guard]: https://docs.rs/hubseal/latest/hubseal/replay/struct.ReplayGuard.html
//!
//! # What is read
//!
//! | part | is read if it is | otherwise |
//! |---|---|---|
//! | the body | an object | a [`Rejection`](crate::Rejection) |
//! | `entry` | an array | one part is skipped |
//! | each entry | an object with an array `changes` | one part is skipped |
//! | each change | an object with an object `value` | one part is skipped |
//! | `messages` and `statuses` of a `value` | an array, `null` or absent | one part is skipped |
//! | each message | an object with a text `id` that is not empty | one part is skipped |
//! | each status | an object with such an `id` and such a `status` | one part is skipped |
//!
//! [`Updates::skipped`] counts the skipped parts. A skipped part hides no other one, and unknown fields
//! are ignored. All other fields are `None` if they are absent or have another type. Of two fields with the
//! same name, the last one counts.
//!
//! A number beyond `f64`, such as `1e999`, and half of a surrogate pair, such as `"\ud83d"`, count as
//! another type. Exception: the whole body is rejected if `entry`, an entry, `changes`, a change, `messages`
//! or `statuses` is such a value.
//!
//! The bodies of Pages and Instagram have `entry` and `changes` too, so their changes are read. An entry of
//! Messenger or Instagram with `messaging` in place of `changes` is skipped.

mod body;
mod change;
mod entry;
mod json;
mod message;
mod part;
mod status;

pub use body::Updates;
pub use change::Change;
pub use message::Message;
pub use status::Status;
