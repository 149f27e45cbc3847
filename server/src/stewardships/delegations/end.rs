//! The end of a delegation: by either office, with its last day, or with the stewardship itself (000§4b).

use super::store::{self, DelegationRow};
use super::{Step, at_the_door, decide, entry};
use crate::accounts::Reason;
use crate::app::App;
use crate::crypto::seal::Key;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, DelegationState, Done, EndDelegation, Millis, NoticeKind, OfficeId, PatientId};

/// Ends it at once; the steward alone acts again. Ended already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; as [`decide`]; `account_restricted`.
pub async fn end(app: &App, who: &Arc<Session>, ask: EndDelegation) -> Result<Done> {
    let text = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.delegation).await?;
            if !decide(&row, sides, Step::End, now)? {
                return Ok(Done {});
            }
            let key = row.opened_key(&inner, tx.conn()).await?;
            let reason = Reason::about(&inner, row.room.0, &key, text.clone())?;
            reason.write(tx, Some(who.account), "delegations.end", now).await?;
            finish(&inner, tx, (&row, Some(&who)), now).await?;
            Ok(Done {})
        })
        .await
}

impl DelegationRow {
    /// The key that its approval, and the reason of its end, are sealed with.
    pub(super) async fn opened_key(&self, app: &App, conn: &mut Conn) -> Result<Key> {
        let id = store::key_of(conn, self.room).await?.ok_or(Code::NotFound)?;
        Ok(app.keys.ready(id).await?)
    }
}

/// Ends it, by somebody or by the clock; nothing where it has ended.
pub(super) async fn finish(
    app: &App,
    tx: &mut Tx,
    (row, who): (&DelegationRow, Option<&Session>),
    now: Millis,
) -> Result<()> {
    if !tx.end_delegation(row.id, who.map(|who| who.account), now).await? {
        return Ok(());
    }
    let act = if who.is_some() { "delegations.end" } else { "delegations.lapse" };
    app.audit.append(tx, &entry((act, now), who, row)).await?;
    if row.state == DelegationState::Active && row.approved_on.is_some() {
        return tx.announce_delegation(app, row, NoticeKind::DelegationEnded).await;
    }
    let told = (NoticeKind::DelegationEnded, row.delegate);
    let but = who.map(|who| who.account);
    tx.tell_admins(app, told, &[row.steward, row.delegate], but).await?;
    Ok(())
}

/// Those whose last day is over.
pub(in crate::stewardships) async fn expire(app: &App, now: Millis) -> Result<()> {
    let late = {
        let mut view = app.store.view().await?;
        store::overdue(view.conn(), now).await?
    };
    for row in late {
        let inner = app.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { finish(&inner, tx, (&row, None), now).await })
            .await?;
    }
    Ok(())
}

/// What a steward gave ends with its stewardship.
pub(in crate::stewardships) async fn end_with_steward(
    app: &App,
    tx: &mut Tx,
    (patient, steward): (PatientId, OfficeId),
    now: Millis,
) -> Result<()> {
    for row in store::under_way(tx.conn(), patient, steward).await? {
        finish(app, tx, (&row, None), now).await?;
    }
    Ok(())
}
