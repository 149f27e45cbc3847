//! What is generated from the types is in the repository and fresh. `TSUMUGI_WRITE=1 cargo test -p tsumugi-protocol` writes it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

use std::{fs, path::PathBuf};
use tsumugi_protocol::schema;

#[test]
fn the_typescript_of_the_client_is_fresh() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("bindings/protocol.ts");
    let fresh = schema::typescript();
    assert!(!fresh.contains("bigint"), "JSON.parse never makes a bigint");
    if std::env::var_os("TSUMUGI_WRITE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    assert!(stands == fresh, "{} is stale: run `make bindings`", path.display());
}
