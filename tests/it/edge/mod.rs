//! The address of the client, and the gates that judge it.

mod client_address;
