//! Signing out.

use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::Done;

/// Ends this session: its token is dead and its links are cut before the answer leaves.
///
/// # Errors
/// When it cannot be stored; then the session stands.
pub async fn sign_out(app: &App, who: &Arc<Session>) -> Result<Done> {
    let (inner, session, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            if tx.end_session(session.id, "signed_out", now).await? {
                let entry = Entry {
                    at: now,
                    act: "accounts.sign_out",
                    account: Some(session.account),
                    session: Some(session.id),
                    ..Entry::default()
                };
                inner.audit.append(tx, &entry).await?;
            }
            tx.ends_with_commit(&session);
            let (inner, session) = (inner.clone(), session.clone());
            tx.after_commit(move || inner.live.cut(session.account, session.id));
            Ok(Done {})
        })
        .await
}
