//! Withdrawing a consent, or a part of it: it holds at once, on every screen, until the patient consents anew.

use super::paper::{bad, day_that_came, ends_sharing, has_item, said};
use super::store::{self, ConsentRow};
use super::{ConsentBody, at_the_door, rules, telling};
use crate::app::App;
use crate::bodies::Body;
use crate::clock::Millis;
use crate::crypto::seal;
use crate::error::Result;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, ConsentState, Done, Objection, Refusal, RoomId, WithdrawConsent, Withdrawal, WithdrawalOf,
};

/// Records it and tells the patient's rooms. Withdrawn already, nothing changes.
///
/// # Errors
/// `account_restricted`; `not_found`; as [`rules::withdraw`]; `date_invalid`; `bad_field` for an item that the form does not
/// have, a room that is none of hers, and evidence that is missing.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WithdrawConsent) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let mut row = store::consent(tx.conn(), ask.consent).await?.ok_or(Code::NotFound)?;
            let towards = at_the_door(tx.conn(), &who, row.patient).await?;
            let profile = inner.policies.named(&towards.profile)?;
            let may = rules::withdraw((&towards, who.kind), ask.by, row.state, profile.consent_obtainer)?;
            let said = said_of(&ask, now)?;
            if !may {
                return Ok(Done {});
            }
            let key = inner.keys.ready(seal::key_of(&towards.sealed)?).await?;
            let mut body = ConsentBody::of(&inner, &row).await?;
            match &ask.of {
                WithdrawalOf::Whole => {
                    row.state = ConsentState::Withdrawn;
                    row.withdrawn_at = Some(now);
                    row.ended_for = Some(ask.by);
                }
                WithdrawalOf::Item(item) => object((&mut row, &mut body), item, &ask, &profile)?,
                WithdrawalOf::Room(room) => {
                    is_hers(tx, &row, *room).await?;
                    tx.stop_use(row.id, *room, now).await?;
                }
            }
            body.withdrawals.push(said);
            row.sealed = Some(body.sealed(&key, row.id)?);
            tx.change_consent(&row).await?;
            let more = match &ask.of {
                WithdrawalOf::Whole => r#","of":"whole""#.to_owned(),
                WithdrawalOf::Item(item) => format!(r#","item":"{item}""#),
                WithdrawalOf::Room(room) => format!(r#","room":"{room}""#),
            };
            let about = (row.region, row.patient);
            let entry = telling::entry(("consents.withdraw", now), &who, about, (row.id, &more));
            inner.audit.append(tx, &entry).await?;
            telling::tell_rooms(&inner, tx, row.patient).await?;
            Ok(Done {})
        })
        .await
}

fn said_of(ask: &WithdrawConsent, now: Millis) -> Result<Withdrawal, Refusal> {
    day_that_came(&ask.on, now)?;
    let evidence = said(&ask.evidence, "evidence")?;
    Ok(Withdrawal { of: ask.of.clone(), by: ask.by, on: ask.on.clone(), evidence, at: now })
}

/// An item that was agreed to is objected to from now on.
fn object(
    (row, body): (&mut ConsentRow, &mut ConsentBody),
    item: &str,
    ask: &WithdrawConsent,
    profile: &Profile,
) -> Result<()> {
    let form = profile.consent_form(&row.form).ok_or_else(|| bad("of"))?;
    if !profile.partial_objection || !has_item(profile, &form, item) {
        return Err(bad("of").into());
    }
    if !row.objected.iter().any(|one| one == item) {
        row.objected.push(item.to_owned());
        body.objections.push(Objection { item: item.to_owned(), wording: String::new(), evidence: None });
    }
    if ends_sharing(&form, item) {
        row.shares = false;
        row.ended_for = Some(ask.by);
    }
    Ok(())
}

/// Whether a room is one of the patient's.
async fn is_hers(tx: &mut Tx, row: &ConsentRow, room: RoomId) -> Result<()> {
    let rooms = store::timelines_of(tx.conn(), row.patient).await?;
    match rooms.iter().any(|one| one.room == room) {
        true => Ok(()),
        false => Err(bad("of").into()),
    }
}
