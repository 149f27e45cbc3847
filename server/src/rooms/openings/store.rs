//! All SQL of openings: who may open what, and how a timeline came to be.

use super::rules::{Approval, Conditions};
use crate::rooms::Head;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Change, InstructionId, Millis, OfficeId, PatientId, Position, RegionId,
    RoomId, RoomKind, RoomState, WaitsFor,
};
use uuid::Uuid;

/// Somebody's place in an office.
#[derive(Debug, Clone)]
pub struct Workplace {
    /// Its id.
    pub id: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// The office.
    pub office: OfficeId,
    /// Its region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// The card there.
    pub card: CardId,
    /// Whether she says there that she is a physician.
    pub says_physician: bool,
    /// Whether she administers the office.
    pub is_admin: bool,
}

/// The columns of a [`Workplace`].
macro_rules! workplace {
    () => {
        "SELECT f.id, f.account, f.office, f.region, g.profile, f.card, f.occupation, \
         (SELECT COUNT(*) FROM roles q WHERE q.affiliation = f.id AND q.role = 'office_admin') AS admin \
         FROM affiliations f JOIN regions g ON g.id = f.region \
         JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
         WHERE f.ended_at IS NULL AND f.office IS NOT NULL AND "
    };
}

type WorkplaceColumns = (Uuid, Uuid, Uuid, Uuid, String, Uuid, String, i64);

fn workplace_of(
    (id, account, office, region, profile, card, occupation, admin): WorkplaceColumns,
) -> Workplace {
    Workplace {
        id: AffiliationId(id),
        account: AccountId(account),
        office: OfficeId(office),
        region: RegionId(region),
        profile,
        card: CardId(card),
        says_physician: occupation == "physician",
        is_admin: admin > 0,
    }
}

/// Where somebody works, the oldest place first.
pub async fn workplaces(conn: &mut Conn, account: AccountId) -> Result<Vec<Workplace>, StoreFault> {
    const SQL: &str = concat!(workplace!(), "f.account = $1 ORDER BY f.created_at, f.id");
    let rows: Vec<WorkplaceColumns> = on_engine!(conn, "reading where somebody works", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(workplace_of).collect())
}

/// Where somebody works whom the reader knows: a colleague, or somebody she shares a room with. Places of physicians first.
pub async fn known_workplace(
    conn: &mut Conn,
    reader: AccountId,
    account: AccountId,
    region: RegionId,
) -> Result<Option<Workplace>, StoreFault> {
    const SQL: &str = concat!(
        workplace!(),
        "f.account = $1 AND f.region = $2 AND f.account <> $3 AND \
         (f.office IN (SELECT o.office FROM affiliations o WHERE o.account = $3 AND o.ended_at IS NULL) \
          OR EXISTS (SELECT 1 FROM members n JOIN members m ON m.room = n.room AND m.account = f.account \
          AND m.state = 'member' WHERE n.account = $3 AND n.state = 'member')) \
         ORDER BY CASE WHEN f.occupation = 'physician' THEN 0 ELSE 1 END, f.created_at, f.id LIMIT 1"
    );
    let row: Option<WorkplaceColumns> = on_engine!(conn, "finding where somebody works", c => sqlx::query_as(SQL)
        .bind(account.0).bind(region.0).bind(reader.0).fetch_optional(c).await)?;
    Ok(row.map(workplace_of))
}

/// Patients whose timelines somebody may have opened: of her own office, if she runs it, registered them or takes part in their
/// care; and those a physician instructed her for.
macro_rules! of_opener {
    () => {
        "(SELECT p.id FROM patients p JOIN affiliations a ON a.office = p.office AND a.account = $1 AND a.ended_at IS NULL \
          WHERE p.registered_by = $1 \
          OR EXISTS (SELECT 1 FROM roles q WHERE q.affiliation = a.id AND q.role = 'office_admin') \
          OR EXISTS (SELECT 1 FROM rooms r JOIN members m ON m.room = r.id AND m.account = $1 AND m.state = 'member' \
                     WHERE r.patient = p.id) \
          UNION SELECT i.patient FROM instructions i \
          JOIN affiliations s ON s.id = i.instructed AND s.account = $1 AND s.ended_at IS NULL \
          JOIN affiliations d ON d.id = i.physician AND d.ended_at IS NULL WHERE i.withdrawn_at IS NULL)"
    };
}

/// A patient as an opener sees her: id, steward, sealed body, region, the name of its rules.
pub type PatientFound = (PatientId, OfficeId, Vec<u8>, RegionId, String);

type PatientColumns = (Uuid, Uuid, Vec<u8>, Uuid, String);

