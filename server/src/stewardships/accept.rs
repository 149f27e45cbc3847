//! Agreeing to answer for a patient: only an administrator of the office that is asked does, with the words that say what it
//! means (002-5.3a).

use super::rules::{Step, decide};
use super::{at_the_door, entry, store};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AcceptTransfer, Code, Done, NoticeKind};

/// Agrees. Where the patient need not consent anew, or has since it was proposed, the office is the steward at once; agreed
/// already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `responsibility_missing`; `step_up_required`; `account_restricted`.
pub async fn accept(app: &App, who: &Arc<Session>, ask: AcceptTransfer) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.transfer).await?;
            if !decide((row.state, row.until), sides, Step::Accept, now)? {
                return Ok(Done {});
            }
            if !ask.answers_for {
                return Err(Code::ResponsibilityMissing.into());
            }
            inner.passkeys.fresh.require(&who, now)?;
            let rules = row.rules(&inner)?;
            let is_consented = row.is_consented(&inner, tx.conn(), now).await?;
            if store::held(tx.conn(), row.patient, row.from).await?.is_empty() {
                return Err(Code::OfferDecided.into());
            }
            let until = now.plus(rules.transfer_span());
            if !tx.accept_transfer(row.id, who.account, (now, until)).await? {
                return Err(Code::OfferDecided.into());
            }
            inner.audit.append(tx, &entry(("transfers.accept", now), &who, &row, &rules)).await?;
            if is_consented {
                tx.pass_on(&inner, &row, &who, now).await?;
            } else {
                let told = (NoticeKind::TransferAccepted, row.to);
                tx.tell_admins(&inner, told, &[row.from], Some(who.account)).await?;
            }
            Ok(Done {})
        })
        .await
}
