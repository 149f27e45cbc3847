//! `loadtest`: measures a running Tsumugi from outside, speaking only the protocol over TLS.

#![expect(
    clippy::disallowed_methods,
    reason = "a measuring tool reads the real clock and starts its own tasks; the injected ones belong to the server"
)]

mod bench;
mod beside;
mod checker;
mod client;
mod company;
mod crowd;
mod disk;
mod frame;
mod guard;
mod latency;
mod machine;
mod open_files;
mod page;
mod peers;
mod places;
mod progress;
mod recorded;
mod report;
mod scenario;
mod script;
mod server;
mod settings;
mod shape;
mod stats;
mod stream;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// Measures a Tsumugi server from outside: real TLS, real links, nothing but the protocol.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    what: Option<What>,
    /// One scenario.
    scenario: Option<scenario::Name>,
    #[command(flatten)]
    asked: settings::Asked,
}

#[derive(Subcommand)]
enum What {
    /// Starts servers of its own in a fresh folder, the floor beside ours, and measures all figures.
    Bench(settings::Asked),
    /// The same with every scenario there is and the longest histories: an hour.
    Soak(settings::Asked),
    /// Fails when CPU a delivery beside the floor is clearly worse than recorded.
    Guard(guard::Guard),
    /// Serves as the floor: the leanest honest server of our design.
    Floor(peers::floor::Floor),
    /// Serves as another peer, on a throw-away folder, until it is stopped.
    #[command(subcommand)]
    Peer(OtherPeer),
}

/// Servers of others that are measured beside ours.
#[derive(Subcommand)]
enum OtherPeer {
    /// ejabberd with rooms archived in PostgreSQL; prints where it is as a line of JSON.
    Ejabberd(peers::ejabberd::Serve),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    open_files::raise();
    // Dropping the run stops its servers and removes its folder.
    tokio::select! {
        done = run(cli) => match done {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("loadtest: {error:#}");
                ExitCode::from(2)
            }
        },
        () = told_to_stop() => {
            eprintln!("loadtest: stopped");
            ExitCode::from(130)
        }
    }
}

/// Waits for Ctrl-C, or for `kill`.
async fn told_to_stop() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Whether everything was as it must be.
async fn run(cli: Cli) -> anyhow::Result<bool> {
    match (cli.what, cli.scenario) {
        (Some(What::Bench(asked)), _) => Ok(bench::run(&bench::all(asked)).await?.is_correct()),
        (Some(What::Soak(asked)), _) => Ok(bench::run(&bench::long(asked)).await?.is_correct()),
        (Some(What::Guard(guard)), _) => guard::run(&guard).await,
        (Some(What::Floor(floor)), _) => peers::floor::serve(&floor).await.map(|()| true),
        (Some(What::Peer(OtherPeer::Ejabberd(asked))), _) => {
            peers::ejabberd::serve(&asked).await.map(|()| true)
        }
        (None, Some(scenario)) => {
            let asked = settings::Asked { only: vec![scenario], ..cli.asked };
            Ok(bench::run(&asked).await?.is_correct())
        }
        (None, None) => anyhow::bail!("name a scenario, or `bench`"),
    }
}
