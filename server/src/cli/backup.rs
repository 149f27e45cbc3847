//! `tsumugi backup`: one generation, made by the running server beside everything that goes on.

use super::errand::{Errand, Told};
use super::{Outcome, absolute, operator, rules};
use crate::config::{self, Overrides};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    settings: Overrides,
    /// Folder that the backup goes to, beside earlier ones; the eight newest stay
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Runs the command.
pub fn run(backup: &Backup) -> Outcome {
    let config = config::read(&backup.settings)?;
    let policies = rules(&config)?;
    let to = absolute(&backup.to)?.to_str().map(str::to_owned);
    let to = to.ok_or_else(|| "the folder's name is not UTF-8".to_owned())?;
    operator::send(&config, policies, Errand::Backup { to }, |told| {
        if let Told::Line { text } = told {
            println!("{text}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
