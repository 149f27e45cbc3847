//! Saying no to a transfer, also after having agreed: never without a reason, and the steward reads it (002-5.3a).

use super::rules::{Step, decide};
use super::{AnswerBody, at_the_door, entry};
use crate::accounts::Reason;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, DeclineTransfer, Done, NoticeKind, TransferState};

/// Says no; the steward goes on answering for it. Declined already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; as [`decide`]; `account_restricted`.
pub async fn decline(app: &App, who: &Arc<Session>, ask: DeclineTransfer) -> Result<Done> {
    let reason = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.transfer).await?;
            if !decide((row.state, row.until), sides, Step::Decline, now)? {
                return Ok(Done {});
            }
            let key = inner.keys.ready(seal::key_of(&row.sealed)?).await?;
            let answer = AnswerBody { v: FORMAT, reason: reason.clone() }.sealed(&key, row.id)?;
            let by = (Some(who.account), Some(answer.as_slice()));
            if !tx.end_transfer(row.id, TransferState::Declined, by, now).await? {
                return Err(Code::OfferDecided.into());
            }
            let rules = row.rules(&inner)?;
            inner.audit.append(tx, &entry(("transfers.decline", now), &who, &row, &rules)).await?;
            let told = (NoticeKind::TransferDeclined, row.to);
            tx.tell_admins(&inner, told, &[row.from], Some(who.account)).await?;
            Ok(Done {})
        })
        .await
}
