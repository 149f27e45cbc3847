//! All SQL of delegations.

use crate::crypto::seal::KeyId;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, DelegationId, DelegationState, Millis, OfficeId, PatientId, RegionId, RoomId,
};
use uuid::Uuid;

/// A delegation as it is stored.
pub struct DelegationRow {
    /// Its id.
    pub id: DelegationId,
    /// The timeline it was given from.
    pub room: RoomId,
    /// Its region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// Whom it is about.
    pub patient: PatientId,
    /// Who gave it.
    pub steward: OfficeId,
    /// Who acts.
    pub delegate: OfficeId,
    /// How far it has come.
    pub state: DelegationState,
    /// Who approved it, and what shows that.
    pub sealed: Option<Vec<u8>>,
    /// On which day.
    pub approved_on: Option<String>,
    /// Who of the steward gave it.
    pub given_by: AccountId,
    /// From when on it is over.
    pub until: Millis,
}

struct Columns {
    id: Uuid,
    room: Uuid,
    region: Uuid,
    profile: String,
    patient: Uuid,
    steward: Uuid,
    delegate: Uuid,
    state: String,
    sealed: Option<Vec<u8>>,
    approved_on: Option<String>,
    given_by: Uuid,
    expires_at: i64,
}

row!(Columns:
    id, room, region, profile, patient, steward, delegate, state, sealed, approved_on, given_by,
    expires_at
);

/// The columns, of rooms that were not erased.
macro_rules! columns {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.room, r.region, g.profile, d.patient, d.steward, d.delegate, d.state, d.sealed, d.approved_on, \
             d.given_by, d.expires_at FROM delegations d \
             JOIN rooms r ON r.id = d.room AND r.state <> 'erased' JOIN regions g ON g.id = r.region WHERE ",
            $which
        )
    };
}

/// Words that this version does not know give no delegation.
fn row_of(row: Columns) -> Option<DelegationRow> {
    Some(DelegationRow {
        id: DelegationId(row.id),
        room: RoomId(row.room),
        region: RegionId(row.region),
        profile: row.profile,
        patient: PatientId(row.patient),
        steward: OfficeId(row.steward),
        delegate: OfficeId(row.delegate),
        state: DelegationState::of(&row.state)?,
        sealed: row.sealed,
        approved_on: row.approved_on,
        given_by: AccountId(row.given_by),
        until: Millis(row.expires_at),
    })
}

/// One delegation.
pub(super) async fn delegation(
    conn: &mut Conn,
    id: DelegationId,
) -> Result<Option<DelegationRow>, StoreFault> {
    const SQL: &str = columns!("d.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a delegation", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The key of the timeline that a delegation was given from.
pub(super) async fn key_of(conn: &mut Conn, room: RoomId) -> Result<Option<KeyId>, StoreFault> {
    const SQL: &str = "SELECT key_id FROM rooms WHERE id = $1";
    let key: Option<Uuid> = on_engine!(conn, "finding a room's key", c => sqlx::query_scalar(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(key.map(KeyId))
}

/// What a steward gave as to a patient and is not over.
pub(super) async fn under_way(
    conn: &mut Conn,
    patient: PatientId,
    steward: OfficeId,
) -> Result<Vec<DelegationRow>, StoreFault> {
    const SQL: &str =
        columns!("d.patient = $1 AND d.steward = $2 AND d.state IN ('given', 'active') ORDER BY d.id");
    let rows: Vec<Columns> = on_engine!(conn, "finding a patient's delegations", c => sqlx::query_as(SQL)
        .bind(patient.0).bind(steward.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// Those whose last day is over, the longest first.
pub(super) async fn overdue(conn: &mut Conn, now: Millis) -> Result<Vec<DelegationRow>, StoreFault> {
    const SQL: &str = columns!(
        "d.state IN ('given', 'active') AND d.expires_at <= $1 ORDER BY d.expires_at, d.id LIMIT 16"
    );
    let rows: Vec<Columns> = on_engine!(conn, "finding late delegations", c => sqlx::query_as(SQL)
        .bind(now.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// What an office gave and has: what is not over first, then the latest.
pub(super) async fn of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<DelegationRow>, StoreFault> {
    const SQL: &str = columns!(
        "d.steward = $1 OR d.delegate = $1 ORDER BY CASE WHEN d.state = 'ended' THEN 1 ELSE 0 END, \
         d.given_at DESC, d.id LIMIT 200"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing delegations", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

impl Tx {
    /// Keeps a delegation.
    pub(super) async fn insert_delegation(
        &mut self,
        new: &DelegationRow,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO delegations (id, room, patient, steward, delegate, state, sealed, approved_on, given_by, \
                           given_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        on_engine!(self.conn(), "keeping a delegation", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.room.0).bind(new.patient.0).bind(new.steward.0).bind(new.delegate.0)
            .bind(new.state.as_str()).bind(new.sealed.as_deref()).bind(new.approved_on.as_deref())
            .bind(new.given_by.0).bind(now.0).bind(new.until.0).execute(c).await.map(|_| ()))
    }

    /// Keeps who approved it.
    pub(super) async fn approve_delegation(
        &mut self,
        id: DelegationId,
        sealed: &[u8],
        day: &str,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE delegations SET sealed = $2, approved_on = $3 WHERE id = $1";
        on_engine!(self.conn(), "approving a delegation", c => sqlx::query(SQL)
            .bind(id.0).bind(sealed).bind(day).execute(c).await.map(|_| ()))
    }

    /// The other office has agreed. Whether it had not.
    pub(super) async fn accept_delegation(
        &mut self,
        id: DelegationId,
        by: AccountId,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE delegations SET state = 'active', accepted_by = $2, accepted_at = $3 \
                           WHERE id = $1 AND state = 'given'";
        on_engine!(self.conn(), "accepting a delegation", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// It is over. Whether it was not.
    pub(super) async fn end_delegation(
        &mut self,
        id: DelegationId,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE delegations SET state = 'ended', ended_by = $2, ended_at = $3 \
                           WHERE id = $1 AND state IN ('given', 'active')";
        on_engine!(self.conn(), "ending a delegation", c => sqlx::query(SQL)
            .bind(id.0).bind(by.map(|by| by.0)).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }
}
