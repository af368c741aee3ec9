//! Receivers to probe: the three adapters of hubseal, and three as tutorials show them.

mod by_hand;
mod foreign;
mod ours;

pub(crate) use by_hand::by_hand;
pub(crate) use foreign::{node, python};
pub(crate) use ours::{actix, axum, axum_of_updates, axum_with_scheme, hyper};
