//! What follows when an account locks: it is written down, after the answer that nobody may learn it from.

use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::store::Tx;
use tsumugi_protocol::AccountId;

/// Writes it down; a lock stands whether that succeeds or not.
pub(super) async fn tell(app: &App, account: AccountId) {
    let inner = app.clone();
    let entry =
        Entry { at: app.clock.now(), act: "accounts.locked", subject: Some(account.0), ..Entry::default() };
    let written = app
        .store
        .act(async move |tx: &mut Tx| -> Result<()> { Ok(inner.audit.append(tx, &entry).await?) })
        .await;
    if let Err(Failure::Fault(fault)) = written {
        tracing::error!(cause = fault.chain(), "a lock could not be written down");
    }
}
