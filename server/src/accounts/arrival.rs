//! Somebody who has shown who she is and comes in: what is known of her, read once, and what her session still lacks.

use super::passwords;
use super::store::{self, AccountRow, AffiliationRow};
use crate::app::App;
use crate::error::Result;
use crate::passkeys;
use crate::policy::SecondFactorRule;
use crate::rules::KnownRules;
use crate::store::Conn;
use tsumugi_protocol::{Factor, Next};

/// An account that somebody comes in to, before its session is opened.
pub struct Arrival {
    /// The account.
    pub account: AccountRow,
    /// Where its holder works, or whose family she is.
    pub places: Vec<AffiliationRow>,
    has_passkeys: bool,
    known: KnownRules,
}

impl Arrival {
    /// Reads the rest of what is known.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(conn: &mut Conn, account: AccountRow) -> Result<Self> {
        let places = store::affiliations(conn, account.id).await?;
        let has_passkeys = passkeys::store::count(conn, account.id).await? > 0;
        let known = KnownRules::of(conn, (account.id, account.kind), None).await?;
        Ok(Self { account, places, has_passkeys, known })
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

    /// Which versions of her regions' rules she knows.
    #[must_use]
    pub const fn known_rules(&self) -> &KnownRules {
        &self.known
    }

    /// A second factor, where her regions ask for one; a new password, where somebody asked for one or the time of this one is
    /// over; who acts, where several use the account, and is asked then what she has read; and rules that have changed.
    ///
    /// # Errors
    /// When no password meets the rules of all her regions.
    pub fn lacks(&self, app: &App, factors: &[Factor]) -> Result<Vec<Next>> {
        let now = app.clock.now();
        let end = passwords::end_for(app, &self.account, &self.places)?;
        let is_over = self.account.must_change || passwords::is_over(end.as_ref(), now);
        let second = self.second_factor(app).next(factors, self.has_passkeys, now);
        let acting = self.account.is_shared.then_some(Next::ActingPerson);
        let is_asked = !self.account.is_shared && self.known.is_asked(&app.policies)?;
        let rules = is_asked.then_some(Next::Rules);
        Ok(second
            .into_iter()
            .chain(is_over.then_some(Next::NewPassword))
            .chain(acting)
            .chain(rules)
            .collect())
    }
}
