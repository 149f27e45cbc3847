//! All SQL of pledges, and of what places owe.

use super::Asks;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Millis, OfficeId, PledgeId, PledgeWay, RegionId, RoomId,
};
use uuid::Uuid;

/// Somebody's place in an office, and what stands for it.
#[derive(Debug, Clone)]
pub struct Pledger {
    /// The place.
    pub id: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// Its region.
    pub region: RegionId,
    /// The office.
    pub office: OfficeId,
    /// The card in use now.
    pub card: CardId,
    /// The name of the region's rules.
    pub profile: String,
    /// The version of the pledge that stands.
    pub pledged: Option<String>,
    /// The day of the latest training; `before` for one of before it was written down.
    pub trained_on: Option<String>,
    /// What it owes, as it was last settled.
    pub asks: Asks,
    /// Since when she has the place.
    pub since: Millis,
    /// Whether it has ended.
    pub has_ended: bool,
}

type Columns = (Uuid, Uuid, Uuid, Uuid, Uuid, String, Option<String>, Option<String>, i64, i64, Option<i64>);

macro_rules! pledgers {
    ($which:literal) => {
        concat!(
            "SELECT f.id, f.account, f.region, f.office, f.card, g.profile, f.pledged, f.trained_on, f.asks, f.created_at, \
             f.ended_at FROM affiliations f JOIN regions g ON g.id = f.region WHERE f.office IS NOT NULL AND ",
            $which,
            " ORDER BY f.created_at, f.id"
        )
    };
}

impl Pledger {
    fn of(
        (id, account, region, office, card, profile, pledged, trained_on, asks, since, ended_at): Columns,
    ) -> Self {
        Self {
            id: AffiliationId(id),
            account: AccountId(account),
            region: RegionId(region),
            office: OfficeId(office),
            card: CardId(card),
            profile,
            pledged,
            trained_on,
            asks: Asks::of_row(asks),
            since: Millis(since),
            has_ended: ended_at.is_some(),
        }
    }
}

async fn pledgers(conn: &mut Conn, sql: &'static str, of: Uuid) -> Result<Vec<Pledger>, StoreFault> {
    let rows: Vec<Columns> = on_engine!(conn, "reading what places owe", c => sqlx::query_as(sql)
        .bind(of).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Pledger::of).collect())
}

/// A place in an office, whether it has ended or not.
pub async fn pledger(conn: &mut Conn, place: AffiliationId) -> Result<Option<Pledger>, StoreFault> {
    Ok(pledgers(conn, pledgers!("f.id = $1"), place.0).await?.pop())
}

/// The places of an account that have not ended.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Pledger>, StoreFault> {
    pledgers(conn, pledgers!("f.account = $1 AND f.ended_at IS NULL"), account.0).await
}

/// The places of an office, those that have ended among them.
pub async fn of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<Pledger>, StoreFault> {
    pledgers(conn, pledgers!("f.office = $1"), office.0).await
}

/// The regions, each with the name of its rules.
pub async fn regions(conn: &mut Conn) -> Result<Vec<(RegionId, String)>, StoreFault> {
    const SQL: &str = "SELECT id, profile FROM regions ORDER BY id";
    let rows: Vec<(Uuid, String)> =
        on_engine!(conn, "reading regions", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(region, profile)| (RegionId(region), profile)).collect())
}

/// The places of a region that owe something, or may under rules that name that version.
pub async fn unsettled(conn: &mut Conn, region: RegionId, version: &str) -> Result<Vec<Pledger>, StoreFault> {
    const SQL: &str = pledgers!(
        "f.region = $1 AND f.ended_at IS NULL \
         AND (f.pledged IS NULL OR f.pledged <> $2 OR f.trained_on IS NULL OR f.asks <> 0)"
    );
    let rows: Vec<Columns> = on_engine!(conn, "finding what places owe", c => sqlx::query_as(SQL)
        .bind(region.0).bind(version).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Pledger::of).collect())
}

/// What a place owes; nothing for a place beside a patient.
pub async fn asks(conn: &mut Conn, place: AffiliationId) -> Result<Asks, StoreFault> {
    const SQL: &str = "SELECT asks FROM affiliations WHERE id = $1";
    let bits: Option<i64> = on_engine!(conn, "reading what a place owes", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_optional(c).await)?;
    Ok(Asks::of_row(bits.unwrap_or_default()))
}