fn patient_of((id, office, sealed, region, profile): PatientColumns) -> PatientFound {
    (PatientId(id), OfficeId(office), sealed, RegionId(region), profile)
}

/// The patients whose timelines somebody may have opened.
pub async fn patients_of_opener(conn: &mut Conn, who: AccountId) -> Result<Vec<PatientFound>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT p.id, p.office, p.sealed, p.region, g.profile FROM patients p JOIN regions g ON g.id = p.region \
         WHERE p.id IN ",
        of_opener!(),
        " ORDER BY p.id LIMIT 5000"
    );
    let rows: Vec<PatientColumns> = on_engine!(conn, "finding whose timelines may be opened", c => sqlx::query_as(SQL)
        .bind(who.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(patient_of).collect())
}

/// One of them; nothing for every other, there or not.
pub async fn patient_of_opener(
    conn: &mut Conn,
    who: AccountId,
    patient: PatientId,
) -> Result<Option<PatientFound>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT p.id, p.office, p.sealed, p.region, g.profile FROM patients p JOIN regions g ON g.id = p.region \
         WHERE p.id = $2 AND p.id IN ",
        of_opener!()
    );
    let row: Option<PatientColumns> = on_engine!(conn, "finding whose timeline may be opened", c => sqlx::query_as(SQL)
        .bind(who.0).bind(patient.0).fetch_optional(c).await)?;
    Ok(row.map(patient_of))
}

/// Which kinds of timelines stand of the patients of [`patients_of_opener`].
pub async fn kinds_of_opener(
    conn: &mut Conn,
    who: AccountId,
) -> Result<Vec<(PatientId, RoomKind)>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT r.patient, r.kind FROM rooms r WHERE r.state <> 'erased' AND r.patient IN ",
        of_opener!(),
        " ORDER BY r.patient, r.kind"
    );
    let rows: Vec<(Uuid, String)> = on_engine!(conn, "finding which timelines stand", c => sqlx::query_as(SQL)
        .bind(who.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, kind)| Some((PatientId(id), RoomKind::of(&kind)?))).collect())
}

/// How many timelines of that kind a patient has.
pub async fn standing_timelines(
    conn: &mut Conn,
    patient: PatientId,
    kind: RoomKind,
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM rooms WHERE patient = $1 AND kind = $2 AND state <> 'erased'";
    on_engine!(conn, "looking for a timeline", c => sqlx::query_scalar(SQL)
        .bind(patient.0).bind(kind.as_str()).fetch_one(c).await)
}

/// The stewards of timelines of somebody in the region who may be the same person, registered as another patient.
pub async fn stewards_of_namesakes(conn: &mut Conn, patient: PatientId) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT r.steward FROM patients me \
        JOIN patients p ON p.region = me.region AND p.match_hash = me.match_hash AND p.id <> me.id \
        JOIN rooms r ON r.patient = p.id AND r.state <> 'erased' WHERE me.id = $1 ORDER BY r.steward";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who may be the same", c => sqlx::query_scalar(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(OfficeId).collect())
}

/// The instruction by which somebody opens a patient's timeline: its id, her own place, the physician's account and card.
pub async fn instruction_for(
    conn: &mut Conn,
    who: AccountId,
    patient: PatientId,
) -> Result<Option<(InstructionId, AffiliationId, AccountId, AffiliationId)>, StoreFault> {
    const SQL: &str = "SELECT i.id, i.instructed, d.account, i.physician FROM instructions i \
        JOIN affiliations s ON s.id = i.instructed AND s.account = $1 AND s.ended_at IS NULL \
        JOIN affiliations d ON d.id = i.physician AND d.ended_at IS NULL \
        WHERE i.patient = $2 AND i.withdrawn_at IS NULL ORDER BY i.given_at DESC, i.id LIMIT 1";
    let row: Option<(Uuid, Uuid, Uuid, Uuid)> = on_engine!(conn, "finding an instruction", c => sqlx::query_as(SQL)
        .bind(who.0).bind(patient.0).fetch_optional(c).await)?;
    Ok(row.map(|(id, place, physician, at)| {
        (InstructionId(id), AffiliationId(place), AccountId(physician), AffiliationId(at))
    }))
}

