//! Who may be proposed for a room: colleagues, people one shares a room with, and, for administrators, whoever has an address.

use super::store::{self, CandidateRow, Wanted};
use crate::accounts::{self, AccountBody, Address};
use crate::app::App;
use crate::audit::Entry;
use crate::enrolments::Outsider;
use crate::error::Result;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AskCandidates, Candidate, CandidateList, Code, Refusal, RoomKind};

/// Them, in the order of their reading. Looking somebody up by her address is in the audit.
///
/// # Errors
/// `not_found`, `invitation_open`; `not_steward` for an address asked by somebody who does not decide who belongs to the room;
/// as [`by_address`]; `bad_field`.
pub async fn candidates(app: &App, who: &Arc<Session>, ask: AskCandidates) -> Result<CandidateList> {
    let address = ask.email.as_deref().map(typed).transpose()?;
    let Some(address) = address else {
        let mut view = app.store.view().await?;
        let steering = Steering::at_the_door(view.conn(), who, ask.room).await?;
        return listed(app, view.conn(), &steering, &wanted(&steering, who, None)).await;
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<CandidateList> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            steering.let_run(&who)?;
            let found = by_address(&inner, tx.conn(), &address, &steering).await?;
            let entry = Entry {
                at: now,
                act: "invitations.candidates",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(steering.region),
                room: Some(steering.room),
                subject: found.map(|account| account.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            match found {
                Some(found) => {
                    let wanted = wanted(&steering, &who, Some(found));
                    let mut list = listed(&inner, tx.conn(), &steering, &wanted).await?;
                    list.candidates.retain(|candidate| candidate.card.account == found);
                    Ok(list)
                }
                None => Ok(CandidateList { candidates: Vec::new() }),
            }
        })
        .await
}

/// An address as it was typed.
pub(super) fn typed(text: &str) -> Result<Address, Refusal> {
    Address::read(text).ok_or_else(|| Refusal::new(Code::BadField).with("field", "email"))
}

/// Whose address it is.
///
/// # Errors
/// As [`Outsider::let_in`] for somebody whose office is none of the room's region.
pub(super) async fn by_address(
    app: &App,
    conn: &mut Conn,
    address: &Address,
    steering: &Steering,
) -> Result<Option<AccountId>> {
    let hash = AccountBody::found_by(app, address.as_str());
    let row = accounts::store::account_by_email(conn, hash.as_bytes()).await?;
    let Some(row) = row.filter(|row| !row.is_closed()) else { return Ok(None) };
    let pledge_to = steering.rules(app)?.staff_pledge_to;
    Outsider::of(conn, (row.id, row.kind), steering.region).await?.let_in(pledge_to)?;
    Ok(Some(row.id))
}

/// Whom she may propose for that room.
pub(super) fn wanted(steering: &Steering, who: &Session, found: Option<AccountId>) -> Wanted {
    let is_for_family = steering.kind == RoomKind::TimelineWithRecipient && steering.is_run_by(who.account);
    Wanted {
        room: steering.room,
        region: steering.region,
        asker: who.account,
        beside: steering.patient.filter(|_| is_for_family),
        found,
        only: None,
    }
}

/// Staff; patient and family for their own timeline alone.
async fn listed(app: &App, conn: &mut Conn, steering: &Steering, wanted: &Wanted) -> Result<CandidateList> {
    let hers = steering.patient.filter(|_| steering.kind == RoomKind::TimelineWithRecipient);
    let mut candidates = Vec::new();
    for CandidateRow { affiliation, card, patient, .. } in store::candidates(conn, wanted).await? {
        if patient.is_some() && patient != hers {
            continue;
        }
        candidates.push(Candidate { affiliation, card: (*app.cards.one(app, conn, card).await?).clone() });
    }
    candidates.sort_by(|one, other| (&one.card.kana, one.card.id).cmp(&(&other.card.kana, other.card.id)));
    Ok(CandidateList { candidates })
}
