//! `tsumugi account link`: a first sign-in for somebody who has none yet, or whose link went astray.

use super::errand::{Errand, Told};
use super::{Outcome, operator};
use crate::config::{self, Config, Overrides};
use crate::crypto::secret::Secret;
use crate::policy::Policies;
use std::process::ExitCode;

/// Work with accounts.
#[derive(Debug, clap::Subcommand)]
pub enum Account {
    /// Make a new first link for an account that has set no password yet; earlier ones are dead then
    Link(Link),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Link {
    #[command(flatten)]
    settings: Overrides,
    /// E-mail address of the account
    #[arg(long)]
    email: String,
}

/// Runs the command.
pub fn run(account: &Account) -> Outcome {
    let Account::Link(ask) = account;
    let config = config::read(&ask.settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    let hours = policies.first_link_hours();
    let errand = Errand::FirstLink { email: ask.email.clone() };
    operator::send(&config, policies, errand, |told| {
        if let Told::Link(made) = told {
            println!("First sign-in of {} (good once, for {hours} hours):\n\n  {}\n", made.email, made.link);
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where a browser goes with a first link.
pub fn first_link(config: &Config, token: &Secret) -> String {
    let origin = config.allowed_origins().into_iter().next().unwrap_or_default();
    format!("{origin}/first#{}", token.reveal())
}
