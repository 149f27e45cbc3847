//! The `tsumugi` binary: read the arguments, run, say how it went.

use std::process::ExitCode;

fn main() -> ExitCode {
    tsumugi_server::cli::run()
}
