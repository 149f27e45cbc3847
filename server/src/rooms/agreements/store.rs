//! All SQL of agreements.

use super::AgreementId;
use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, RoomId};
use uuid::Uuid;

/// The version that stands, as one reader sees it.
pub struct MarkRow {
    /// The room.
    pub room: RoomId,
    /// The version's id.
    pub id: AgreementId,
    /// Which one.
    pub version: u32,
    /// What it says.
    pub sealed: Vec<u8>,
    /// Whether the reader acknowledged it.
    pub is_marked: bool,
}

impl MarkRow {
    const KINDS: [Kind; 5] = [Kind::Uuid, Kind::Uuid, Kind::Int, Kind::Bytes, Kind::Int];

    fn of(cells: &mut Cells) -> Option<Self> {
        Some(Self {
            room: RoomId(cells.uuid()?),
            id: AgreementId(cells.uuid()?),
            version: u32::try_from(cells.int()?).ok()?,
            sealed: cells.bytes()?,
            is_marked: cells.int()? > 0,
        })
    }
}

macro_rules! marks {
    ($which:literal) => {
        concat!(
            "SELECT a.room, a.id, a.version, a.sealed, \
             (SELECT COUNT(*) FROM agreement_marks k WHERE k.agreement = a.id AND k.account = $1) FROM agreements a WHERE ",
            $which,
            " AND a.version = (SELECT MAX(b.version) FROM agreements b WHERE b.room = a.room)"
        )
    };
}

/// What stands in each room of a person.
pub async fn marks_of(conn: &mut Conn, account: AccountId) -> Result<Vec<MarkRow>, StoreFault> {
    const SQL: &str = marks!(
        "a.room IN (SELECT m.room FROM members m WHERE m.account = $1 AND m.state IN ('member', 'invited'))"
    );
    let values = vec![account.0.into()];
    conn.rows("reading what was agreed", SQL, values, &MarkRow::KINDS, MarkRow::of).await
}

/// What stands in one room.
pub async fn mark_of(
    conn: &mut Conn,
    account: AccountId,
    room: RoomId,
) -> Result<Option<MarkRow>, StoreFault> {
    const SQL: &str = marks!("a.room = $2");
    let values = vec![account.0.into(), room.0.into()];
    let rows = conn.rows("reading what was agreed", SQL, values, &MarkRow::KINDS, MarkRow::of).await?;
    Ok(rows.into_iter().next())
}

/// A version as it is stored.
pub struct AgreementRow {
    /// Its id.
    pub id: AgreementId,
    /// Counted from 1.
    pub version: u32,
    /// Who wrote it down.
    pub set_by: AccountId,
    /// Her card.
    pub set_as: CardId,
    /// When.
    pub set_at: Millis,
    /// What it says.
    pub sealed: Vec<u8>,
}

/// The versions of a room, the newest first.
pub async fn of_room(conn: &mut Conn, room: RoomId) -> Result<Vec<AgreementRow>, StoreFault> {
    const SQL: &str = "SELECT id, version, set_by, set_as, set_at, sealed FROM agreements \
                       WHERE room = $1 ORDER BY version DESC LIMIT 100";
    let rows: Vec<(Uuid, i64, Uuid, Uuid, i64, Vec<u8>)> =
        on_engine!(conn, "reading agreements", c => sqlx::query_as(SQL).bind(room.0).fetch_all(c).await)?;
    let read = |(id, version, by, card, at, sealed): (Uuid, i64, Uuid, Uuid, i64, Vec<u8>)| {
        Some(AgreementRow {
            id: AgreementId(id),
            version: u32::try_from(version).ok()?,
            set_by: AccountId(by),
            set_as: CardId(card),
            set_at: Millis(at),
            sealed,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Who acknowledged which version of a room, as far as they are in it.
pub async fn marks_in(conn: &mut Conn, room: RoomId) -> Result<Vec<(AgreementId, AccountId)>, StoreFault> {
    const SQL: &str = "SELECT k.agreement, k.account FROM agreement_marks k JOIN agreements a ON a.id = k.agreement \
                       JOIN members m ON m.room = a.room AND m.account = k.account AND m.state IN ('member', 'invited') \
                       WHERE a.room = $1 ORDER BY k.marked_at, k.account";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "reading who acknowledged", c => sqlx::query_as(SQL)
        .bind(room.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, account)| (AgreementId(id), AccountId(account))).collect())
}

impl Tx {
    /// Keeps one more version.
    pub async fn insert_agreement(&mut self, room: RoomId, new: &AgreementRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO agreements (id, room, version, set_by, set_as, set_at, sealed) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on_engine!(self.conn(), "keeping an agreement", c => sqlx::query(SQL)
            .bind(new.id.0).bind(room.0).bind(i64::from(new.version)).bind(new.set_by.0).bind(new.set_as.0)
            .bind(new.set_at.0).bind(new.sealed.as_slice()).execute(c).await.map(|_| ()))
    }

    /// Somebody acknowledged a version; whether she had not before.
    pub async fn mark_agreement(
        &mut self,
        id: AgreementId,
        account: AccountId,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "INSERT INTO agreement_marks (agreement, account, marked_at) VALUES ($1, $2, $3) \
                           ON CONFLICT (agreement, account) DO NOTHING";
        on_engine!(self.conn(), "keeping that it was acknowledged", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }
}
