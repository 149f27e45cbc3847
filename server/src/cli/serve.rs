//! `tsumugi serve`: an existing data folder, until it is told to stop.

use super::start::{Started, WhenEmpty, start};
use super::{Outcome, operator, rules, runtime};
use crate::config::{self, Config, Overrides};
use crate::edge::{Certificate, Served, serve};
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs the command.
pub fn run(overrides: &Overrides) -> Outcome {
    let config = config::read(overrides)?;
    let policies = rules(&config)?;
    runtime()?.block_on(async {
        let started = start(&config, policies, WhenEmpty::Refuse).await?;
        let word = Word::awaited()?;
        let open = open_door(&config, &started).await?;
        tracing::info!(address = %open.address, "tsumugi is open");
        until_told(word, open, started).await
    })
}

/// Opens the public door, and the operator's socket behind it.
pub async fn open_door(config: &Config, started: &Started) -> Result<Served, String> {
    let certificate = Certificate::of(config, started.app.clock.now())
        .map_err(|error| format!("the certificate cannot be used: {error}"))?;
    let open = serve(&started.app, config, &certificate).await;
    let open = open.map_err(|error| format!("{} cannot be listened on: {error}", config.listen))?;
    operator::listen(started, config);
    Ok(open)
}

/// The word to stop: SIGTERM or SIGINT. Heard before anybody is told that the server is ready, or it would end the process.
pub struct Word {
    terminate: Signal,
    interrupt: Signal,
}

impl Word {
    /// Listens for it from now on.
    pub fn awaited() -> Result<Self, String> {
        let listen = |kind| signal(kind).map_err(|error| error.to_string());
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }
}

/// Serves until SIGTERM or SIGINT, then stops in order: links told to come back, commits finished, store closed.
pub async fn until_told(mut word: Word, open: Served, started: Started) -> Outcome {
    tokio::select! {
        _ = word.terminate.recv() => {}
        _ = word.interrupt.recv() => {}
    }
    tracing::info!("stopping");
    open.close().await;
    finish(started).await;
    Ok(ExitCode::SUCCESS)
}

/// Closes store and keys of a folder whose tasks have ended.
pub async fn finish(started: Started) {
    started.app.tasks.stop();
    started.app.tasks.ended(std::time::Duration::from_secs(20)).await;
    started.app.store.clone().close().await;
    if let Err(error) = started.app.keys.close().await {
        tracing::warn!(%error, "the key store did not close");
    }
}