/// The desk of a region.
pub async fn desk_of(conn: &mut Conn, region: RegionId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'secretariat' \
                       JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
                       WHERE f.region = $1 AND f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding a region's desk", c => sqlx::query_scalar(SQL)
        .bind(region.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// How a timeline came to be, and where it stands.
#[derive(Debug, Clone)]
pub struct OpeningRow {
    /// The room.
    pub room: RoomId,
    /// Its region.
    pub region: RegionId,
    /// State.
    pub state: RoomState,
    /// What it waits for.
    pub waits_for: Option<WaitsFor>,
    /// Whose.
    pub patient: PatientId,
    /// The steward.
    pub steward: OfficeId,
    /// Who opened it.
    pub opened_by: AccountId,
    /// As whom.
    pub opened_as: CardId,
    /// Who manages it for the physician.
    pub manager: Option<AccountId>,
    /// The physician who is asked, or in charge.
    pub physician: Option<AccountId>,
    /// As whom.
    pub physician_as: Option<CardId>,
    /// What decides where it stands.
    pub(super) conditions: Conditions,
    /// Its counters, as they are stored.
    pub head: Head,
}

struct OpeningColumns {
    room: Uuid,
    region: Uuid,
    kind: String,
    state: String,
    waits_for: Option<String>,
    patient: Uuid,
    steward: Uuid,
    opened_by: Uuid,
    opened_as: Uuid,
    manager: Option<Uuid>,
    physician: Option<Uuid>,
    physician_as: Option<Uuid>,
    approval: String,
    must_join: i64,
    began_at: Option<i64>,
    paused_at: Option<i64>,
    last_position: i64,
    change: i64,
    member_version: i64,
    active_at: i64,
    physician_in: i64,
}

row!(OpeningColumns:
    room, region, kind, state, waits_for, patient, steward, opened_by, opened_as, manager, physician,
    physician_as, approval, must_join, began_at, paused_at, last_position, change, member_version,
    active_at, physician_in
);

impl OpeningColumns {
    /// Words that nobody knows make no opening.
    fn read(self) -> Option<OpeningRow> {
        Some(OpeningRow {
            room: RoomId(self.room),
            region: RegionId(self.region),
            state: RoomState::of(&self.state)?,
            waits_for: self.waits_for.as_deref().and_then(WaitsFor::of),
            patient: PatientId(self.patient),
            steward: OfficeId(self.steward),
            opened_by: AccountId(self.opened_by),
            opened_as: CardId(self.opened_as),
            manager: self.manager.map(AccountId),
            physician: self.physician.map(AccountId),
            physician_as: self.physician_as.map(CardId),
            conditions: Conditions {
                kind: RoomKind::of(&self.kind)?,
                approval: Approval::of(&self.approval)?,
                must_join: self.must_join != 0,
                has_physician: self.physician_in > 0,
                has_begun: self.began_at.is_some(),
                is_paused: self.paused_at.is_some(),
            },
            head: Head {
                last_position: Position(self.last_position),
                change: Change(self.change),
                member_version: self.member_version,
                active_at: Millis(self.active_at),
            },
        })
    }
}

/// The columns of an [`OpeningRow`].
macro_rules! opening {
    () => {
        "SELECT w.room, r.region, r.kind, r.state, r.waits_for, r.patient, r.steward, w.opened_by, w.opened_as, w.manager, \
         w.physician, w.physician_as, w.approval, w.must_join, w.began_at, w.paused_at, \
         h.last_position, h.change, h.member_version, h.active_at, \
         (SELECT COUNT(*) FROM members x WHERE x.room = w.room AND x.account = w.physician AND x.state = 'member') \
         AS physician_in \
         FROM openings w JOIN rooms r ON r.id = w.room JOIN room_heads h ON h.room = w.room "
    };
}

/// How a timeline came to be; nothing for those that nobody opened here.
pub async fn opening(conn: &mut Conn, room: RoomId) -> Result<Option<OpeningRow>, StoreFault> {
    const SQL: &str = concat!(opening!(), "WHERE w.room = $1");
    let row: Option<OpeningColumns> = on_engine!(conn, "reading an opening", c => sqlx::query_as(SQL).bind(room.0).fetch_optional(c).await)?;
    Ok(row.and_then(OpeningColumns::read))
}

/// Those of the timelines that somebody is in or invited to, the oldest first.
pub async fn openings_of(conn: &mut Conn, account: AccountId) -> Result<Vec<OpeningRow>, StoreFault> {
    const SQL: &str = concat!(
        opening!(),
        "JOIN members m ON m.room = w.room AND m.account = $1 AND m.state IN ('member', 'invited') ORDER BY w.room"
    );
    let rows: Vec<OpeningColumns> =
        on_engine!(conn, "reading openings", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(OpeningColumns::read).collect())
}

/// A new opening.
pub struct NewOpening {
    /// The room.
    pub room: RoomId,
    /// Whose.
    pub patient: PatientId,
    /// Kind.
    pub kind: RoomKind,
    /// Who opened it, and as whom.
    pub opened: (AccountId, CardId),
    /// Who manages it for the physician.
    pub manager: Option<AccountId>,
    /// The physician, and as whom.
    pub physician: Option<(AccountId, CardId)>,
    /// By which instruction.
    pub instruction: Option<InstructionId>,
    /// What the physician said.
    pub approval: Approval,
    /// Whether it waits for her to take part.
    pub must_join: bool,
    /// Since when it is written in.
    pub began_at: Option<Millis>,
}

impl Tx {
    /// Of two who open a timeline of the same patient at once, the second sees what the first did.
    pub(super) async fn hold_patient(&mut self, patient: PatientId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE patients SET created_at = created_at WHERE id = $1";
        on_engine!(self.conn(), "holding a patient", c => sqlx::query(SQL)
            .bind(patient.0).execute(c).await.map(|_| ()))
    }

    /// Keeps how a timeline came to be.
    pub(super) async fn insert_opening(&mut self, new: &NewOpening) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO openings (room, patient, kind, opened_by, opened_as, manager, physician, physician_as, \
                           instruction, approval, must_join, began_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let (physician, card) = new.physician.map(|(account, card)| (account.0, card.0)).unzip();
        on_engine!(self.conn(), "keeping an opening", c => sqlx::query(SQL)
            .bind(new.room.0).bind(new.patient.0).bind(new.kind.as_str()).bind(new.opened.0.0).bind(new.opened.1.0)
            .bind(new.manager.map(|id| id.0)).bind(physician).bind(card).bind(new.instruction.map(|id| id.0))
            .bind(new.approval.as_str()).bind(i64::from(new.must_join)).bind(new.began_at.map(|at| at.0))
            .execute(c).await.map(|_| ()))
    }

    /// What a physician said.
    pub(super) async fn set_approval(&mut self, room: RoomId, approval: Approval) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE openings SET approval = $2 WHERE room = $1";
        on_engine!(self.conn(), "keeping what a physician said", c => sqlx::query(SQL)
            .bind(room.0).bind(approval.as_str()).execute(c).await.map(|_| ()))
    }

    /// Another physician is asked, or takes charge.
    pub(super) async fn set_physician(
        &mut self,
        room: RoomId,
        (physician, card): (AccountId, CardId),
        approval: Approval,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE openings SET physician = $2, physician_as = $3, approval = $4 WHERE room = $1";
        on_engine!(self.conn(), "keeping which physician", c => sqlx::query(SQL)
            .bind(room.0).bind(physician.0).bind(card.0).bind(approval.as_str()).execute(c).await.map(|_| ()))
    }

    /// It is paused since then, or goes on.
    pub(super) async fn set_paused(&mut self, room: RoomId, since: Option<Millis>) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE openings SET paused_at = $2 WHERE room = $1";
        on_engine!(self.conn(), "pausing a timeline", c => sqlx::query(SQL)
            .bind(room.0).bind(since.map(|at| at.0)).execute(c).await.map(|_| ()))
    }

    /// Where a timeline stands from now on, what it waits for, and since when it is written in, the first time.
    pub(super) async fn set_standing(
        &mut self,
        room: RoomId,
        (state, waits_for): (RoomState, Option<WaitsFor>),
        now: Millis,
    ) -> Result<(), StoreFault> {
        const ROOM: &str = "UPDATE rooms SET state = $2, waits_for = $3 WHERE id = $1";
        const BEGUN: &str = "UPDATE openings SET began_at = COALESCE(began_at, $2) WHERE room = $1";
        on_engine!(self.conn(), "changing where a timeline stands", c => sqlx::query(ROOM)
            .bind(room.0).bind(state.as_str()).bind(waits_for.map(WaitsFor::as_str)).execute(c).await.map(|_| ()))?;
        if state != RoomState::Active {
            return Ok(());
        }
        on_engine!(self.conn(), "keeping when a timeline began", c => sqlx::query(BEGUN)
            .bind(room.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// The physician's office answers for patient and timeline from now on, where it is her only one (c-39); whether it is.
    pub(super) async fn hand_to_office_of_physician(
        &mut self,
        (room, patient): (RoomId, PatientId),
        office: OfficeId,
    ) -> Result<bool, StoreFault> {
        const PATIENT: &str = "UPDATE patients SET office = $2 WHERE id = $1 AND office <> $2 \
                               AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.patient = $1 AND r.id <> $3)";
        const ROOM: &str = "UPDATE rooms SET steward = $2 WHERE id = $1";
        let moved = on_engine!(self.conn(), "handing a patient on", c => sqlx::query(PATIENT)
            .bind(patient.0).bind(office.0).bind(room.0).execute(c).await.map(|done| done.rows_affected() == 1))?;
        if moved {
            on_engine!(self.conn(), "handing a timeline on", c => sqlx::query(ROOM)
                .bind(room.0).bind(office.0).execute(c).await.map(|_| ()))?;
        }
        Ok(moved)
    }
}
