//! Ending sessions of one's own account: one that was left open, or all others at once ("this wasn't me").

use super::{Session, Which};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, SessionId, WhichSession};

/// Ends one session of the account: its token is dead and its links are cut before the answer leaves.
///
/// # Errors
/// `not_found` for one that is not the account's, or has ended.
pub async fn end(app: &App, who: &Arc<Session>, ask: WhichSession) -> Result<Done> {
    if ended(app, who, Which::One(ask.session), "sessions.end", Some(ask.session)).await? == 0 {
        return Err(Code::NotFound.into());
    }
    Ok(Done {})
}

/// Ends every session of the account but this one.
///
/// # Errors
/// When it cannot be stored; then they stand.
pub async fn end_others(app: &App, who: &Arc<Session>) -> Result<Done> {
    ended(app, who, Which::AllBut(Some(who.id)), "sessions.end_others", None).await?;
    Ok(Done {})
}

async fn ended(
    app: &App,
    who: &Arc<Session>,
    which: Which,
    act: &'static str,
    subject: Option<SessionId>,
) -> Result<u64> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<u64> {
            tx.let_stand(&who)?;
            let ended = tx.end_sessions(&inner, who.account, which, "ended_by_holder", now).await?;
            if ended > 0 {
                let entry = Entry {
                    at: now,
                    act,
                    account: Some(who.account),
                    session: Some(who.id),
                    subject: subject.map(|id| id.0),
                    detail: Some(format!(r#"{{"ended":{ended}}}"#)),
                    ..Entry::default()
                };
                inner.audit.append(tx, &entry).await?;
            }
            Ok(ended)
        })
        .await
}
