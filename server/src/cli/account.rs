//! `tsumugi account`: a way in for somebody who has none yet, whose link went astray, or who lost her password where no mail
//! reaches her; and what the operator does about an account where no admin is at hand.

use super::errand::{Errand, Told};
use super::{Outcome, operator, rules};
use crate::accounts::LinkPurpose;
use crate::config::{self, Config, Overrides};
use crate::crypto::secret::Secret;
use std::process::ExitCode;
use uuid::Uuid;

/// Work with accounts.
#[derive(Debug, clap::Subcommand)]
pub enum Account {
    /// Make a new link: to the first sign-in or, for an account that has a password, to a new one; earlier ones are dead then
    Link(Link),
    /// List the accounts: state, lock, second factor, last sign-in
    List(Settings),
    /// Open a locked sign-in before its time
    Unlock(Which),
    /// Keep everybody out of an account; its sessions end at once
    Suspend(Which),
    /// Let a suspended or restricted account be used again
    Restore(Which),
    /// Close an account for good, in its holder's stead: the reason records the enquiry
    Close(Which),
    /// Let an administrator of the holder's office close the account in her stead, once: opens a case on a recorded enquiry
    SupportCase(Case),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Settings {
    #[command(flatten)]
    settings: Overrides,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Which {
    #[command(flatten)]
    settings: Overrides,
    /// E-mail address of the account
    #[arg(long)]
    email: String,
    /// Why; kept sealed beside the audit
    #[arg(long)]
    reason: String,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Case {
    #[command(flatten)]
    settings: Overrides,
    /// E-mail address of the account
    #[arg(long)]
    email: String,
    /// What was asked, and by whom; kept sealed beside the audit
    #[arg(long)]
    enquiry: String,
    /// Id of the office whose administrators may close it, where she works for several
    #[arg(long, value_name = "ID")]
    office: Option<Uuid>,
    /// For how many days the case stands, 1 to 30; 7 where none are named
    #[arg(long)]
    days: Option<u32>,
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
    let about = |ask: &Which| (ask.email.clone(), ask.reason.clone());
    match account {
        Account::Link(ask) => link(ask),
        Account::List(ask) => told(&ask.settings, Errand::ListAccounts),
        Account::Unlock(ask) => {
            let (email, reason) = about(ask);
            told(&ask.settings, Errand::UnlockAccount { email, reason })
        }
        Account::Suspend(ask) => {
            let (email, reason) = about(ask);
            told(&ask.settings, Errand::SuspendAccount { email, reason })
        }
        Account::Restore(ask) => {
            let (email, reason) = about(ask);
            told(&ask.settings, Errand::RestoreAccount { email, reason })
        }
        Account::SupportCase(ask) => {
            let (email, enquiry) = (ask.email.clone(), ask.enquiry.clone());
            let (office, days) = (ask.office, ask.days);
            told(&ask.settings, Errand::OpenSupportCase { email, enquiry, office, days })
        }
        Account::Close(ask) => {
            let (email, reason) = about(ask);
            told(&ask.settings, Errand::CloseAccount { email, reason })
        }
    }
}

fn told(settings: &Overrides, errand: Errand) -> Outcome {
    let config = config::read(settings)?;
    let policies = rules(&config)?;
    operator::send(&config, policies, errand, |told| {
        if let Told::Line { text } = told {
            println!("{text}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn link(ask: &Link) -> Outcome {
    let config = config::read(&ask.settings)?;
    let policies = rules(&config)?;
    let (hours, minutes) = (policies.first_link_hours(), policies.reset_link().as_secs() / 60);
    let errand = Errand::HandOutLink { email: ask.email.clone() };
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
