//! Agreeing to act for the steward of a patient (000§4b).

use super::{Step, at_the_door, available, decide, entry};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AcceptDelegation, Code, Done, NoticeKind};

/// Agrees; the office acts from now on where an approval is recorded. Agreed already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `delegation_not_available`; `responsibility_missing`; `step_up_required`; `account_restricted`.
pub async fn accept(app: &App, who: &Arc<Session>, ask: AcceptDelegation) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.delegation).await?;
            if !decide(&row, sides, Step::Accept, now)? {
                return Ok(Done {});
            }
            available(inner.policies.named(&row.profile)?.as_ref())?;
            if !ask.answers_for {
                return Err(Code::ResponsibilityMissing.into());
            }
            inner.passkeys.fresh.require(&who, now)?;
            if !tx.accept_delegation(row.id, who.account, now).await? {
                return Err(Code::OfferDecided.into());
            }
            inner.audit.append(tx, &entry(("delegations.accept", now), Some(&who), &row)).await?;
            if row.approved_on.is_some() {
                tx.announce_delegation(&inner, &row, NoticeKind::DelegationBegun).await?;
            }
            Ok(Done {})
        })
        .await
}
