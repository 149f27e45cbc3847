//! All SQL of reviews.

use super::rules::Since;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, CardId, Millis, OfficeId, PatientId, RegionId, ReviewId, RoomId, RoomKind,
};
use uuid::Uuid;

/// A timeline that is in use, as to its reviews.
pub struct TimelineRow {
    /// The room.
    pub room: RoomId,
    /// Kind.
    pub kind: RoomKind,
    /// Its region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// The steward.
    pub steward: OfficeId,
    /// Whose.
    pub patient: PatientId,
    /// The patient's sealed body.
    pub sealed: Vec<u8>,
    /// From when on a review counts.
    pub(super) since: Since,
    /// Whether it was told that one is due …
    pub told_due: bool,
    /// … and that it is overdue.
    pub told_overdue: bool,
}

struct Columns {
    id: Uuid,
    kind: String,
    region: Uuid,
    profile: String,
    steward: Uuid,
    patient: Uuid,
    sealed: Vec<u8>,
    created_at: i64,
    taken_at: Option<i64>,
    signed_at: Option<i64>,
    told_due: i64,
    told_overdue: i64,
}

row!(Columns:
    id, kind, region, profile, steward, patient, sealed, created_at, taken_at, signed_at, told_due,
    told_overdue
);

macro_rules! timelines {
    ($which:literal) => {
        concat!(
            "SELECT r.id, r.kind, r.region, g.profile, r.steward, r.patient, p.sealed, r.created_at, \
             (SELECT MAX(t.ended_at) FROM transfers t WHERE t.patient = r.patient AND t.state = 'completed' \
              AND t.to_office = r.steward) AS taken_at, \
             (SELECT MAX(v.signed_at) FROM reviews v WHERE v.room = r.id AND v.office = r.steward) AS signed_at, \
             (SELECT COUNT(*) FROM reviews_told n WHERE n.room = r.id AND n.step = 'due') AS told_due, \
             (SELECT COUNT(*) FROM reviews_told n WHERE n.room = r.id AND n.step = 'overdue') AS told_overdue \
             FROM rooms r JOIN patients p ON p.id = r.patient JOIN regions g ON g.id = r.region \
             WHERE r.steward IS NOT NULL AND r.state IN ('active', 'paused') ",
            $which
        )
    };
}

/// Words that this version does not know give no timeline.
fn row_of(row: Columns) -> Option<TimelineRow> {
    Some(TimelineRow {
        room: RoomId(row.id),
        kind: RoomKind::of(&row.kind)?,
        region: RegionId(row.region),
        profile: row.profile,
        steward: OfficeId(row.steward),
        patient: PatientId(row.patient),
        sealed: row.sealed,
        since: Since {
            made: Millis(row.created_at),
            taken_over: row.taken_at.map(Millis),
            signed: row.signed_at.map(Millis),
        },
        told_due: row.told_due > 0,
        told_overdue: row.told_overdue > 0,
    })
}

/// The timelines of an office that are in use.
pub async fn of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<TimelineRow>, StoreFault> {
    const SQL: &str = timelines!("AND r.steward = $1 ORDER BY r.id");
    let rows: Vec<Columns> = on_engine!(conn, "listing reviews", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// All timelines that are in use.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<TimelineRow>, StoreFault> {
    const SQL: &str = timelines!("ORDER BY r.id");
    let rows: Vec<Columns> =
        on_engine!(conn, "finding what is due", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// One of them.
pub(super) async fn timeline(conn: &mut Conn, room: RoomId) -> Result<Option<TimelineRow>, StoreFault> {
    const SQL: &str = timelines!("AND r.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading what is due", c => sqlx::query_as(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The members of a room, each with when she last read something new and last wrote.
pub(super) async fn members(
    conn: &mut Conn,
    room: RoomId,
) -> Result<Vec<(CardId, Option<Millis>, Option<Millis>)>, StoreFault> {
    const SQL: &str = "SELECT m.card, c.at, w.posted_at FROM members m \
                       LEFT JOIN receipts c ON c.room = m.room AND c.account = m.account \
                       LEFT JOIN (SELECT author, MAX(stored_at) AS posted_at FROM posts WHERE room = $1 GROUP BY author) w \
                       ON w.author = m.account WHERE m.room = $1 AND m.state = 'member' ORDER BY m.since, m.account";
    let rows: Vec<(Uuid, Option<i64>, Option<i64>)> = on_engine!(conn, "reading who is looked at", c => sqlx::query_as(SQL)
        .bind(room.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(card, read, wrote)| (CardId(card), read.map(Millis), wrote.map(Millis)))
        .collect())
}

/// Of which room that review is and who signed it, where there is one.
pub(super) async fn signed(conn: &mut Conn, id: ReviewId) -> Result<Option<(RoomId, AccountId)>, StoreFault> {
    const SQL: &str = "SELECT room, signed_by FROM reviews WHERE id = $1";
    let row: Option<(Uuid, Uuid)> = on_engine!(conn, "reading a review", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(room, by)| (RoomId(room), AccountId(by))))
}

/// Who signs for an office.
pub(super) async fn heads_of(conn: &mut Conn, office: OfficeId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles o ON o.affiliation = f.id AND o.role = 'office_head' \
                       JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
                       WHERE f.office = $1 AND f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who signs for an office", c => sqlx::query_scalar(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

impl Tx {
    /// Keeps a review; what was told of it is forgotten.
    pub(super) async fn insert_review(
        &mut self,
        (id, room, office): (ReviewId, RoomId, OfficeId),
        by: AccountId,
        (kept, released): (i64, i64),
        now: Millis,
    ) -> Result<(), StoreFault> {
        const REVIEW: &str = "INSERT INTO reviews (id, room, office, signed_by, signed_at, kept, released) \
                              VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const TOLD: &str = "DELETE FROM reviews_told WHERE room = $1";
        on_engine!(self.conn(), "keeping a review", c => sqlx::query(REVIEW)
            .bind(id.0).bind(room.0).bind(office.0).bind(by.0).bind(now.0).bind(kept).bind(released)
            .execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "forgetting that a review was due", c => sqlx::query(TOLD)
            .bind(room.0).execute(c).await.map(|_| ()))
    }

    /// Notes that it was told; whether it had not been.
    pub(super) async fn insert_review_told(
        &mut self,
        room: RoomId,
        step: &str,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "INSERT INTO reviews_told (room, step, at) VALUES ($1, $2, $3) ON CONFLICT (room, step) DO NOTHING";
        on_engine!(self.conn(), "noting that a review is due", c => sqlx::query(SQL)
            .bind(room.0).bind(step).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }
}
