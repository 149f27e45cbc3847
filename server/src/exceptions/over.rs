//! Exceptions whose time is over end by themselves; sessions under them have ended by then, since each knows its end.

use super::store::{self, ExceptionRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::Millis;

/// † So many in one round; the next round takes more.
const AT_ONCE: i64 = 16;

/// Writes down every end that is due, and has who looks after it told.
///
/// # Errors
/// When the rows cannot be read or written; then the next time tries again.
pub async fn end_overdue(app: &App) -> Result<()> {
    let now = app.clock.now();
    let overdue = {
        let mut view = app.store.view().await?;
        store::overdue(view.conn(), now, AT_ONCE).await?
    };
    for row in overdue {
        let inner = app.clone();
        app.store.act(async move |tx: &mut Tx| -> Result<()> { over(&inner, tx, &row, now).await }).await?;
    }
    Ok(())
}

async fn over(app: &App, tx: &mut Tx, row: &ExceptionRow, now: Millis) -> Result<()> {
    // Somebody may have ended it a moment ago.
    if !tx.set_exception_ended(row.id, row.until, None).await? {
        return Ok(());
    }
    let sessions = tx.end_exception(app, row, "exception_over", now).await?;
    let entry = Entry {
        at: now,
        act: "exceptions.over",
        region: Some(row.region),
        subject: Some(row.id.0),
        detail: Some(format!(r#"{{"sessions":{sessions}}}"#)),
        ..Entry::default()
    };
    Ok(app.audit.append(tx, &entry).await?)
}
