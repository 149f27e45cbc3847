//! Recording that an account was seen to be the patient's own, or that of somebody of her family.

use super::NoteBody;
use super::store::{self, BesideRow, ConfirmationRow};
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::patients::rules::{self, Confirming};
use crate::patients::store as patients;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{CardId, Code, ConfirmAccount, Done, Mark, NoticeKind, PersonKind, Refusal};

/// Keeps how and when, the note sealed with the account's key, and marks the card. A retry changes nothing.
///
/// # Errors
/// `account_restricted`; `bad_field` for a day that is none or has not come, and for a note that is missing or too long; as
/// [`rules::confirm`].
pub async fn confirm_account(app: &App, who: &Arc<Session>, ask: ConfirmAccount) -> Result<Done> {
    who.let_write()?;
    let now = app.clock.now();
    let has_come = rules::day(&ask.on).is_some_and(|day| rules::has_come(day, now));
    if !has_come {
        return Err(Refusal::new(Code::BadField).with("field", "on").into());
    }
    let note = rules::note(ask.method, ask.note.as_deref())?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some((beside, card)) = confirming(tx.conn(), &who, &ask).await? else {
                return Ok(Done {});
            };
            let card = tx.card_to_write_under(&inner, &who, card).await?;
            let account = accounts::store::account(tx.conn(), beside.account).await?;
            let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
            let key = inner.keys.ready(seal::key_of(&account.sealed)?).await?;
            let seal =
                |note: &String| NoteBody { v: FORMAT, note: note.clone() }.sealed(&key, ask.confirmation);
            let row = ConfirmationRow {
                id: ask.confirmation,
                account: beside.account,
                affiliation: ask.affiliation,
                method: ask.method,
                on: ask.on.clone(),
                note: note.as_ref().map(seal).transpose()?,
                by: who.account,
                card,
                at: now,
                has_ended: false,
            };
            tx.insert_confirmation(&row).await?;
            tx.mark_card(&inner, ask.affiliation, Some(Mark::Confirmed), now).await?;
            Notice::of(NoticeKind::AccountConfirmed).tell(&inner, tx, beside.account).await?;
            let entry = Entry {
                at: now,
                act: "patients.confirm_account",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(beside.account.0),
                detail: Some(format!(
                    r#"{{"confirmation":"{}","method":"{}"}}"#,
                    ask.confirmation,
                    ask.method.as_str()
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// The account it is about, and as whom she records it; nothing where it was recorded already.
async fn confirming(
    conn: &mut Conn,
    who: &Session,
    ask: &ConfirmAccount,
) -> Result<Option<(BesideRow, CardId)>> {
    let beside = store::beside(conn, ask.affiliation).await?.ok_or(Code::NotFound)?;
    let card = patients::card_beside(conn, who.account, beside.patient).await?;
    let there = store::confirmation(conn, ask.confirmation).await?;
    let facts = Confirming {
        takes_part: card.is_some(),
        is_staff: who.kind == PersonKind::Staff,
        stands: there.map(|row| {
            (row.affiliation, row.by, row.method, row.on.as_str())
                == (ask.affiliation, who.account, ask.method, ask.on.as_str())
        }),
        is_confirmed: store::standing(conn, ask.affiliation).await?.is_some(),
    };
    let is_new = rules::confirm(facts)?;
    Ok(card.filter(|_| is_new).map(|card| (beside, card)))
}
