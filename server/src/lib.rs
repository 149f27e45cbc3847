//! The Tsumugi server.
pub mod store;
