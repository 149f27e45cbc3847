//! Documents are erased some days after their decision; that it was decided stays (c-47).

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::Millis;

/// † So many in one round, so that posts do not wait behind all of them; the next round takes more.
const AT_ONCE: i64 = 64;

/// Erases what is due.
///
/// # Errors
/// When it cannot be stored.
pub async fn forget_documents(app: &App) -> Result<()> {
    let now = app.clock.now();
    let kept = Duration::from_secs(u64::from(app.policies.document_days()) * 24 * 60 * 60);
    let before = Millis(now.0 - i64::try_from(kept.as_millis()).unwrap_or(i64::MAX));
    let due = {
        let mut view = app.store.view().await?;
        store::documents_decided_before(view.conn(), before, AT_ONCE).await?
    };
    if due.is_empty() {
        return Ok(());
    }
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let mut erased = 0;
            for id in &due {
                erased += u64::from(tx.erase_document(*id, before).await?);
            }
            if erased == 0 {
                return Ok(());
            }
            let entry = Entry {
                at: now,
                act: "verifications.forget_documents",
                detail: Some(format!(r#"{{"erased":{erased}}}"#)),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}
