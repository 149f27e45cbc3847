//! All SQL of who acknowledged which rules.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, OfficeId, RegionId, RosterPersonId};
use uuid::Uuid;

/// What somebody acknowledged last of a region's rules, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// The region.
    pub region: RegionId,
    /// Its profile.
    pub profile: String,
    /// The version in force when the region was first looked at; none where that is still to come.
    pub first: Option<String>,
    /// Version and moment, where she acknowledged one.
    pub acknowledged: Option<(String, Millis)>,
}

type Columns = (Uuid, String, Option<String>, Option<String>, Option<i64>);

fn known_of((region, profile, first, version, at): Columns) -> KnownRow {
    KnownRow { region: RegionId(region), profile, first, acknowledged: version.zip(at.map(Millis)) }
}

/// What an account, or who acts in it, knows of the rules of its regions, the oldest place first.
pub async fn known(
    conn: &mut Conn,
    account: AccountId,
    person: Option<RosterPersonId>,
) -> Result<Vec<KnownRow>, StoreFault> {
    const SQL: &str = "SELECT g.id, g.profile, g.rules_first, \
        (SELECT k.version FROM rules_acknowledged k WHERE k.account = $1 AND k.person = $2 AND k.region = g.id \
         ORDER BY k.at DESC, k.version DESC LIMIT 1), \
        (SELECT MAX(k.at) FROM rules_acknowledged k WHERE k.account = $1 AND k.person = $2 AND k.region = g.id) \
        FROM regions g WHERE g.id IN (SELECT f.region FROM affiliations f WHERE f.account = $1 AND f.ended_at IS NULL) \
        ORDER BY g.created_at, g.id";
    let person = person.map_or(Uuid::nil(), |person| person.0);
    let rows: Vec<Columns> = on_engine!(conn, "reading who acknowledged rules", c => sqlx::query_as(SQL)
        .bind(account.0).bind(person).fetch_all(c).await)?;
    Ok(rows.into_iter().map(known_of).collect())
}

/// Somebody of an office and what she acknowledged last.
pub struct ReaderRow {
    /// Her card there.
    pub card: CardId,
    /// Version and moment, where she acknowledged one.
    pub acknowledged: Option<(String, Millis)>,
}

/// Who works for an office now, with what each acknowledged of its region's rules.
pub async fn readers(conn: &mut Conn, office: OfficeId) -> Result<Vec<ReaderRow>, StoreFault> {
    const SQL: &str = "SELECT f.card, \
        (SELECT k.version FROM rules_acknowledged k WHERE k.account = f.account AND k.region = f.region \
         ORDER BY k.at DESC, k.version DESC LIMIT 1), \
        (SELECT MAX(k.at) FROM rules_acknowledged k WHERE k.account = f.account AND k.region = f.region) \
        FROM affiliations f JOIN accounts a ON a.id = f.account AND a.state <> 'closed' \
        WHERE f.office = $1 AND f.ended_at IS NULL ORDER BY f.created_at, f.id";
    let rows: Vec<(Uuid, Option<String>, Option<i64>)> = on_engine!(conn, "listing who acknowledged rules", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(card, version, at)| ReaderRow {
            card: CardId(card),
            acknowledged: version.zip(at.map(Millis)),
        })
        .collect())
}

/// The regions whose rules nobody looked at yet, with their profiles.
pub async fn unseen_regions(conn: &mut Conn) -> Result<Vec<(RegionId, String)>, StoreFault> {
    const SQL: &str = "SELECT id, profile FROM regions WHERE rules_first IS NULL ORDER BY id";
    let rows: Vec<(Uuid, String)> =
        on_engine!(conn, "finding new regions", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(region, profile)| (RegionId(region), profile)).collect())
}

impl Tx {
    /// Notes which version a region began with here.
    pub async fn set_first_rules(&mut self, region: RegionId, version: &str) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE regions SET rules_first = $2 WHERE id = $1 AND rules_first IS NULL";
        on_engine!(self.conn(), "noting a region's first rules", c => sqlx::query(SQL)
            .bind(region.0).bind(version).execute(c).await.map(|_| ()))
    }

    /// Keeps that somebody acknowledged a version; the first time counts.
    pub async fn insert_acknowledged(
        &mut self,
        (account, person): (AccountId, Option<RosterPersonId>),
        (region, version): (RegionId, &str),
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO rules_acknowledged (account, person, region, version, at) VALUES ($1, $2, $3, $4, $5) \
                           ON CONFLICT (account, person, region, version) DO NOTHING";
        let person = person.map_or(Uuid::nil(), |person| person.0);
        on_engine!(self.conn(), "keeping who acknowledged rules", c => sqlx::query(SQL)
            .bind(account.0).bind(person).bind(region.0).bind(version).bind(now.0).execute(c).await.map(|_| ()))
    }
}
