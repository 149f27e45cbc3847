//! What was not answered, or not completed, in time has come to nothing; and a delegation is over after its last day.

use super::delegations;
use super::store::{self, TransferRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::{Millis, NoticeKind, TransferState};

/// Ends what is due.
///
/// # Errors
/// When the rows cannot be read or written; then the next time tries again.
pub async fn lapse(app: &App) -> Result<()> {
    let now = app.clock.now();
    let late = {
        let mut view = app.store.view().await?;
        store::overdue(view.conn(), now).await?
    };
    for row in late {
        let inner = app.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { tx.lapse_transfer(&inner, &row, now).await })
            .await?;
    }
    delegations::expire(app, now).await
}

impl Tx {
    /// A transfer has come to nothing; done already, nothing changes.
    pub(super) async fn lapse_transfer(&mut self, app: &App, row: &TransferRow, now: Millis) -> Result<()> {
        if !self.end_transfer(row.id, TransferState::Lapsed, (None, None), now).await? {
            return Ok(());
        }
        let entry = Entry {
            at: now,
            act: "transfers.lapse",
            region: Some(row.region),
            room: Some(row.room),
            subject: Some(row.to.0),
            detail: Some(format!(r#"{{"transfer":"{}","from":"{}"}}"#, row.id, row.from)),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let told = (NoticeKind::TransferEnded, row.from);
        self.tell_admins(app, told, &[row.from, row.to], None).await?;
        Ok(())
    }
}
