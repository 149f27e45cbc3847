//! `loadtest`: measures a running Tsumugi from outside, speaking only the protocol over TLS.

#![expect(
    clippy::disallowed_methods,
    reason = "a measuring tool reads the real clock and starts its own tasks; the injected ones belong to the server"
)]

mod bench;
mod checker;
mod client;
mod disk;
mod frame;
mod latency;
mod machine;
mod progress;
mod report;
mod scenario;
mod script;
mod server;
mod settings;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Measures a Tsumugi server from outside: real TLS, real links, nothing but the protocol.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Starts servers of its own in a fresh folder and measures the figures of the core.
    Bench(settings::Asked),
}

#[tokio::main]
async fn main() -> ExitCode {
    let What::Bench(asked) = Cli::parse().what;
    // Dropping the run stops its servers and removes its folder.
    tokio::select! {
        done = bench::run(&asked) => match done {
            Ok(report) if report.is_correct() => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("loadtest: {error:#}");
                ExitCode::from(2)
            }
        },
        _ = tokio::signal::ctrl_c() => {
            eprintln!("loadtest: stopped");
            ExitCode::from(130)
        }
    }
}
