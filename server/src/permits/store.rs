//! All SQL of permits.

use crate::patients::store::of_concern;
use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, OfficeId, PatientId, PermitFrom, PermitId, RoomId};
use uuid::Uuid;

/// A permit as it is stored.
#[derive(Debug, Clone)]
pub struct PermitRow {
    /// Its id.
    pub id: PermitId,
    /// The connection.
    pub room: RoomId,
    /// The patient.
    pub patient: PatientId,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// Her card.
    pub recorded_as: CardId,
    /// Who consented.
    pub from: PermitFrom,
    /// When, as an ISO date.
    pub on: String,
    /// How, and to what.
    pub sealed: Vec<u8>,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
}

macro_rules! columns {
    () => {
        "SELECT x.id, x.room, x.patient, x.recorded_by, x.recorded_as, x.given_by, x.given_on, x.sealed, \
         x.recorded_at, x.ended_at FROM permits x WHERE "
    };
}

type Columns = (Uuid, Uuid, Uuid, Uuid, Uuid, String, String, Vec<u8>, i64, Option<i64>);

/// Words that nobody knows make no permit.
fn row_of((id, room, patient, by, card, from, on, sealed, at, ended): Columns) -> Option<PermitRow> {
    Some(PermitRow {
        id: PermitId(id),
        room: RoomId(room),
        patient: PatientId(patient),
        recorded_by: AccountId(by),
        recorded_as: CardId(card),
        from: PermitFrom::of(&from)?,
        on,
        sealed,
        recorded_at: Millis(at),
        ended_at: ended.map(Millis),
    })
}

/// A permit.
pub async fn permit(conn: &mut Conn, id: PermitId) -> Result<Option<PermitRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "x.id = $1");
    let row: Option<Columns> =
        on_engine!(conn, "reading a permit", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The permits of a connection, the newest first.
pub async fn of_room(conn: &mut Conn, room: RoomId) -> Result<Vec<PermitRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "x.room = $1 ORDER BY x.recorded_at DESC, x.id LIMIT 200");
    let rows: Vec<Columns> =
        on_engine!(conn, "listing permits", c => sqlx::query_as(SQL).bind(room.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// Whether a connection may carry a patient's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// A consent is recorded in this connection, and the patient has withdrawn none since.
    pub is_permitted: bool,
    /// She has a timeline in use in her region.
    pub is_in_use: bool,
    /// One in which both of the connection are.
    pub is_shared: bool,
}

/// The timelines in use of the patient `p`, however often she was registered in her region.
macro_rules! in_use {
    () => {
        " FROM rooms t JOIN patients q ON q.id = t.patient AND q.region = p.region AND q.match_hash = p.match_hash \
         WHERE t.state = 'active'"
    };
}

/// What there is about a patient in a connection; nothing for somebody who has nothing to do with her, there or not.
pub async fn exception(
    conn: &mut Conn,
    who: AccountId,
    room: RoomId,
    patient: PatientId,
) -> Result<Option<Exception>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT (SELECT COUNT(*) FROM permits x WHERE x.room = $2 AND x.patient = p.id AND x.ended_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM consents w WHERE w.patient = p.id AND w.withdrawn_at >= x.recorded_at)), \
         (SELECT COUNT(*)",
        in_use!(),
        "), (SELECT COUNT(*)",
        in_use!(),
        " AND NOT EXISTS (SELECT 1 FROM members m WHERE m.room = $2 AND m.state = 'member' AND NOT EXISTS \
         (SELECT 1 FROM members n WHERE n.room = t.id AND n.account = m.account AND n.state = 'member'))) \
         FROM patients p WHERE p.id = $3 AND p.id IN ",
        of_concern!()
    );
    let values = vec![who.0.into(), room.0.into(), patient.0.into()];
    let read = |cells: &mut Cells| {
        let (permits, in_use, shared) = (cells.int()?, cells.int()?, cells.int()?);
        Some(Exception { is_permitted: permits > 0, is_in_use: in_use > 0, is_shared: shared > 0 })
    };
    let kinds = [Kind::Int, Kind::Int, Kind::Int];
    let found = conn.rows("finding an exception", SQL, values, &kinds, read).await?;
    Ok(found.into_iter().next())
}

/// Permits that hold for a patient without a timeline in use: whom to remind, of whom, since when, and the region's rules.
pub async fn due(conn: &mut Conn) -> Result<Vec<(PermitId, Millis, String)>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT x.id, COALESCE(x.reminded_at, x.recorded_at) AS last_at, g.profile FROM permits x \
         JOIN patients p ON p.id = x.patient JOIN regions g ON g.id = p.region \
         WHERE x.ended_at IS NULL AND NOT EXISTS (SELECT 1",
        in_use!(),
        ") ORDER BY last_at, x.id LIMIT 500"
    );
    let rows: Vec<(Uuid, i64, String)> =
        on_engine!(conn, "finding where a timeline is due", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, at, rules)| (PermitId(id), Millis(at), rules)).collect())
}

/// The offices that answer for the timelines in use of a patient.
pub async fn stewards(conn: &mut Conn, patient: PatientId) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT t.steward FROM patients p JOIN patients q ON q.region = p.region \
                       AND q.match_hash = p.match_hash JOIN rooms t ON t.patient = q.id AND t.state = 'active' \
                       WHERE p.id = $1 AND t.steward IS NOT NULL";
    let rows: Vec<Uuid> = on_engine!(conn, "finding a patient's stewards", c => sqlx::query_scalar(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(OfficeId).collect())
}

impl Tx {
    /// Keeps a permit.
    pub async fn insert_permit(&mut self, new: &PermitRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO permits (id, room, patient, recorded_by, recorded_as, given_by, given_on, sealed, recorded_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_engine!(self.conn(), "keeping a permit", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.room.0).bind(new.patient.0).bind(new.recorded_by.0).bind(new.recorded_as.0)
            .bind(new.from.as_str()).bind(new.on.as_str()).bind(new.sealed.as_slice()).bind(new.recorded_at.0)
            .execute(c).await.map(|_| ()))
    }

    /// A permit holds no longer; whether it did until now.
    pub async fn end_permit(&mut self, id: PermitId, by: AccountId, now: Millis) -> Result<bool, StoreFault> {
        const SQL: &str =
            "UPDATE permits SET ended_at = $3, ended_by = $2 WHERE id = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a permit", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Whoever recorded it is told now that a timeline is due; whether nobody was first.
    pub async fn remind_of_timeline(
        &mut self,
        id: PermitId,
        last: Millis,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE permits SET reminded_at = $3 \
                           WHERE id = $1 AND ended_at IS NULL AND COALESCE(reminded_at, recorded_at) = $2";
        on_engine!(self.conn(), "noting a reminder", c => sqlx::query(SQL)
            .bind(id.0).bind(last.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// The steward is told now that its timeline is wanted; whether it was not before, nor after `since` by an earlier record.
    pub async fn note_wanted(
        &mut self,
        (room, patient): (RoomId, PatientId),
        (since, now): (Millis, Millis),
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE permits SET wanted_at = $3 \
                           WHERE room = $1 AND patient = $2 AND ended_at IS NULL AND wanted_at IS NULL \
                           AND NOT EXISTS (SELECT 1 FROM permits y WHERE y.room = $1 AND y.patient = $2 AND y.wanted_at > $4)";
        on_engine!(self.conn(), "noting that a timeline is wanted", c => sqlx::query(SQL)
            .bind(room.0).bind(patient.0).bind(now.0).bind(since.0).execute(c).await
            .map(|done| done.rows_affected() > 0))
    }
}
