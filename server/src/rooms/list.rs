//! The list of rooms, with unread counts. Shows last lines only of rooms whose member the reader is.

use super::{RoomBody, Standing, agreements, store};
use crate::app::App;
use crate::bodies::{self, Body};
use crate::error::{Fault, Result};
use crate::offices::OfficeBody;
use crate::patients::PatientBody;
use crate::posts::History;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::HashMap;
use tsumugi_protocol::{
    Card, Change, LastPost, MemberState, OfficeId, Patient, PatientId, PersonKind, Position, ReaderCount,
    RoomCard, RoomId, RoomList, RoomState,
};

/// All rooms of the reader, the liveliest first; patients once.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list(app: &App, who: &Session) -> Result<RoomList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let standings = store::standings(conn, who.account).await?;
    let mut faces: HashMap<RoomId, store::Face> =
        store::faces(conn, who.account).await?.into_iter().map(|face| (RoomId(face.room), face)).collect();
    let mut counts: HashMap<RoomId, ReaderCount> = HashMap::new();
    for (room, kind, count) in store::reader_counts(conn, who.account).await? {
        counts.entry(room).or_default().set(kind, count);
    }
    let others: HashMap<RoomId, _> = store::others(conn, who.account).await?.into_iter().collect();
    let mut agreed: HashMap<RoomId, agreements::store::MarkRow> =
        agreements::store::marks_of(conn, who.account)
            .await?
            .into_iter()
            .map(|row| (row.room, row))
            .collect();
    let mut lasts = History::last_posts(app, conn, who.account).await?;
    let mut patients: HashMap<PatientId, Patient> = HashMap::new();
    let mut rooms = Vec::with_capacity(standings.len());
    for standing in standings {
        let room = standing.room;
        let face = faces.remove(&room).ok_or_else(|| Fault::noticed("finding a room's face"))?;
        let other = match others.get(&room) {
            Some(card) => Some((*app.cards.one(app, conn, *card).await?).clone()),
            None => None,
        };
        let beside = Beside {
            face,
            count: counts.remove(&room).unwrap_or_default(),
            other,
            last: lasts.remove(&room),
            agreed: agreed.remove(&room),
        };
        let (card, patient) = card(app, who, &standing, beside).await?;
        patients.extend(patient.map(|patient| (patient.id, patient)));
        rooms.push(card);
    }
    let mut patients: Vec<Patient> = patients.into_values().collect();
    patients.sort_by_cached_key(|patient| (PatientBody::order(patient), patient.id));
    Ok(RoomList { patients, rooms })
}

/// What is known of a room beside the reader's standing.
pub(super) struct Beside {
    pub face: store::Face,
    pub count: ReaderCount,
    pub other: Option<Card>,
    pub last: Option<LastPost>,
    pub agreed: Option<agreements::store::MarkRow>,
}

impl Beside {
    /// The same for one room.
    pub(super) async fn of(app: &App, conn: &mut Conn, who: &Session, standing: &Standing) -> Result<Self> {
        let face =
            store::face(conn, standing.room).await?.ok_or_else(|| Fault::noticed("finding a room's face"))?;
        let mut count = ReaderCount::default();
        let mut other = None;
        for member in store::members(conn, standing.room).await? {
            let card = app.cards.one(app, conn, member.card).await?;
            if member.state == MemberState::Member {
                count.add(card.kind);
            }
            if standing.kind == tsumugi_protocol::RoomKind::Connection && member.account != who.account {
                other = Some((*card).clone());
            }
        }
        let last = History::last_post(app, conn, standing).await?;
        let agreed = agreements::store::mark_of(conn, who.account, standing.room).await?;
        Ok(Self { face, count, other, last, agreed })
    }
}

/// A room as the reader sees it, and its patient.
pub(super) async fn card(
    app: &App,
    who: &Session,
    standing: &Standing,
    beside: Beside,
) -> Result<(RoomCard, Option<Patient>)> {
    // Whoever owes a pledge sees of a room what an invitee does.
    let is_member = standing.membership.state == MemberState::Member && !standing.asks.is_any();
    let body = match &beside.face.sealed {
        Some(sealed) => Some(RoomBody::open(&standing.opened_key(app).await?, standing.room, sealed)?),
        None => None,
    };
    let (title, aim) = body.map(|body| (body.title, body.aim)).unzip();
    let steward = match (standing.steward, &beside.face.steward_sealed) {
        (Some(office), Some(sealed)) => Some(bodies::open::<OfficeBody>(app, office, sealed).await?.name),
        _ => None,
    };
    let delegate = match (beside.face.delegate, &beside.face.delegate_sealed) {
        (Some(office), Some(sealed)) => {
            Some(bodies::open::<OfficeBody>(app, OfficeId(office), sealed).await?.name)
        }
        _ => None,
    };
    let patient = match (standing.patient, &beside.face.patient_sealed) {
        (Some(id), Some(sealed)) if is_member => {
            Some(bodies::open::<PatientBody>(app, id, sealed).await?.shown(id))
        }
        _ => None,
    };
    let agreement = match &beside.agreed {
        Some(row) => Some(agreements::mark(&standing.opened_key(app).await?, row)?),
        None => None,
    };
    let read = read_position(app, who, standing);
    let unread = if is_member && standing.sharing.let_read().is_ok() {
        standing.head.last_position.0.saturating_sub(read.0).max(0)
    } else {
        0
    };
    let lack = standing.lack(app)?;
    let is_closed = standing.sharing.let_read().is_err();
    let card = RoomCard {
        id: standing.room,
        region: standing.region,
        kind: standing.kind,
        state: standing.state,
        waits_for: standing.waits_for.filter(|_| standing.state != RoomState::Archived),
        membership: standing.membership.state,
        patient: standing.patient.filter(|_| is_member),
        title,
        aim,
        other: beside.other,
        steward,
        consent: lack.filter(|_| is_member),
        delegate,
        readers: beside.count,
        change: if is_member { standing.head.change } else { Change(0) },
        last_position: if is_member { standing.head.last_position } else { Position(0) },
        read_position: read,
        unread: u32::try_from(unread).unwrap_or(u32::MAX),
        last: beside.last.filter(|_| is_member && !is_closed),
        agreement,
    };
    Ok((card, patient))
}

/// How far the reader has read, marks included that the rows may not show yet.
pub(super) fn read_position(app: &App, who: &Session, standing: &Standing) -> Position {
    let waiting = app.marks.newest(standing.room, who.account).unwrap_or_default();
    standing.read_position.max(waiting)
}

/// Lets counts be set from grouped rows.
trait SetCount {
    fn set(&mut self, kind: PersonKind, count: u32);
}

impl SetCount for ReaderCount {
    fn set(&mut self, kind: PersonKind, count: u32) {
        match kind {
            PersonKind::Staff => self.staff = count,
            PersonKind::Family => self.family = count,
            PersonKind::Patient => self.patient = count,
        }
    }
}
