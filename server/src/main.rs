//! The `tsumugi` binary: read the arguments, run, say how it went.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// What one thread allocates for a post another one frees: the system's allocator takes a tenth of a delivery's CPU for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tsumugi_server::cli::run()
}
