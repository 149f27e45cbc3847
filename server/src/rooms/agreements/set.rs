//! Writing down what the members agreed on: by whoever decides who belongs to the room (001§26-7, 001§29-8).

use super::store::{self, AgreementRow};
use super::{AgreementBody, AgreementId};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::random;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::posts::Text;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    AgreementTerms, Code, Done, Event, MemberState, Refusal, RoomKind, SetAgreement, limits,
};

/// Keeps the next version; every member is told and acknowledges it anew. A retry changes nothing.
///
/// # Errors
/// `bad_field`, also for a connection; `not_found`, `invitation_open`; `not_steward`; `timeline_archived`; `agreement_changed` where
/// another version came in between; `account_restricted`.
pub async fn set(app: &App, who: &Arc<Session>, ask: SetAgreement) -> Result<Done> {
    let terms = fit(&ask.terms)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let id = AgreementId(random::new_id(&app.clock));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            if steering.kind == RoomKind::Connection {
                return Err(Refusal::new(Code::BadField).with("field", "room").into());
            }
            steering.let_run(&who)?;
            steering.let_grow()?;
            let key = steering.opened_key(&inner).await?;
            let stands = store::of_room(tx.conn(), ask.room).await?.into_iter().next();
            let is_same = match &stands {
                Some(row) => {
                    row.set_by == who.account
                        && AgreementBody::open(&key, row.id, &row.sealed)?.terms == terms
                }
                None => false,
            };
            if !decide(stands.as_ref().map_or(0, |row| row.version), is_same, ask.version)? {
                return Ok(Done {});
            }
            let card = steering.card_of(tx.conn(), &who).await?;
            let new = AgreementRow {
                id,
                version: ask.version,
                set_by: who.account,
                set_as: tx.card_to_write_under(&inner, &who, card).await?,
                set_at: now,
                sealed: AgreementBody { v: FORMAT, terms: terms.clone() }.sealed(&key, id)?,
            };
            tx.insert_agreement(ask.room, &new).await?;
            if steering.membership == Some(MemberState::Member) {
                tx.mark_agreement(id, who.account, now).await?;
            }
            let mut head = steering.head;
            head.change = head.change.next();
            tx.move_head(ask.room, head);
            let entry = Entry {
                at: now,
                act: "rooms.set_agreement",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(steering.region),
                room: Some(ask.room),
                detail: Some(format!(r#"{{"version":{}}}"#, ask.version)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let (inner, room, change, state) = (inner.clone(), ask.room, head.change, steering.state);
            tx.tell(move || {
                let frame = live::encode(&Event::RoomChanged { room, change, state });
                inner.live.announce(&Announcement { room, change, frame })
            });
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to write: one version follows the other.
fn decide(stands: u32, is_same: bool, asked: u32) -> Result<bool, Code> {
    if asked == stands && is_same {
        return Ok(false);
    }
    if Some(asked) == stands.checked_add(1) { Ok(true) } else { Err(Code::AgreementChanged) }
}

fn fit(typed: &AgreementTerms) -> Result<AgreementTerms, Refusal> {
    let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    let hours = match typed.hours.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(line) => Some(Text::line(line, limits::HOURS_CHARS).ok_or_else(|| bad("hours"))?),
    };
    Ok(AgreementTerms {
        aim: Text::short(&typed.aim, limits::AGREEMENT_CHARS).ok_or_else(|| bad("aim"))?,
        usage: Text::short(&typed.usage, limits::AGREEMENT_CHARS).ok_or_else(|| bad("usage"))?,
        hours,
        secondary_use: typed.secondary_use,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_follows_the_other() {
        for (stands, is_same, asked, expected) in [
            (0, false, 1, Ok(true)),
            (1, false, 2, Ok(true)),
            (1, true, 1, Ok(false)),
            (1, true, 2, Ok(true)),
            (1, false, 1, Err(Code::AgreementChanged)),
            (2, false, 2, Err(Code::AgreementChanged)),
            (0, false, 0, Err(Code::AgreementChanged)),
            (1, false, 3, Err(Code::AgreementChanged)),
            (u32::MAX, false, 0, Err(Code::AgreementChanged)),
        ] {
            assert_eq!(decide(stands, is_same, asked), expected, "{stands} {is_same} {asked}");
        }
    }
}
