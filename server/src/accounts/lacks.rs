//! What a session still lacks after the first step of coming in.

use super::passwords;
use super::store::AccountRow;
use crate::app::App;
use crate::error::Result;
use crate::{passkeys, sessions};
use tsumugi_protocol::{Factor, Next};

/// A second factor, where the rules of the account's regions ask for one (K-40), and a new password.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn lacks(app: &App, account: &AccountRow, factors: &[Factor]) -> Result<Vec<Next>> {
    let (profiles, passkeys) = {
        let mut view = app.store.view().await?;
        let profiles = sessions::store::profiles_of(view.conn(), account.id).await?;
        (profiles, passkeys::store::count(view.conn(), account.id).await?)
    };
    let rule = app.policies.second_factor(profiles.iter().map(String::as_str));
    let mut next: Vec<Next> = rule.next(factors, passkeys > 0, app.clock.now()).into_iter().collect();
    if account.needs_new_password(app).await? {
        next.push(Next::NewPassword);
    }
    Ok(next)
}

impl AccountRow {
    /// Whether a new password has to be set first: somebody asked for one, or the time of this one is over.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn needs_new_password(&self, app: &App) -> Result<bool> {
        let mut view = app.store.view().await?;
        let end = passwords::end_for(app, view.conn(), self.id).await?;
        Ok(self.must_change || passwords::is_over(end.as_ref(), app.clock.now()))
    }
}
