//! Every word on the wire.
