//! An exception ends before its time: every session under it ends at once.

use super::looking_after::{Step, looked_after};
use super::store::{self, ExceptionRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::{Session, Which};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, Millis, NoticeKind, WhichException};

/// By whoever looks after it, or declared it for herself.
///
/// # Errors
/// `not_found` for one that is none of her business, there or not; `exception_over`.
pub async fn end(app: &App, who: &Arc<Session>, ask: WhichException) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = looked_after(tx.conn(), &who, (ask.exception, Step::End), now).await?;
            tx.set_exception_ended(row.id, now, Some(who.account)).await?;
            let sessions = tx.end_exception(&inner, &row, "exception_ended", now).await?;
            let entry = Entry {
                at: now,
                act: "exceptions.end",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.region),
                subject: Some(row.id.0),
                detail: Some(format!(r#"{{"sessions":{sessions}}}"#)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// Ends the sessions under an exception and tells who looks after it that it waits to be looked at. How many ended.
    ///
    /// # Errors
    /// When rows cannot be read or written.
    pub(super) async fn end_exception(
        &mut self,
        app: &App,
        row: &ExceptionRow,
        why: &'static str,
        now: Millis,
    ) -> Result<u64> {
        let mut ended = 0;
        for (account, session) in store::standing_under(self.conn(), row.id).await? {
            ended += self.end_sessions(app, account, Which::One(session), why, now).await?;
        }
        for account in store::told_of(self.conn(), row.id).await? {
            if row.account != Some(account) {
                Notice::of(NoticeKind::ExceptionOver).tell(app, self, account).await?;
            }
        }
        Ok(ended)
    }
}
