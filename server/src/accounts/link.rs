//! First links: how somebody without a password comes in, once (000§11(1)b).

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::{AccountId, Millis};

/// † How many hours a first link is good.
pub const FIRST_LINK_HOURS: u64 = 72;

/// A first link about to be handed out: its text is shown once, only the hash is kept.
#[derive(Debug, Clone, Copy)]
pub struct FirstLink {
    account: AccountId,
    hash: TokenHash,
}

impl FirstLink {
    /// The text to hand out, and what is stored of it.
    #[must_use]
    pub fn of(app: &App, account: AccountId) -> (Secret, Self) {
        let (text, hash) = app.tokens.issue(Purpose::Link);
        (text, Self { account, hash })
    }

    /// Keeps it and ends the account's earlier ones: a link that went astray is dead once a new one is made.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn write(&self, app: &App, tx: &mut Tx, now: Millis) -> Result<()> {
        let expires = now.plus(Duration::from_secs(FIRST_LINK_HOURS * 60 * 60));
        tx.end_links(self.account, now).await?;
        tx.insert_link(&self.hash.0, self.account, "first_sign_in", now, expires).await?;
        let entry =
            Entry { at: now, act: "accounts.link_made", subject: Some(self.account.0), ..Entry::default() };
        Ok(app.audit.append(tx, &entry).await?)
    }
}

/// Makes a first link for each of these accounts that may sign in and has no password yet; the others get none.
///
/// # Errors
/// When they cannot be stored; then none is good.
pub async fn hand_out_links(app: &App, accounts: &[AccountId]) -> Result<Vec<(AccountId, Secret)>> {
    let made: Vec<(Secret, FirstLink)> = accounts.iter().map(|id| FirstLink::of(app, *id)).collect();
    let links: Vec<FirstLink> = made.iter().map(|(_, link)| *link).collect();
    let (inner, now) = (app.clone(), app.clock.now());
    let written = app
        .store
        .act(async move |tx: &mut Tx| -> Result<Vec<AccountId>> {
            let mut written = Vec::new();
            for link in &links {
                let account = store::account(tx.conn(), link.account).await?;
                if account.is_some_and(|account| account.is_active && account.password_hash.is_none()) {
                    link.write(&inner, tx, now).await?;
                    written.push(link.account);
                }
            }
            Ok(written)
        })
        .await?;
    let handed = made.into_iter().map(|(text, link)| (link.account, text));
    Ok(handed.filter(|(account, _)| written.contains(account)).collect())
}
