//! A password that others may know is made worthless (c-19): whoever comes in sets a new one, or has to come by a link.

use super::link::{LinkPurpose, MailedLink};
use super::store::AccountRow;
use crate::app::App;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::Millis;

/// The link by which somebody comes to her next password: her first one, or another.
pub struct NextLink {
    first: MailedLink,
    again: MailedLink,
}

impl NextLink {
    /// Made before the act that may send it.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            first: MailedLink::of(app, LinkPurpose::First),
            again: MailedLink::of(app, LinkPurpose::Reset),
        }
    }

    /// Mails the one that fits.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn send(&self, app: &App, tx: &mut Tx, account: &AccountRow, now: Millis) -> Result<()> {
        let link = if account.password_hash.is_some() { &self.again } else { &self.first };
        link.send(app, tx, account, now).await
    }
}

impl Tx {
    /// Links that were out end, and a new password is needed. Where a link goes out the one that was opens nothing any more:
    /// whoever knows it is no nearer to the next.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn renew_password(
        &mut self,
        app: &App,
        account: &AccountRow,
        link: Option<&NextLink>,
        now: Millis,
    ) -> Result<()> {
        self.end_all_links(account.id, now).await?;
        match link {
            None => self.must_change_password(account.id).await?,
            Some(link) => {
                self.forget_password(account.id, now).await?;
                link.send(app, self, account, now).await?;
            }
        }
        Ok(())
    }
}
