//! `tsumugi clock`: moves a demo's clock on, so that what happens after half an hour or two months can be seen now.

use super::errand::Errand;
use super::{Outcome, operator, rules};
use crate::config::{self, Overrides};
use std::process::ExitCode;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Turn {
    #[command(flatten)]
    settings: Overrides,
    /// How many seconds on
    #[arg(long)]
    forward: u64,
}

/// Runs the command.
pub fn run(turn: &Turn) -> Outcome {
    let config = config::read(&turn.settings)?;
    let policies = rules(&config)?;
    operator::send(&config, policies, Errand::TurnClock { seconds: turn.forward }, |_| {})?;
    Ok(ExitCode::SUCCESS)
}
