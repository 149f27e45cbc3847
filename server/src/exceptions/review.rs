//! An exception that is over was looked at: what was done under it, and whether that was right (001§24, 004§10a).

use super::ReviewBody;
use super::looking_after::{Step, looked_after};
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, ReviewException};

/// Once, by who looks after it, and never by who declared it for herself.
///
/// # Errors
/// `not_found` for one that is none of her business, there or not; `not_for_yourself`, `exception_in_force`,
/// `exception_reviewed`; `reason_missing` without a note; `bad_field` for one that is too long; `account_restricted`.
pub async fn review(app: &App, who: &Arc<Session>, ask: ReviewException) -> Result<Done> {
    who.let_write()?;
    let now = app.clock.now();
    let key = {
        let mut view = app.store.view().await?;
        let row = looked_after(view.conn(), who, (ask.exception, Step::Review), now).await?;
        seal::key_of(&row.sealed)?
    };
    let note = Reason::read(&ask.note)?;
    app.keys.ready(key).await?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = looked_after(tx.conn(), &who, (ask.exception, Step::Review), now).await?;
            let key = inner.keys.ready(seal::key_of(&row.sealed)?).await?;
            let sealed = ReviewBody { v: FORMAT, note: note.clone() }.sealed(&key, row.id)?;
            if !tx.set_exception_reviewed(row.id, (who.account, &sealed), now).await? {
                return Err(Code::ExceptionReviewed.into());
            }
            let entry = Entry {
                at: now,
                act: "exceptions.review",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.region),
                subject: Some(row.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
