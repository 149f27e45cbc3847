//! Taking a confirmation back: it was a mistake.

use super::ConfirmationEnd;
use super::store::{self, ConfirmationRow};
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::patients::rules::{self, Withdrawing};
use crate::patients::store as patients;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, ConfirmationId, Done, NoticeKind, PersonKind, WithdrawConfirmation};

/// Ends it, and takes the mark off the card. Ended already, nothing changes.
///
/// # Errors
/// `account_restricted`; `reason_missing`; `bad_field`; as [`rules::withdraw`].
pub async fn withdraw_confirmation(app: &App, who: &Arc<Session>, ask: WithdrawConfirmation) -> Result<Done> {
    who.let_write()?;
    Reason::read(&ask.reason)?;
    let account = {
        let mut view = app.store.view().await?;
        match withdrawing(view.conn(), who, ask.confirmation).await? {
            Some(row) => row.account,
            None => return Ok(Done {}),
        }
    };
    let reason = Reason::of(app, account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some(row) = withdrawing(tx.conn(), &who, ask.confirmation).await? else {
                return Ok(Done {});
            };
            tx.end_confirmation(row.affiliation, ConfirmationEnd::Withdrawn, now).await?;
            tx.mark_card(&inner, row.affiliation, None, now).await?;
            reason.write(tx, Some(who.account), "patients.withdraw_confirmation", now).await?;
            Notice::of(NoticeKind::ConfirmationEnded).tell(&inner, tx, row.account).await?;
            let entry = Entry {
                at: now,
                act: "patients.withdraw_confirmation",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(row.account.0),
                detail: Some(format!(
                    r#"{{"reason":"{}","confirmation":"{}"}}"#,
                    reason.id.0, ask.confirmation
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What is to end; nothing where it has.
async fn withdrawing(conn: &mut Conn, who: &Session, id: ConfirmationId) -> Result<Option<ConfirmationRow>> {
    let row = store::confirmation(conn, id).await?.ok_or(Code::NotFound)?;
    let takes_part = match store::beside(conn, row.affiliation).await? {
        Some(beside) => patients::card_beside(conn, who.account, beside.patient).await?.is_some(),
        None => false,
    };
    let is_staff = who.kind == PersonKind::Staff;
    let facts = Withdrawing { takes_part, is_staff, has_ended: row.has_ended };
    Ok(rules::withdraw(facts)?.then_some(row))
}
