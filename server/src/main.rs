//! The `tsumugi` binary: carry the client, read the arguments, run, say how it went.

use mimalloc::MiMalloc;
use rust_embed::RustEmbed;
use std::process::ExitCode;

/// What one thread allocates for a post another one frees: the system's allocator takes a tenth of a delivery's CPU for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[derive(RustEmbed)]
#[folder = "../client-web/dist"]
struct Client;

fn main() -> ExitCode {
    tsumugi_server::cli::run(|path| Client::get(path).map(|file| file.data))
}
