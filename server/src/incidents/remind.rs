//! What nobody has seen, or passed on, for a day: those who are to deal with it are reminded, every day until somebody does; of
//! a draft its office's admins (001§19-4b).

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::NoticeKind;

/// † How long an incident may wait.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Reminds of those that wait too long.
///
/// # Errors
/// When rows cannot be read or written; then the next time tries again.
pub async fn remind(app: &App) -> Result<()> {
    let (inner, now) = (app.clone(), app.clock.now());
    let waiting = {
        let mut view = app.store.view().await?;
        store::waiting(view.conn(), now.before(PATIENCE)).await?
    };
    for id in waiting {
        let inner = inner.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                // Another process, or a step of somebody, may have been first.
                if !tx.remind_of_incident(id, now.before(PATIENCE), now).await? {
                    return Ok(());
                }
                tx.tell_recipients(&inner, id, &Notice::of(NoticeKind::IncidentWaits), &[]).await?;
                let entry =
                    Entry { at: now, act: "incidents.remind", subject: Some(id.0), ..Entry::default() };
                Ok(inner.audit.append(tx, &entry).await?)
            })
            .await?;
    }
    Ok(())
}
