//! While a patient's data goes through a connection, whoever recorded the consent is told again and again that a timeline is due
//! (001§16-2), until there is one in use or the record is ended with a reason.

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::notices::Notice;
use crate::patients::{self, PatientBody};
use crate::store::Tx;
use tsumugi_protocol::{Code, Millis, NoticeKind, PermitId};

/// Reminds of those whose time has come.
///
/// # Errors
/// When rows cannot be read or written; then the next time tries again.
pub async fn remind(app: &App) -> Result<()> {
    let now = app.clock.now();
    let due = {
        let mut view = app.store.view().await?;
        store::due(view.conn()).await?
    };
    for (id, last, rules) in due {
        if now.since(last) >= app.policies.named(&rules)?.timeline_due_span() {
            tell(app, id, last, now).await?;
        }
    }
    Ok(())
}

async fn tell(app: &App, id: PermitId, last: Millis, now: Millis) -> Result<()> {
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // Another process may have been first, or it was ended meanwhile.
            if !tx.remind_of_timeline(id, last, now).await? {
                return Ok(());
            }
            let row = store::permit(tx.conn(), id).await?.ok_or(Code::NotFound)?;
            let mut notice = Notice::of(NoticeKind::TimelineDue);
            if let Some(patient) = patients::store::patient(tx.conn(), row.patient).await? {
                // Who was erased is not named any more.
                let body = bodies::open::<PatientBody>(&inner, row.patient, &patient.sealed).await.ok();
                notice = body.into_iter().fold(notice, |notice, body| notice.naming(body.name));
            }
            notice.tell(&inner, tx, row.recorded_by).await?;
            let entry = Entry {
                at: now,
                act: "permits.remind",
                room: Some(row.room),
                subject: Some(row.patient.0),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}
