//! The promises of Tsumugi, proved from outside: one binary, one module per promise.

mod arrows;
mod at_rest;
mod audit;
mod both_databases;
mod catching_up;
mod confirming;
mod connecting;
mod documents;
mod durable;
mod entering;
mod floods;
mod free_groups;
mod harness;
mod hostile;
mod idle;
mod limits;
mod locking;
mod metrics;
mod recording;
mod refusals;
mod sending;
mod sessions;
mod signing_in;
mod strange_tokens;
mod strangers;
mod synced;
