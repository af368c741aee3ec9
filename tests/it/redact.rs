//! What redaction finds, and what it leaves alone.

mod corpus;
