//! All SQL of transfers of stewardship; that of delegations is beside it.

use crate::rooms::Head;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, Change, MemberState, Millis, OfficeId, PatientId, Position, RegionId, RoomId, TransferId,
    TransferState,
};
use uuid::Uuid;

/// A transfer as it is stored.
pub struct TransferRow {
    /// Its id.
    pub id: TransferId,
    /// The timeline it was proposed from.
    pub room: RoomId,
    /// Its region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// Whom it is about.
    pub patient: PatientId,
    /// The steward.
    pub from: OfficeId,
    /// The office that is asked.
    pub to: OfficeId,
    /// How far it has come.
    pub state: TransferState,
    /// Why.
    pub sealed: Vec<u8>,
    /// Why it was declined.
    pub answer: Option<Vec<u8>>,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: Millis,
    /// Until when it counts.
    pub until: Millis,
}

struct Columns {
    id: Uuid,
    room: Uuid,
    region: Uuid,
    profile: String,
    patient: Uuid,
    from_office: Uuid,
    to_office: Uuid,
    state: String,
    sealed: Vec<u8>,
    answer: Option<Vec<u8>>,
    proposed_by: Uuid,
    proposed_at: i64,
    expires_at: i64,
}

row!(Columns:
    id, room, region, profile, patient, from_office, to_office, state, sealed, answer, proposed_by,
    proposed_at, expires_at
);

/// The columns, of rooms that were not erased.
macro_rules! columns {
    ($which:literal) => {
        concat!(
            "SELECT t.id, t.room, r.region, g.profile, t.patient, t.from_office, t.to_office, t.state, t.sealed, t.answer, \
             t.proposed_by, t.proposed_at, t.expires_at FROM transfers t \
             JOIN rooms r ON r.id = t.room AND r.state <> 'erased' JOIN regions g ON g.id = r.region WHERE ",
            $which
        )
    };
}

/// Words that this version does not know give no transfer.
fn row_of(row: Columns) -> Option<TransferRow> {
    Some(TransferRow {
        id: TransferId(row.id),
        room: RoomId(row.room),
        region: RegionId(row.region),
        profile: row.profile,
        patient: PatientId(row.patient),
        from: OfficeId(row.from_office),
        to: OfficeId(row.to_office),
        state: TransferState::of(&row.state)?,
        sealed: row.sealed,
        answer: row.answer,
        proposed_by: AccountId(row.proposed_by),
        proposed_at: Millis(row.proposed_at),
        until: Millis(row.expires_at),
    })
}

