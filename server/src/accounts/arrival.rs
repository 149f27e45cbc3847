//! Somebody who has shown who she is and comes in: what is known of her, read once, and what her session still lacks.

use super::passwords;
use super::store::{self, AccountRow, AffiliationRow};
use crate::app::App;
use crate::error::Result;
use crate::passkeys;
use crate::policy::SecondFactorRule;
use crate::store::Conn;
use tsumugi_protocol::{Factor, Next};

/// An account that somebody comes in to, before its session is opened.
pub struct Arrival {
    /// The account.
    pub account: AccountRow,
    /// Where its holder works, or whose family she is.
    pub places: Vec<AffiliationRow>,
    has_passkeys: bool,
}

impl Arrival {
    /// Reads the rest of what is known.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(conn: &mut Conn, account: AccountRow) -> Result<Self> {
        let places = store::affiliations(conn, account.id).await?;
        let has_passkeys = passkeys::store::count(conn, account.id).await? > 0;
        Ok(Self { account, places, has_passkeys })
    }

    /// The rules of her regions.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.profile.as_str())
    }

    /// What they say of second factors (K-40).
    #[must_use]
    pub fn second_factor(&self, app: &App) -> SecondFactorRule {
        app.policies.second_factor(self.profiles())
    }

    /// A second factor, where her regions ask for one; a new password, where somebody asked for one or the time of this one is
    /// over; and who acts, where several use the account.
    ///
    /// # Errors
    /// When no password meets the rules of all her regions.
    pub fn lacks(&self, app: &App, factors: &[Factor]) -> Result<Vec<Next>> {
        let now = app.clock.now();
        let end = passwords::end_for(app, &self.account, &self.places)?;
        let is_over = self.account.must_change || passwords::is_over(end.as_ref(), now);
        let second = self.second_factor(app).next(factors, self.has_passkeys, now);
        let acting = self.account.is_shared.then_some(Next::ActingPerson);
        Ok(second.into_iter().chain(is_over.then_some(Next::NewPassword)).chain(acting).collect())
    }
}
