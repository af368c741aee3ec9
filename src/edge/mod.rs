//! Gates that judge the source of a request, before its signature.

mod allow_list;
mod client_address;
mod failure_limit;
mod networks;

pub use allow_list::AllowList;
pub use client_address::{ClientAddress, ClientAddressError};
pub use failure_limit::FailureLimit;
pub use networks::NetworksError;
