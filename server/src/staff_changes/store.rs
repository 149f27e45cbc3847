//! All SQL of changes of staff.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Millis, OfficeId, RegionId, StaffChangeId, StaffChangeKind,
};
use uuid::Uuid;

/// A change to be kept.
pub struct NewChange {
    /// Its id.
    pub id: StaffChangeId,
    /// The region.
    pub region: RegionId,
    /// The office.
    pub office: OfficeId,
    /// Whose place.
    pub affiliation: AffiliationId,
    /// What changed.
    pub kind: StaffChangeKind,
    /// Her card before.
    pub before: Option<CardId>,
    /// Her card after.
    pub after: Option<CardId>,
    /// What is to be handed in, a comma list.
    pub forms: String,
}

/// A change as it is stored.
pub struct ChangeRow {
    /// The change.
    pub change: NewChange,
    /// The name of the region's rules.
    pub profile: String,
    /// When.
    pub at: Millis,
    /// When the desk dealt with it.
    pub processed_at: Option<Millis>,
}

type Columns = (Uuid, Uuid, Uuid, Uuid, String, Option<Uuid>, Option<Uuid>, String, String, i64, Option<i64>);

macro_rules! changes {
    ($which:literal) => {
        concat!(
            "SELECT s.id, s.region, s.office, s.affiliation, s.kind, s.card_before, s.card_after, s.forms, g.profile, \
             s.changed_at, s.processed_at FROM staff_changes s JOIN regions g ON g.id = s.region WHERE ",
            $which
        )
    };
}

impl ChangeRow {
    /// A kind that this version does not know is none.
    fn of(
        (id, region, office, affiliation, kind, before, after, forms, profile, at, processed_at): Columns,
    ) -> Option<Self> {
        let change = NewChange {
            id: StaffChangeId(id),
            region: RegionId(region),
            office: OfficeId(office),
            affiliation: AffiliationId(affiliation),
            kind: StaffChangeKind::of(&kind)?,
            before: before.map(CardId),
            after: after.map(CardId),
            forms,
        };
        Some(Self { change, profile, at: Millis(at), processed_at: processed_at.map(Millis) })
    }
}

/// A change.
pub async fn change(conn: &mut Conn, id: StaffChangeId) -> Result<Option<ChangeRow>, StoreFault> {
    const SQL: &str = changes!("s.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a change of staff", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(ChangeRow::of))
}

/// The changes of an office: those that wait, the oldest first, then the latest of the others.
pub async fn of_office(conn: &mut Conn, office: OfficeId, most: i64) -> Result<Vec<ChangeRow>, StoreFault> {
    const WAITING: &str =
        changes!("s.office = $1 AND s.processed_at IS NULL ORDER BY s.changed_at, s.id LIMIT $2");
    const DONE: &str = changes!(
        "s.office = $1 AND s.processed_at IS NOT NULL ORDER BY s.processed_at DESC, s.id DESC LIMIT $2"
    );
    rows(conn, [WAITING, DONE], office.0, most).await
}

/// The changes of a region, in the same order.
pub async fn of_region(conn: &mut Conn, region: RegionId, most: i64) -> Result<Vec<ChangeRow>, StoreFault> {
    const WAITING: &str =
        changes!("s.region = $1 AND s.processed_at IS NULL ORDER BY s.changed_at, s.id LIMIT $2");
    const DONE: &str = changes!(
        "s.region = $1 AND s.processed_at IS NOT NULL ORDER BY s.processed_at DESC, s.id DESC LIMIT $2"
    );
    rows(conn, [WAITING, DONE], region.0, most).await
}

async fn rows(
    conn: &mut Conn,
    both: [&'static str; 2],
    of: Uuid,
    most: i64,
) -> Result<Vec<ChangeRow>, StoreFault> {
    let mut found = Vec::new();
    for sql in both {
        let rows: Vec<Columns> = on_engine!(conn, "listing changes of staff", c => sqlx::query_as(sql)
            .bind(of).bind(most).fetch_all(c).await)?;
        found.extend(rows.into_iter().filter_map(ChangeRow::of));
    }
    Ok(found)
}

impl Tx {
    /// Keeps a change.
    pub(super) async fn insert_staff_change(
        &mut self,
        new: &NewChange,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO staff_changes (id, region, office, affiliation, kind, card_before, card_after, forms, \
                           changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        on_engine!(self.conn(), "keeping a change of staff", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.region.0).bind(new.office.0).bind(new.affiliation.0).bind(new.kind.as_str())
            .bind(new.before.map(|id| id.0)).bind(new.after.map(|id| id.0)).bind(&new.forms)
            .bind(by.map(|id| id.0)).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// The desk has dealt with one.
    pub(super) async fn process_staff_change(
        &mut self,
        id: StaffChangeId,
        by: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE staff_changes SET processed_by = $2, processed_at = $3 WHERE id = $1 AND processed_at IS NULL";
        on_engine!(self.conn(), "dealing with a change of staff", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(now.0).execute(c).await.map(|_| ()))
    }
}
