//! All SQL of who left an office.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AccountState, AffiliationId, CardId, Millis, OfficeId, RegionId};
use uuid::Uuid;

/// Somebody who has no place any more and an account that is not closed.
pub struct Unclosed {
    /// The place that ended last.
    pub place: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// Its region.
    pub region: RegionId,
    /// The card she had there.
    pub card: CardId,
    /// When it ended.
    pub left_at: Millis,
    /// The region's rules.
    pub profile: String,
}

macro_rules! unclosed_untold {
    ($columns:literal, $which:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM affiliations f \
             JOIN accounts a ON a.id = f.account AND a.state <> 'closed' JOIN regions g ON g.id = f.region \
             WHERE f.ended_at IS NOT NULL AND f.office IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM leavers_told t WHERE t.affiliation = f.id) \
             AND NOT EXISTS (SELECT 1 FROM affiliations o WHERE o.account = f.account AND (o.ended_at IS NULL \
             OR o.ended_at > f.ended_at OR (o.ended_at = f.ended_at AND o.id > f.id))) ",
            $which
        )
    };
}

/// Those of whom it was not told yet, the longest gone first.
pub async fn unclosed_untold(conn: &mut Conn) -> Result<Vec<Unclosed>, StoreFault> {
    const SQL: &str = unclosed_untold!(
        "f.id, f.account, f.region, f.card, f.ended_at, g.profile",
        "ORDER BY f.ended_at, f.id"
    );
    type Columns = (Uuid, Uuid, Uuid, Uuid, i64, String);
    let rows: Vec<Columns> =
        on_engine!(conn, "finding who left", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(place, account, region, card, left_at, profile)| Unclosed {
            place: AffiliationId(place),
            account: AccountId(account),
            region: RegionId(region),
            card: CardId(card),
            left_at: Millis(left_at),
            profile,
        })
        .collect())
}

/// Whether one of them is so still.
pub async fn is_unclosed_untold(conn: &mut Conn, place: AffiliationId) -> Result<bool, StoreFault> {
    const SQL: &str = unclosed_untold!("COUNT(*)", "AND f.id = $1");
    let count: i64 = on_engine!(conn, "looking whether somebody left", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Somebody who left an office.
pub struct LeaverRow {
    /// The card she had there.
    pub card: CardId,
    /// When.
    pub left_at: Millis,
    /// How many memberships ended with it.
    pub rooms_left: i64,
    /// Devices of the office that are under her name and not given up.
    pub devices: i64,
    /// Her account is not closed, and she has no place anywhere.
    pub opens_nothing: bool,
}

/// Who left an office and did not come back, the latest first; of several places of one person the last one.
pub async fn leavers(conn: &mut Conn, office: OfficeId) -> Result<Vec<LeaverRow>, StoreFault> {
    const SQL: &str = "SELECT f.card, f.ended_at, \
        (SELECT COUNT(*) FROM members m WHERE m.affiliation = f.id AND m.state = 'left'), \
        (SELECT COUNT(*) FROM devices d WHERE d.office = f.office AND d.account = f.account AND d.state <> 'retired'), \
        a.state, \
        (SELECT COUNT(*) FROM affiliations p WHERE p.account = f.account AND p.ended_at IS NULL) \
        FROM affiliations f JOIN accounts a ON a.id = f.account \
        WHERE f.office = $1 AND f.ended_at IS NOT NULL AND NOT EXISTS \
        (SELECT 1 FROM affiliations o WHERE o.account = f.account AND o.office = f.office AND (o.ended_at IS NULL \
        OR o.ended_at > f.ended_at OR (o.ended_at = f.ended_at AND o.id > f.id))) ORDER BY f.ended_at DESC, f.id";
    type Columns = (Uuid, i64, i64, i64, String, i64);
    let rows: Vec<Columns> = on_engine!(conn, "listing who left", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(card, left_at, rooms_left, devices, state, places)| LeaverRow {
            card: CardId(card),
            left_at: Millis(left_at),
            rooms_left,
            devices,
            opens_nothing: AccountState::of(&state) != Some(AccountState::Closed) && places == 0,
        })
        .collect())
}

impl Tx {
    /// Notes that it was told of somebody who left; whether it had not been.
    pub async fn insert_leaver_told(
        &mut self,
        place: AffiliationId,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str =
            "INSERT INTO leavers_told (affiliation, at) VALUES ($1, $2) ON CONFLICT (affiliation) DO NOTHING";
        on_engine!(self.conn(), "noting that it was told who left", c => sqlx::query(SQL)
            .bind(place.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }
}
