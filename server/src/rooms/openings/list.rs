//! What the reader may open, and the timelines of hers that wait or are in a physician's charge.

use super::store::{self, OpeningRow, Workplace};
use super::{acts_as_physician, is_physician};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::{self, OfficeBody};
use crate::patients::{self, PatientBody};
use crate::policy::{PatientGroupCreate, PhysicianMustJoin};
use crate::rooms::store as rooms;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::HashMap;
use tsumugi_protocol::{
    MemberState, Opening, OpeningList, OpeningOffice, OpeningPatient, PatientId, PersonKind, RoomKind,
    RoomState,
};

/// For staff; nobody else opens any.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn openings(app: &App, who: &Session) -> Result<OpeningList> {
    if who.kind != PersonKind::Staff {
        return Ok(OpeningList { offices: Vec::new(), patients: Vec::new(), openings: Vec::new() });
    }
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut offices = Vec::new();
    for place in store::workplaces(conn, who.account).await? {
        offices.extend(office(app, conn, &place).await?);
    }
    let patients = patients(app, conn, who).await?;
    let mut openings = Vec::new();
    for row in store::openings_of(conn, who.account).await? {
        openings.extend(opening(app, conn, who, row).await?);
    }
    Ok(OpeningList { offices, patients, openings })
}

async fn office(app: &App, conn: &mut Conn, place: &Workplace) -> Result<Option<OpeningOffice>> {
    let Some(row) = offices::store::office(conn, place.office).await? else { return Ok(None) };
    let rules = app.policies.named(&place.profile)?;
    Ok(Some(OpeningOffice {
        office: place.office,
        name: bodies::open::<OfficeBody>(app, place.office, &row.sealed).await?.name,
        may_register: rules.patient_group_create.lets_register(place.is_admin),
        is_physician: is_physician(app, conn, &rules, place).await?,
        takes_approval: rules.patient_group_create == PatientGroupCreate::PhysicianOrInstructed,
        takes_physician: rules.physician_must_join == PhysicianMustJoin::Gate,
    }))
}

async fn patients(app: &App, conn: &mut Conn, who: &Session) -> Result<Vec<OpeningPatient>> {
    let mut kinds: HashMap<PatientId, Vec<RoomKind>> = HashMap::new();
    for (patient, kind) in store::kinds_of_opener(conn, who.account).await? {
        let stands = kinds.entry(patient).or_default();
        if !stands.contains(&kind) {
            stands.push(kind);
        }
    }
    let mut found = Vec::new();
    for (id, office, sealed, ..) in store::patients_of_opener(conn, who.account).await? {
        found.push(OpeningPatient {
            patient: bodies::open::<PatientBody>(app, id, &sealed).await?.shown(id),
            office,
            stands: kinds.remove(&id).unwrap_or_default(),
            is_instructed: store::instruction_for(conn, who.account, id).await?.is_some(),
        });
    }
    found.sort_by_cached_key(|one| (PatientBody::order(&one.patient), one.patient.id));
    Ok(found)
}

/// One that waits, or that a physician has charge of.
async fn opening(app: &App, conn: &mut Conn, who: &Session, row: OpeningRow) -> Result<Option<Opening>> {
    let (now, waits) = (row.conditions, matches!(row.state, RoomState::Draft | RoomState::Paused));
    let is_for_family = now.kind == RoomKind::TimelineWithRecipient;
    if row.state == RoomState::Archived
        || !(waits || is_for_family || !now.has_physician && row.physician.is_some())
    {
        return Ok(None);
    }
    let Some(standing) = rooms::standing(conn, who.account, row.room).await? else { return Ok(None) };
    let is_member = standing.membership.state == MemberState::Member;
    let Some(patient) = patients::store::patient(conn, row.patient).await? else { return Ok(None) };
    let body = bodies::open::<PatientBody>(app, row.patient, &patient.sealed).await?;
    let physician = match row.physician_as {
        Some(card) => Some((*app.cards.one(app, conn, card).await?).clone()),
        None => None,
    };
    let is_opener = row.opened_by == who.account && row.state == RoomState::Draft;
    let steering = rooms::steering(conn, who.account, row.room).await?;
    let runs_it = steering.is_some_and(|steering| steering.is_run_by(who.account));
    let says = is_member && acts_as_physician(app, conn, &standing).await?;
    Ok(Some(Opening {
        room: row.room,
        kind: now.kind,
        state: row.state,
        waits_for: row.waits_for.filter(|_| waits),
        label: if is_member { body.name } else { body.label() },
        by: (*app.cards.one(app, conn, row.opened_as).await?).clone(),
        physician,
        is_mine: row.physician == Some(who.account),
        is_rejected: now.approval == super::rules::Approval::Refused,
        may_ask: is_member && (runs_it || is_opener) && !now.has_physician,
        may_take: says && now.has_begun && !now.has_physician,
    }))
}
