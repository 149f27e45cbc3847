//! All SQL of profiles.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AffiliationId, CardId, Face, Millis, Occupation};

/// A photo as it is stored.
pub struct PhotoRow {
    /// Rises with every change.
    pub version: i64,
    /// Nothing where it was taken away.
    pub sealed: Option<Vec<u8>>,
}

/// The photo of an account.
pub async fn photo(conn: &mut Conn, account: AccountId) -> Result<Option<PhotoRow>, StoreFault> {
    const SQL: &str = "SELECT version, sealed FROM photos WHERE account = $1";
    let row: Option<(i64, Option<Vec<u8>>)> = on_engine!(conn, "reading a photo", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_optional(c).await)?;
    Ok(row.map(|(version, sealed)| PhotoRow { version, sealed }))
}

/// What stands beside the name of somebody.
pub async fn face(conn: &mut Conn, account: AccountId) -> Result<Face, StoreFault> {
    const SQL: &str = "SELECT version FROM photos WHERE account = $1 AND sealed IS NOT NULL";
    let photo: Option<i64> = on_engine!(conn, "reading a face", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_optional(c).await)?;
    Ok(Face { account, photo })
}

/// Whether the one sees the other's card: in a room that both are in now, in an office of both, or as the desk of her region.
/// Of a connection that is asked for, both see each other.
pub async fn is_seen_by(conn: &mut Conn, who: AccountId, other: AccountId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT \
        (SELECT COUNT(*) FROM members m JOIN rooms r ON r.id = m.room \
         JOIN members o ON o.room = m.room AND o.account = $2 AND o.state IN ('member', 'invited') \
         WHERE m.account = $1 AND (m.state = 'member' OR (m.state = 'invited' AND r.kind = 'connection'))) \
        + (SELECT COUNT(*) FROM affiliations a JOIN affiliations b ON b.office = a.office AND b.account = $2 \
           AND b.ended_at IS NULL WHERE a.account = $1 AND a.ended_at IS NULL) \
        + (SELECT COUNT(*) FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
           JOIN affiliations b ON b.region = a.region AND b.account = $2 AND b.ended_at IS NULL \
           AND b.office IS NOT NULL WHERE a.account = $1 AND a.ended_at IS NULL)";
    let found: i64 = on_engine!(conn, "finding whether somebody is seen", c => sqlx::query_scalar(SQL)
        .bind(who.0).bind(other.0).fetch_one(c).await)?;
    Ok(found > 0)
}

/// How often an account's cards were changed since that moment: all cards of one change have its time, and a place's first
/// one has the place's. Those of a roster are nobody's change.
pub async fn changes_since(conn: &mut Conn, account: AccountId, since: Millis) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(DISTINCT c.created_at) FROM cards c WHERE c.account = $1 AND c.created_at > $2 \
                       AND NOT EXISTS (SELECT 1 FROM affiliations f WHERE f.account = c.account AND f.created_at = c.created_at) \
                       AND NOT EXISTS (SELECT 1 FROM acting_cards k WHERE k.acting = c.id)";
    on_engine!(conn, "counting changes of a card", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(since.0).fetch_one(c).await)
}

impl Tx {
    /// Keeps a photo in place of the one there is, or none.
    pub async fn keep_photo(
        &mut self,
        account: AccountId,
        version: i64,
        sealed: Option<&[u8]>,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO photos (account, version, sealed) VALUES ($1, $2, $3) \
                           ON CONFLICT (account) DO UPDATE SET version = excluded.version, sealed = excluded.sealed";
        on_engine!(self.conn(), "keeping a photo", c => sqlx::query(SQL)
            .bind(account.0).bind(version).bind(sealed).execute(c).await.map(|_| ()))
    }

    /// Nothing is left of the photo of an account that is closed.
    pub async fn forget_photo(&mut self, account: AccountId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE photos SET version = version + 1, sealed = NULL WHERE account = $1";
        on_engine!(self.conn(), "erasing a photo", c => sqlx::query(SQL)
            .bind(account.0).execute(c).await.map(|_| ()))
    }

    /// What an account is called from now on.
    pub async fn rename_account(&mut self, account: AccountId, sealed: &[u8]) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET sealed = $2 WHERE id = $1";
        on_engine!(self.conn(), "renaming an account", c => sqlx::query(SQL)
            .bind(account.0).bind(sealed).execute(c).await.map(|_| ()))
    }

    /// A new card in a place, with the occupation it says.
    pub async fn replace_card(
        &mut self,
        (place, account): (AffiliationId, AccountId),
        card: CardId,
        occupation: Occupation,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const CARD: &str = "INSERT INTO cards (id, account, sealed, created_at) VALUES ($1, $2, $3, $4)";
        const PLACE: &str = "UPDATE affiliations SET card = $2, occupation = $3 WHERE id = $1";
        on_engine!(self.conn(), "keeping a card", c => sqlx::query(CARD)
            .bind(card.0).bind(account.0).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "replacing a card", c => sqlx::query(PLACE)
            .bind(place.0).bind(card.0).bind(occupation.as_str()).execute(c).await.map(|_| ()))
    }
}