/// The rooms that somebody is a member of for a place.
pub async fn rooms_of(conn: &mut Conn, place: &Pledger) -> Result<Vec<RoomId>, StoreFault> {
    const SQL: &str =
        "SELECT room FROM members WHERE account = $1 AND affiliation = $2 AND state = 'member' ORDER BY room";
    let rows: Vec<Uuid> = on_engine!(conn, "finding the rooms of a place", c => sqlx::query_scalar(SQL)
        .bind(place.account.0).bind(place.id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(RoomId).collect())
}

/// A pledge as it is stored.
pub struct PledgeRow {
    /// Its id.
    pub id: PledgeId,
    /// Of which place.
    pub affiliation: AffiliationId,
    /// Which version.
    pub version: String,
    /// How it came about.
    pub way: PledgeWay,
    /// The day.
    pub given_on: String,
    /// Text and custody.
    pub sealed: Vec<u8>,
}

type PledgeColumns = (Uuid, Uuid, String, String, String, Vec<u8>);

impl PledgeRow {
    /// A way that this version does not know is none.
    fn of((id, affiliation, version, way, given_on, sealed): PledgeColumns) -> Option<Self> {
        let (id, affiliation, way) = (PledgeId(id), AffiliationId(affiliation), PledgeWay::of(&way)?);
        Some(Self { id, affiliation, version, way, given_on, sealed })
    }
}

/// A pledge.
pub async fn pledge(conn: &mut Conn, id: PledgeId) -> Result<Option<PledgeRow>, StoreFault> {
    const SQL: &str = "SELECT id, affiliation, version, way, given_on, sealed FROM pledges WHERE id = $1";
    let row: Option<PledgeColumns> = on_engine!(conn, "reading a pledge", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(PledgeRow::of))
}

/// The latest pledge of a place.
pub async fn latest(conn: &mut Conn, place: AffiliationId) -> Result<Option<PledgeRow>, StoreFault> {
    const SQL: &str = "SELECT id, affiliation, version, way, given_on, sealed FROM pledges WHERE affiliation = $1 \
                       ORDER BY recorded_at DESC, id DESC LIMIT 1";
    let row: Option<PledgeColumns> = on_engine!(conn, "reading a place's pledge", c => sqlx::query_as(SQL)
        .bind(place.0).fetch_optional(c).await)?;
    Ok(row.and_then(PledgeRow::of))
}

/// The pledges of an office, the oldest first.
pub async fn pledges(conn: &mut Conn, office: OfficeId) -> Result<Vec<PledgeRow>, StoreFault> {
    const SQL: &str = "SELECT id, affiliation, version, way, given_on, sealed FROM pledges WHERE office = $1 \
                       ORDER BY recorded_at, id";
    let rows: Vec<PledgeColumns> = on_engine!(conn, "reading an office's pledges", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(PledgeRow::of).collect())
}

impl Tx {
    /// Keeps a pledge.
    pub(super) async fn insert_pledge(
        &mut self,
        row: &PledgeRow,
        office: OfficeId,
        by: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO pledges (id, affiliation, office, version, way, given_on, sealed, recorded_by, recorded_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        const STANDS: &str = "UPDATE affiliations SET pledged = $2 WHERE id = $1";
        on_engine!(self.conn(), "keeping a pledge", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.affiliation.0).bind(office.0).bind(&row.version).bind(row.way.as_str())
            .bind(&row.given_on).bind(&row.sealed).bind(by.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "letting a pledge stand", c => sqlx::query(STANDS)
            .bind(row.affiliation.0).bind(&row.version).execute(c).await.map(|_| ()))
    }

    /// A new place has no pledge yet; a training that she attended in the region for another place counts.
    pub(super) async fn begin_without_pledge(&mut self, place: AffiliationId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE affiliations SET pledged = NULL, trained_on = (SELECT MAX(o.trained_on) FROM affiliations o \
                           WHERE o.account = affiliations.account AND o.region = affiliations.region \
                           AND o.id <> affiliations.id) WHERE id = $1";
        on_engine!(self.conn(), "asking for a pledge", c => sqlx::query(SQL)
            .bind(place.0).execute(c).await.map(|_| ()))
    }

    /// Keeps what a place owes.
    pub(super) async fn set_asks(&mut self, place: AffiliationId, asks: Asks) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE affiliations SET asks = $2 WHERE id = $1";
        on_engine!(self.conn(), "keeping what a place owes", c => sqlx::query(SQL)
            .bind(place.0).bind(asks.row()).execute(c).await.map(|_| ()))
    }

    /// Everybody of a region that comes in from files has pledged what holds now.
    pub async fn count_as_pledged(&mut self, region: RegionId, version: &str) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE affiliations SET pledged = $2 WHERE region = $1";
        on_engine!(self.conn(), "counting people as pledged", c => sqlx::query(SQL)
            .bind(region.0).bind(version).execute(c).await.map(|_| ()))
    }
}
