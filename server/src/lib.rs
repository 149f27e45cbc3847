//! The Tsumugi server.
