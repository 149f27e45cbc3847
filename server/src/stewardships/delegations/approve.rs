//! Recording who has approved a delegation, and what shows it (000§4b).

use super::{Step, at_the_door, decide, entry, read};
use crate::app::App;
use crate::bodies::Body;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{ApproveDelegation, DelegationState, Done, NoticeKind};

/// Records it. Where the other office has agreed already it acts from now on. Recorded already, nothing changes.
///
/// # Errors
/// `bad_field`; `not_found`; as [`decide`]; `account_restricted`.
pub async fn approve(app: &App, who: &Arc<Session>, ask: ApproveDelegation) -> Result<Done> {
    let now = app.clock.now();
    let (body, day) = read(&ask.approval, now)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.delegation).await?;
            if !decide(&row, sides, Step::Approve, now)? {
                return Ok(Done {});
            }
            let key = row.opened_key(&inner, tx.conn()).await?;
            tx.approve_delegation(row.id, &body.sealed(&key, row.id)?, &day).await?;
            inner.audit.append(tx, &entry(("delegations.approve", now), Some(&who), &row)).await?;
            if row.state == DelegationState::Active {
                tx.announce_delegation(&inner, &row, NoticeKind::DelegationBegun).await?;
            }
            Ok(Done {})
        })
        .await
}
