//! The Tsumugi server.
pub mod clock;
pub mod crypto;
pub mod store;
