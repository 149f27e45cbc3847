//! `tsumugi account link`: a first sign-in for somebody who has none yet, or whose link went astray.

use super::serve::finish;
use super::start::{WhenEmpty, start};
use super::{Outcome, runtime, sentence};
use crate::accounts::{self, AccountBody, FIRST_LINK_HOURS};
use crate::app::App;
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
    let Account::Link(link) = account;
    let config = config::read(&link.settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    let token = runtime()?.block_on(async {
        let started = start(&config, policies, WhenEmpty::Refuse).await?;
        let handed = hand_out(&started.app, &link.email).await;
        finish(started).await;
        handed
    })?;
    println!(
        "First sign-in of {} (good once, for {FIRST_LINK_HOURS} hours):\n\n  {}\n",
        link.email,
        first_link(&config, &token)
    );
    Ok(ExitCode::SUCCESS)
}

async fn hand_out(app: &App, email: &str) -> Result<Secret, String> {
    let hash = AccountBody::found_by(app, email);
    let known = {
        let mut view = app.store.view().await.map_err(|error| error.to_string())?;
        accounts::store::account_by_email(view.conn(), hash.as_bytes())
            .await
            .map_err(|error| error.to_string())?
    };
    let Some(account) = known else {
        return Err("no account of this folder has this e-mail address".to_owned());
    };
    if !account.is_active {
        return Err("this account is closed: nobody signs in with it".to_owned());
    }
    let mut handed = accounts::hand_out_links(app, &[account.id]).await.map_err(sentence)?;
    let token = handed.pop().map(|(_, token)| token);
    token.ok_or_else(|| {
        "this account has a password already: a first link is only for those who have none".to_owned()
    })
}

/// Where a browser goes with a first link.
pub fn first_link(config: &Config, token: &Secret) -> String {
    let origin = config.allowed_origins().into_iter().next().unwrap_or_default();
    format!("{origin}/first#{}", token.reveal())
}
