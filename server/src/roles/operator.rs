//! What the operator of the machine does with roles: the first ones of a region, and where nobody else can.

use super::end::ending;
use super::offer::Offer;
use super::record_head::recorded;
use super::{day, store};
use crate::accounts::{AccountBody, Reason};
use crate::app::App;
use crate::bodies;
use crate::crypto::random;
use crate::error::Result;
use crate::offices::OfficeBody;
use crate::store::Tx;
use tsumugi_protocol::{AffiliationId, AppointmentId, GovernanceRole, Role};

/// A role as the operator sees it.
pub struct RoleSeen {
    /// The place it is held with.
    pub affiliation: AffiliationId,
    /// The role.
    pub role: Role,
    /// The office's name.
    pub office: String,
    /// The holder's address.
    pub email: String,
}

/// Every role that is held, by office.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn all(app: &App) -> Result<Vec<RoleSeen>> {
    let mut view = app.store.view().await?;
    let mut seen = Vec::new();
    for row in store::all(view.conn()).await? {
        let Some(role) = Role::of(&row.role) else { continue };
        let email = bodies::open::<AccountBody>(app, row.account, &row.account_sealed).await?.email;
        let office = bodies::open::<OfficeBody>(app, row.office, &row.office_sealed).await?.name;
        seen.push(RoleSeen { affiliation: row.affiliation, role, office, email });
    }
    seen.sort_by(|one, other| {
        (&one.office, one.role, &one.email).cmp(&(&other.office, other.role, &other.email))
    });
    Ok(seen)
}

/// Offers a role; a head is written down at once. Whether there was anything to do.
///
/// # Errors
/// As [`Offer::weigh`] and [`recorded`]; `bad_field` for a day that is none.
pub async fn grant_as_operator(
    app: &App,
    (affiliation, role): (AffiliationId, Role),
    explained_on: Option<&str>,
    holds: Option<GovernanceRole>,
) -> Result<bool> {
    let now = app.clock.now();
    let explained_on = day(explained_on, "explained_on", now)?;
    let offer = Offer { affiliation, role, explained_on, holds };
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            if role == Role::OfficeHead {
                let place = recorded(tx.conn(), None, affiliation).await?;
                return tx.record_head(&inner, &place, None, now).await;
            }
            let weighed = offer.weigh(&inner, tx.conn(), None).await?;
            if weighed.is_held {
                return Ok(false);
            }
            let id = AppointmentId(random::new_id(&inner.clock));
            tx.offer(&inner, (id, offer), &weighed, None, now).await?;
            Ok(true)
        })
        .await
}

/// Ends a role. The operator too leaves no office without an admin: she names another one first, or suspends the account.
///
/// # Errors
/// `last_admin`, `last_desk`; `reason_missing`.
pub async fn end_as_operator(
    app: &App,
    (affiliation, role): (AffiliationId, Role),
    why: &str,
) -> Result<bool> {
    let place = {
        let mut view = app.store.view().await?;
        ending(app, view.conn(), None, (affiliation, role)).await?
    };
    let Some(place) = place else { return Ok(false) };
    let reason = Reason::of(app, place.account, why).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            tx.hold_seats(place.account).await?;
            let Some(place) = ending(&inner, tx.conn(), None, (affiliation, role)).await? else {
                return Ok(false);
            };
            tx.end_role(&inner, (&place, role), &reason, None, now).await?;
            Ok(true)
        })
        .await
}
