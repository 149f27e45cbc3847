//! An incident is dealt with: how it ended is recorded (000-note(3)j).

use super::see::key_of;
use super::standing::{Step, dealt_with};
use super::store;
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{CloseIncident, Code, Done, IncidentStatus, NoticeKind, StepKind};

/// Closes it; the holder of the account is told. Closed by whoever asks already, nothing changes.
///
/// # Errors
/// `not_found` for one of others and one that is not there; `incident_unseen`, `incident_unsent`; `incident_closed` when
/// somebody else has closed it; `not_for_yourself`; `reason_missing`, `bad_field`; `account_restricted`.
pub async fn close(app: &App, who: &Arc<Session>, ask: CloseIncident) -> Result<Done> {
    who.let_write()?;
    let text = Reason::read(&ask.reason)?;
    let reason = {
        let mut view = app.store.view().await?;
        let found = match dealt_with(app, view.conn(), who, ask.incident, Step::Close).await {
            Err(Failure::Refused(refusal)) if refusal.code == Code::IncidentClosed => {
                let closed_by = store::closed_by(view.conn(), ask.incident).await?;
                return if closed_by == Some(who.account) { Ok(Done {}) } else { Err(refusal.into()) };
            }
            other => other?,
        };
        let key = key_of(app, view.conn(), &found).await?;
        Reason::about(app, found.id.0, &key, text)?
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = dealt_with(&inner, tx.conn(), &who, ask.incident, Step::Close).await?;
            tx.set_incident_status(found.id, IncidentStatus::Closed).await?;
            let step = (found.id, StepKind::Closed);
            tx.note_step(&inner, step, who.account, Some(&reason), now).await?;
            let entry = Entry {
                at: now,
                act: "incidents.close",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(found.id.0),
                detail: Some(reason.detail()),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            if let Some(holder) = found.account.filter(|holder| *holder != who.account) {
                Notice::of(NoticeKind::IncidentClosed).tell(&inner, tx, holder).await?;
            }
            Ok(Done {})
        })
        .await
}
