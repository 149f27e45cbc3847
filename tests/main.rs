//! The promises of Tsumugi, proved from outside: one binary, one module per promise.

mod arrows;
