//! What follows when an account locks: it is written down, and its holder and her admins are told, after the answer that
//! nobody may learn it from.

use super::{AccountBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::notices::Notice;
use crate::store::Tx;
use tsumugi_protocol::{AccountId, NoticeKind};

/// Writes it down and tells; a lock stands whether that succeeds or not.
pub(super) async fn tell(app: &App, account: AccountId) {
    if let Err(Failure::Fault(fault)) = write(app, account).await {
        tracing::error!(cause = fault.chain(), "a lock could not be written down");
    }
}

async fn write(app: &App, account: AccountId) -> Result<()> {
    let name = AccountBody::of(app, account).await?.name;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let entry =
                Entry { at: now, act: "accounts.locked", subject: Some(account.0), ..Entry::default() };
            inner.audit.append(tx, &entry).await?;
            // A closed account is as if there were none: nobody waits for it.
            if store::account(tx.conn(), account).await?.is_none_or(|account| account.is_closed()) {
                return Ok(());
            }
            Notice::of(NoticeKind::Locked).tell(&inner, tx, account).await?;
            Notice::of(NoticeKind::StaffLocked).naming(name.clone()).tell_admins_of(&inner, tx, account).await
        })
        .await
}
