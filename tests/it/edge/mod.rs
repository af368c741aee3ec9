//! The address of the client, and the gates that judge it.

mod allow_list;
mod client_address;
mod failure_limit;
mod gates;