/// One transfer.
pub async fn transfer(conn: &mut Conn, id: TransferId) -> Result<Option<TransferRow>, StoreFault> {
    const SQL: &str = columns!("t.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a transfer", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// Whether that id is taken, by whatever it is.
pub(super) async fn is_taken(conn: &mut Conn, id: TransferId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM transfers WHERE id = $1";
    let count: i64 = on_engine!(conn, "looking for a transfer", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// The transfers of a patient that are under way.
pub(super) async fn under_way(conn: &mut Conn, patient: PatientId) -> Result<Vec<TransferRow>, StoreFault> {
    const SQL: &str =
        columns!("t.patient = $1 AND t.state IN ('proposed', 'awaiting_consent') ORDER BY t.id");
    let rows: Vec<Columns> = on_engine!(conn, "finding a patient's transfers", c => sqlx::query_as(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// How many transfers somebody proposed, and delegations she gave, after a moment.
pub(super) async fn asked_since(
    conn: &mut Conn,
    account: AccountId,
    since: Millis,
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM transfers WHERE proposed_by = $1 AND proposed_at > $2) \
                       + (SELECT COUNT(*) FROM delegations WHERE given_by = $1 AND given_at > $2)";
    on_engine!(conn, "counting what was asked of offices", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(since.0).fetch_one(c).await)
}

/// Those whose time is over, the longest first.
pub(super) async fn overdue(conn: &mut Conn, now: Millis) -> Result<Vec<TransferRow>, StoreFault> {
    const SQL: &str = columns!(
        "t.state IN ('proposed', 'awaiting_consent') AND t.expires_at <= $1 ORDER BY t.expires_at, t.id LIMIT 16"
    );
    let rows: Vec<Columns> = on_engine!(conn, "finding late transfers", c => sqlx::query_as(SQL)
        .bind(now.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// The transfers from an office and to it: those under way first, then the latest.
pub(super) async fn of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<TransferRow>, StoreFault> {
    const SQL: &str = columns!(
        "t.from_office = $1 OR t.to_office = $1 ORDER BY \
         CASE WHEN t.state IN ('proposed', 'awaiting_consent') THEN 0 ELSE 1 END, t.proposed_at DESC, t.id LIMIT 200"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing transfers", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// Whether an office has obtained a consent of a patient that is in force, since a moment and dated no later than a day
/// (002-5.3b).
pub(super) async fn has_consent(
    conn: &mut Conn,
    (patient, office): (PatientId, OfficeId),
    since: Millis,
    today: &str,
) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM consents k WHERE k.patient = $1 AND k.state = 'in_force' AND k.recorded_at >= $3 \
                       AND k.given_on <= $4 AND EXISTS (SELECT 1 FROM affiliations f WHERE f.account = k.recorded_by \
                       AND f.office = $2)";
    let count: i64 = on_engine!(conn, "looking for a new consent", c => sqlx::query_scalar(SQL)
        .bind(patient.0).bind(office.0).bind(since.0).bind(today).fetch_one(c).await)?;
    Ok(count > 0)
}

/// The timelines of a patient that an office is steward of.
pub(super) async fn held(
    conn: &mut Conn,
    patient: PatientId,
    steward: OfficeId,
) -> Result<Vec<(RoomId, String)>, StoreFault> {
    const SQL: &str =
        "SELECT id, state FROM rooms WHERE patient = $1 AND steward = $2 AND state <> 'erased' ORDER BY id";
    let rows: Vec<(Uuid, String)> = on_engine!(conn, "finding a steward's timelines", c => sqlx::query_as(SQL)
        .bind(patient.0).bind(steward.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(room, state)| (RoomId(room), state)).collect())
}

/// The counters of a room.
pub(super) async fn head(conn: &mut Conn, room: RoomId) -> Result<Option<Head>, StoreFault> {
    const SQL: &str =
        "SELECT last_position, change, member_version, active_at FROM room_heads WHERE room = $1";
    let row: Option<(i64, i64, i64, i64)> = on_engine!(conn, "reading a room's head", c => sqlx::query_as(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(row.map(|(last_position, change, member_version, active_at)| Head {
        last_position: Position(last_position),
        change: Change(change),
        member_version,
        active_at: Millis(active_at),
    }))
}

/// Who is in a patient's timelines of an office, or invited, and barred from that office's timelines.
pub(super) async fn barred_inside(
    conn: &mut Conn,
    patient: PatientId,
    steward: OfficeId,
) -> Result<Vec<(RoomId, AccountId, MemberState)>, StoreFault> {
    const SQL: &str = "SELECT m.room, m.account, m.state FROM rooms r JOIN members m ON m.room = r.id \
                       AND m.state IN ('member', 'invited') JOIN bars b ON b.office = r.steward AND b.account = m.account \
                       WHERE r.patient = $1 AND r.steward = $2 ORDER BY m.room, m.account";
    let rows: Vec<(Uuid, Uuid, String)> = on_engine!(conn, "finding whom the new steward bars", c => sqlx::query_as(SQL)
        .bind(patient.0).bind(steward.0).fetch_all(c).await)?;
    let read = |(room, account, state): (Uuid, Uuid, String)| {
        Some((RoomId(room), AccountId(account), MemberState::of(&state)?))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

impl Tx {
    /// Keeps a proposal.
    pub(super) async fn insert_transfer(&mut self, new: &TransferRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO transfers (id, room, patient, from_office, to_office, state, sealed, proposed_by, \
                           proposed_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        on_engine!(self.conn(), "keeping a transfer", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.room.0).bind(new.patient.0).bind(new.from.0).bind(new.to.0)
            .bind(new.state.as_str()).bind(&new.sealed).bind(new.proposed_by.0).bind(new.proposed_at.0)
            .bind(new.until.0).execute(c).await.map(|_| ()))
    }

    /// The receiving office has agreed. Whether it had not.
    pub(super) async fn accept_transfer(
        &mut self,
        id: TransferId,
        by: AccountId,
        (now, until): (Millis, Millis),
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE transfers SET state = 'awaiting_consent', accepted_by = $2, accepted_at = $3, expires_at = $4 \
                           WHERE id = $1 AND state = 'proposed'";
        on_engine!(self.conn(), "accepting a transfer", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(now.0).bind(until.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// It has come to an end. Whether it had not.
    pub(super) async fn end_transfer(
        &mut self,
        id: TransferId,
        state: TransferState,
        (by, answer): (Option<AccountId>, Option<&[u8]>),
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE transfers SET state = $2, ended_by = $3, answer = $4, ended_at = $5 \
                           WHERE id = $1 AND state IN ('proposed', 'awaiting_consent')";
        on_engine!(self.conn(), "ending a transfer", c => sqlx::query(SQL)
            .bind(id.0).bind(state.as_str()).bind(by.map(|by| by.0)).bind(answer).bind(now.0)
            .execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// The patient and her timelines are another office's from now on; whom the old one barred has left them for good.
    pub(super) async fn replace_steward(
        &mut self,
        patient: PatientId,
        from: OfficeId,
        to: OfficeId,
    ) -> Result<(), StoreFault> {
        const BARRED: &str = "UPDATE members SET state = 'left' WHERE state = 'barred' AND room IN \
                              (SELECT r.id FROM rooms r WHERE r.patient = $1 AND r.steward = $2)";
        const TOLD: &str = "DELETE FROM reviews_told WHERE room IN \
                            (SELECT r.id FROM rooms r WHERE r.patient = $1 AND r.steward = $2)";
        const ROOMS: &str = "UPDATE rooms SET steward = $3 WHERE patient = $1 AND steward = $2";
        const PATIENT: &str = "UPDATE patients SET office = $3 WHERE id = $1 AND office = $2";
        for sql in [BARRED, TOLD] {
            on_engine!(self.conn(), "clearing up after a steward", c => sqlx::query(sql)
                .bind(patient.0).bind(from.0).execute(c).await.map(|_| ()))?;
        }
        for sql in [ROOMS, PATIENT] {
            on_engine!(self.conn(), "passing a stewardship on", c => sqlx::query(sql)
                .bind(patient.0).bind(from.0).bind(to.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// What a patient consented to stays in force for the office that answers for her now, where the rules ask for no new
    /// consent.
    pub(super) async fn keep_consents(
        &mut self,
        patient: PatientId,
        from: OfficeId,
        to: OfficeId,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE consents SET office = $3 WHERE patient = $1 AND office = $2 AND state = 'in_force'";
        on_engine!(self.conn(), "keeping consents", c => sqlx::query(SQL)
            .bind(patient.0).bind(from.0).bind(to.0).execute(c).await.map(|_| ()))
    }

    /// Consents of a patient that an office did not obtain itself, since a moment, are history for it (002-5.3b).
    pub(super) async fn outdate_consents(
        &mut self,
        (patient, office): (PatientId, OfficeId),
        since: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE consents SET state = 'superseded' WHERE patient = $1 AND state = 'in_force' \
                           AND NOT (recorded_at >= $3 AND EXISTS (SELECT 1 FROM affiliations f \
                           WHERE f.account = consents.recorded_by AND f.office = $2))";
        on_engine!(self.conn(), "outdating consents", c => sqlx::query(SQL)
            .bind(patient.0).bind(office.0).bind(since.0).execute(c).await.map(|_| ()))
    }
}
