//! Saying that one has read the agreement and keeps to it; whoever is invited may, before she joins.

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::rooms::Steering;
use crate::rooms::store as rooms;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AcknowledgeAgreement, Code, Done};

/// Keeps it. Acknowledged already, nothing changes.
///
/// # Errors
/// `not_found` for whoever is neither in the room nor invited; `agreement_changed` for another version than the one that stands;
/// `account_restricted`.
pub async fn acknowledge(app: &App, who: &Arc<Session>, ask: AcknowledgeAgreement) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = rooms::steering(tx.conn(), who.account, ask.room).await?;
            let steering: Steering =
                found.filter(|found| found.membership.is_some()).ok_or(Code::NotFound)?;
            who.let_write()?;
            let stands = store::mark_of(tx.conn(), who.account, ask.room).await?;
            let stands = stands.filter(|row| row.version == ask.version).ok_or(Code::AgreementChanged)?;
            if !tx.mark_agreement(stands.id, who.account, now).await? {
                return Ok(Done {});
            }
            let entry = Entry {
                at: now,
                act: "rooms.acknowledge_agreement",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(steering.region),
                room: Some(ask.room),
                detail: Some(format!(r#"{{"version":{}}}"#, ask.version)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
