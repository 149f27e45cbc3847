//! Whether a role may be offered, and taken on: one decision, asked again with the rules of the day on which it is accepted.

use super::standing::Standing;
use super::{governance, store};
use crate::accounts::store as accounts;
use crate::accounts::store::PlaceRow;
use crate::app::App;
use crate::error::Result;
use crate::offices;
use crate::policy::Profile;
use crate::store::Conn;
use jiff::civil::Date;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, Code, GovernanceRole, OfficeId, Refusal, Role,
};

/// What is offered to whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub affiliation: AffiliationId,
    pub role: Role,
    /// The day on which it was explained to her, where it was.
    pub explained_on: Option<Date>,
    /// Which duty of the guideline she holds.
    pub holds: Option<GovernanceRole>,
}

/// An offer that may be made.
pub(super) struct Weighed {
    pub place: PlaceRow,
    pub office: OfficeId,
    pub profile: Arc<Profile>,
    /// Whether she has the role already.
    pub is_held: bool,
}

/// What is known of one.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// Who offers it; nothing for the operator of the machine.
    standing: Option<Standing>,
    role: Role,
    /// She works there, and her account is not closed.
    works_there: bool,
    /// Several people use the account.
    is_shared: bool,
    /// K-49, and whether it was.
    asks_explained: bool,
    is_explained: bool,
    /// K-48, and whether she holds one of them.
    asks_duty: bool,
    has_duty: bool,
}

/// Whether it may be offered.
///
/// # Errors
/// As [`Standing::gives`]; `not_found` for who does not work there; `not_while_shared`;
/// `role_explanation_missing`; `governance_role_missing`.
fn decide(facts: Facts) -> Result<(), Code> {
    if let Some(standing) = facts.standing {
        standing.gives(facts.role)?;
    }
    match facts {
        Facts { works_there: false, .. } => Err(Code::NotFound),
        Facts { is_shared: true, .. } => Err(Code::NotWhileShared),
        Facts { asks_explained: true, is_explained: false, .. } => Err(Code::RoleExplanationMissing),
        Facts { role: Role::OfficeAdmin, asks_duty: true, has_duty: false, .. } => {
            Err(Code::GovernanceRoleMissing)
        }
        Facts { .. } => Ok(()),
    }
}

impl Offer {
    /// Looks at it; nobody in `by` is the operator of the machine.
    ///
    /// # Errors
    /// As [`decide`]; `bad_field` for a head, who is recorded and not offered anything.
    pub(super) async fn weigh(self, app: &App, conn: &mut Conn, by: Option<AccountId>) -> Result<Weighed> {
        let place = accounts::place(conn, self.affiliation).await?;
        let at = place.as_ref().and_then(|place| Some((place.office?, place.region)));
        let standing = match by {
            Some(account) => Some(Standing::of(conn, account, at).await?),
            None => None,
        };
        // Who has no say is told so before anything else is looked at.
        if let Some(standing) = standing {
            standing.gives(self.role)?;
        }
        if self.role == Role::OfficeHead {
            return Err(Refusal::new(Code::BadField).with("field", "role").into());
        }
        let (place, (office, _)) = place.zip(at).ok_or(Code::NotFound)?;
        let row = accounts::account(conn, place.account).await?.ok_or(Code::NotFound)?;
        let profile = offices::store::profile_of(conn, office).await?.ok_or(Code::NotFound)?;
        let profile = app.policies.named(&profile)?;
        let facts = Facts {
            standing,
            role: self.role,
            works_there: !place.has_ended && row.state != AccountState::Closed,
            is_shared: row.is_shared,
            asks_explained: profile.admin_grant_explained,
            is_explained: self.explained_on.is_some(),
            asks_duty: !profile.admin_must_hold.is_empty(),
            has_duty: self.has_duty(conn, &profile, office).await?,
        };
        decide(facts)?;
        let is_held = store::holds(conn, place.id, self.role).await?;
        Ok(Weighed { place, office, profile, is_held })
    }

    /// Whether she is named for a duty that the rules ask for, and nobody else holds it.
    async fn has_duty(self, conn: &mut Conn, profile: &Profile, office: OfficeId) -> Result<bool> {
        let Some(duty) = self.holds.filter(|duty| profile.admin_must_hold.contains(duty)) else {
            return Ok(false);
        };
        if governance::store::row(conn, office).await?.is_small {
            return Ok(store::holds(conn, self.affiliation, Role::OfficeHead).await?);
        }
        let holders = governance::store::holders(conn, office).await?;
        let holder = holders.into_iter().find(|holder| holder.role == duty);
        Ok(holder.is_none_or(|holder| holder.affiliation == self.affiliation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_offered_to_whom() {
        let standing =
            Standing { is_head: true, has_head: true, is_admin: false, runs_some: true, is_desk: false };
        let fine = Facts {
            standing: Some(standing),
            role: Role::OfficeAdmin,
            works_there: true,
            is_shared: false,
            asks_explained: true,
            is_explained: true,
            asks_duty: true,
            has_duty: true,
        };
        let desk = Facts { standing: Some(Standing { is_desk: true, ..standing }), ..fine };
        let without = Facts { is_explained: false, has_duty: false, ..fine };
        for (facts, expected) in [
            (fine, Ok(())),
            (without, Err(Code::RoleExplanationMissing)),
            (Facts { asks_explained: false, ..without }, Err(Code::GovernanceRoleMissing)),
            (Facts { asks_duty: false, ..without }, Err(Code::RoleExplanationMissing)),
            (Facts { asks_duty: false, asks_explained: false, ..without }, Ok(())),
            (Facts { has_duty: false, ..fine }, Err(Code::GovernanceRoleMissing)),
            (Facts { works_there: false, ..fine }, Err(Code::NotFound)),
            (Facts { is_shared: true, ..fine }, Err(Code::NotWhileShared)),
            (Facts { standing: None, ..without }, Err(Code::RoleExplanationMissing)),
            (Facts { standing: None, ..fine }, Ok(())),
            (Facts { role: Role::Secretariat, ..fine }, Err(Code::NotFound)),
            (Facts { role: Role::Secretariat, has_duty: false, ..desk }, Ok(())),
            (Facts { role: Role::Auditor, is_explained: false, ..desk }, Err(Code::RoleExplanationMissing)),
            (
                Facts { standing: Some(Standing { is_head: false, ..standing }), ..without },
                Err(Code::OtherOffice),
            ),
        ] {
            assert_eq!(decide(facts), expected, "{facts:?}");
        }
    }
}
