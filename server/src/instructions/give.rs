//! Writing down that a physician has somebody open and manage a patient's timeline; told outside of the service (c-45).

use super::InstructionBody;
use super::store::{self, InstructionRow};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::patients::{self, PatientBody};
use crate::policy::Asked;
use crate::posts::Text;
use crate::rooms::store::{self as rooms, Workplace};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, GiveInstruction, NoticeKind, Refusal, limits};

/// Keeps it, and tells whoever is instructed. The same once more changes nothing.
///
/// # Errors
/// `account_restricted`; `bad_field`; `not_found` for patients of other offices, and for people she does not know;
/// `physician_required`; `not_for_yourself`; `id_taken`.
pub async fn give(app: &App, who: &Arc<Session>, ask: GiveInstruction) -> Result<Done> {
    who.let_write()?;
    let (members, now) = (read(&ask)?, app.clock.now());
    if !PatientBody::has_come(&ask.on, now) {
        return Err(Refusal::new(Code::BadField).with("field", "on").into());
    }
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some((physician, instructed)) = giving(&inner, tx.conn(), &who, &ask).await? else {
                return Ok(Done {});
            };
            let patient = patients::store::patient(tx.conn(), ask.patient).await?.ok_or(Code::NotFound)?;
            let key = inner.keys.ready(seal::key_of(&patient.sealed)?).await?;
            let body = InstructionBody { v: FORMAT, members: members.clone() };
            let row = InstructionRow {
                id: ask.instruction,
                patient: ask.patient,
                physician: physician.id,
                by: physician.account,
                instructed: instructed.id,
                to: instructed.account,
                channel: ask.channel,
                on: ask.on.clone(),
                sealed: body.sealed(&key, ask.instruction)?,
                given_at: now,
                is_withdrawn: false,
            };
            tx.insert_instruction(&row).await?;
            let entry = Entry {
                at: now,
                act: "instructions.give",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(patient.region),
                subject: Some(ask.patient.0),
                detail: Some(format!(
                    r#"{{"instruction":"{}","to":"{}","channel":"{}"}}"#,
                    ask.instruction,
                    instructed.account,
                    ask.channel.as_str()
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::Instructed).tell(&inner, tx, instructed.account).await?;
            Ok(Done {})
        })
        .await
}

/// Whom she wishes to take part, fit to be kept.
fn read(ask: &GiveInstruction) -> Result<String, Refusal> {
    match ask.members.trim() {
        "" => Ok(String::new()),
        members => Text::short(members, limits::INVOLVEMENT_CHARS)
            .ok_or_else(|| Refusal::new(Code::BadField).with("field", "members")),
    }
}

/// Physician and instructed, each with the place it is for; nothing where it was given before.
async fn giving(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &GiveInstruction,
) -> Result<Option<(Workplace, Workplace)>> {
    if let Some(row) = store::instruction(conn, ask.instruction).await? {
        let is_same = (row.by, row.patient, row.to) == (who.account, ask.patient, ask.account);
        return if is_same { Ok(None) } else { Err(Code::IdTaken.into()) };
    }
    let patient = patients::store::patient(conn, ask.patient).await?.ok_or(Code::NotFound)?;
    let places = rooms::workplaces(conn, who.account).await?;
    let place = places.into_iter().find(|place| place.office == patient.office).ok_or(Code::NotFound)?;
    let rules = app.policies.named(&patient.profile)?;
    let is_looked_at = rules.professional_verification != Asked::Required
        || app.cards.one(app, conn, place.card).await?.mark.is_some();
    if !place.says_physician || !is_looked_at {
        return Err(Code::PhysicianRequired.into());
    }
    if ask.account == who.account {
        return Err(Code::NotForYourself.into());
    }
    let known = rooms::known_workplace(conn, who.account, ask.account, patient.region).await?;
    Ok(Some((place, known.ok_or(Code::NotFound)?)))
}
