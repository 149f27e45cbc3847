//! All SQL of shared accounts.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, RosterPersonId};
use uuid::Uuid;

/// Whether several people use an account.
pub async fn is_shared(conn: &mut Conn, account: AccountId) -> Result<bool, StoreFault> {
    Ok(responsible(conn, account).await?.is_some())
}

/// Who answers for a shared account.
pub async fn responsible(conn: &mut Conn, account: AccountId) -> Result<Option<AccountId>, StoreFault> {
    const SQL: &str = "SELECT responsible FROM shared_accounts WHERE account = $1";
    let found: Option<Uuid> = on_engine!(conn, "looking whether an account is shared", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_optional(c).await)?;
    Ok(found.map(AccountId))
}

/// Whether an account holds a role in any of its places.
pub async fn holds_a_role(conn: &mut Conn, account: AccountId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id \
                       WHERE f.account = $1 AND f.ended_at IS NULL";
    let roles: i64 = on_engine!(conn, "looking whether an account holds a role", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_one(c).await)?;
    Ok(roles > 0)
}

/// The people on the roster of an account now, with their sealed lines.
pub async fn people(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(RosterPersonId, Vec<u8>)>, StoreFault> {
    const SQL: &str =
        "SELECT id, sealed FROM roster WHERE account = $1 AND ended_at IS NULL ORDER BY created_at, id";
    let rows: Vec<(Uuid, Vec<u8>)> = on_engine!(conn, "reading a roster", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, sealed)| (RosterPersonId(id), sealed)).collect())
}

/// The sealed line of somebody who is or was on the roster of an account.
pub async fn person(
    conn: &mut Conn,
    account: AccountId,
    id: RosterPersonId,
) -> Result<Option<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT sealed FROM roster WHERE id = $1 AND account = $2";
    on_engine!(conn, "reading a line of a roster", c => sqlx::query_scalar(SQL)
        .bind(id.0).bind(account.0).fetch_optional(c).await)
}

/// The same, of somebody who is on it now, where the account is shared now.
pub async fn on_roster(
    conn: &mut Conn,
    account: AccountId,
    id: RosterPersonId,
) -> Result<Option<()>, StoreFault> {
    const SQL: &str = "SELECT r.id FROM roster r JOIN shared_accounts s ON s.account = r.account \
                       WHERE r.id = $1 AND r.account = $2 AND r.ended_at IS NULL";
    let found: Option<Uuid> = on_engine!(conn, "looking for somebody on a roster", c => sqlx::query_scalar(SQL)
        .bind(id.0).bind(account.0).fetch_optional(c).await)?;
    Ok(found.map(|_| ()))
}

/// Whether a line of any roster has that id.
pub async fn is_taken(conn: &mut Conn, id: RosterPersonId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT id FROM roster WHERE id = $1";
    let found: Option<Uuid> = on_engine!(conn, "looking for a line of a roster", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether two accounts have a place in one office.
pub async fn work_together(conn: &mut Conn, one: AccountId, other: AccountId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations a JOIN affiliations b ON b.office = a.office \
                       WHERE a.account = $1 AND b.account = $2 AND a.ended_at IS NULL AND b.ended_at IS NULL";
    let count: i64 = on_engine!(conn, "looking for a common office", c => sqlx::query_scalar(SQL)
        .bind(one.0).bind(other.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// The card that was made from another one for somebody on a roster.
pub async fn acting_card(
    conn: &mut Conn,
    card: CardId,
    person: RosterPersonId,
) -> Result<Option<CardId>, StoreFault> {
    const SQL: &str = "SELECT acting FROM acting_cards WHERE card = $1 AND person = $2";
    let found: Option<Uuid> = on_engine!(conn, "finding the card of who acts", c => sqlx::query_scalar(SQL)
        .bind(card.0).bind(person.0).fetch_optional(c).await)?;
    Ok(found.map(CardId))
}

impl Tx {
    /// Several people use an account from now on.
    pub async fn insert_shared_account(
        &mut self,
        account: AccountId,
        responsible: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "INSERT INTO shared_accounts (account, responsible, created_at) VALUES ($1, $2, $3)";
        on_engine!(self.conn(), "keeping a shared account", c => sqlx::query(SQL)
            .bind(account.0).bind(responsible.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// It is one person's again.
    pub async fn delete_shared_account(&mut self, account: AccountId) -> Result<(), StoreFault> {
        const SQL: &str = "DELETE FROM shared_accounts WHERE account = $1";
        on_engine!(self.conn(), "ending a shared account", c => sqlx::query(SQL)
            .bind(account.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a line of a roster.
    pub async fn insert_roster_person(
        &mut self,
        id: RosterPersonId,
        account: AccountId,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO roster (id, account, sealed, created_at) VALUES ($1, $2, $3, $4)";
        on_engine!(self.conn(), "keeping a line of a roster", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Somebody leaves the roster she is on.
    pub async fn end_roster_person(&mut self, id: RosterPersonId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE roster SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a line of a roster", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Everybody leaves the roster of an account.
    pub async fn end_roster(&mut self, account: AccountId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE roster SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a roster", c => sqlx::query(SQL)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps the card of somebody on a roster, made from another one: `(that one, who, the new one)`.
    pub async fn insert_acting_card(
        &mut self,
        (card, person, acting): (CardId, RosterPersonId, CardId),
        account: AccountId,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const CARD: &str = "INSERT INTO cards (id, account, sealed, created_at) VALUES ($1, $2, $3, $4)";
        const SQL: &str = "INSERT INTO acting_cards (card, person, acting) VALUES ($1, $2, $3)";
        on_engine!(self.conn(), "keeping a card", c => sqlx::query(CARD)
            .bind(acting.0).bind(account.0).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "keeping whose card it is", c => sqlx::query(SQL)
            .bind(card.0).bind(person.0).bind(acting.0).execute(c).await.map(|_| ()))
    }
}
