//! Rebuilds the binary when what it embeds changes.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-changed=../client-web/dist");
}
