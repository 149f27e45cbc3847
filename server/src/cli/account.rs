//! `tsumugi account link`: a way in for somebody who has none yet, whose link went astray, or who lost her password where
//! no mail reaches her.

use super::errand::{Errand, Told};
use super::{Outcome, operator};
use crate::accounts::LinkPurpose;
use crate::config::{self, Config, Overrides};
use crate::crypto::secret::Secret;
use crate::policy::Policies;
use std::process::ExitCode;

/// Work with accounts.
#[derive(Debug, clap::Subcommand)]
pub enum Account {
    /// Make a new link: to the first sign-in or, for an account that has a password, to a new one; earlier ones are dead then
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
    let (hours, minutes) = (policies.first_link_hours(), policies.reset_link().as_secs() / 60);
    let errand = Errand::FirstLink { email: ask.email.clone() };
    operator::send(&config, policies, errand, |told| match told {
        Told::Link(made) => {
            println!("First sign-in of {} (good once, for {hours} hours):\n\n  {}\n", made.email, made.link);
        }
        Told::ResetLink(made) => {
            println!(
                "New password of {} (good once, for {minutes} minutes):\n\n  {}\n",
                made.email, made.link
            );
        }
        _ => {}
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where a browser goes with a link that is handed on.
pub fn handed_link(config: &Config, purpose: LinkPurpose, token: &Secret) -> String {
    let origin = config.allowed_origins().into_iter().next().unwrap_or_default();
    format!("{origin}/{}#{}", purpose.way().page(), token.reveal())
}

/// Where a browser goes with a first link.
pub fn first_link(config: &Config, token: &Secret) -> String {
    handed_link(config, LinkPurpose::First, token)
}
