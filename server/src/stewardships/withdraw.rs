//! Taking a transfer back, as long as it is not completed (002-5.3a).

use super::rules::{Step, decide};
use super::{at_the_door, entry};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, NoticeKind, TransferState, WhichTransfer};

/// Takes it back. Taken back already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `account_restricted`.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WhichTransfer) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.transfer).await?;
            if !decide((row.state, row.until), sides, Step::Withdraw, now)? {
                return Ok(Done {});
            }
            let by = (Some(who.account), None);
            if !tx.end_transfer(row.id, TransferState::Withdrawn, by, now).await? {
                return Err(Code::OfferDecided.into());
            }
            let rules = row.rules(&inner)?;
            inner.audit.append(tx, &entry(("transfers.withdraw", now), &who, &row, &rules)).await?;
            let told = (NoticeKind::TransferEnded, row.from);
            tx.tell_admins(&inner, told, &[row.to], Some(who.account)).await?;
            Ok(Done {})
        })
        .await
}
