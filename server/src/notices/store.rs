//! All SQL of notices and of the mails that wait.

use super::letter::LetterId;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AffiliationId, Millis, NoticeId, NoticeKind, OfficeId};
use uuid::Uuid;

/// A notice as it is stored.
pub struct NoticeRow {
    /// Its id.
    pub id: NoticeId,
    /// Its kind.
    pub kind: String,
    /// When.
    pub at: Millis,
    /// What it names.
    pub sealed: Option<Vec<u8>>,
    /// Whether it was seen.
    pub seen: bool,
}

/// A mail that is due.
pub struct MailRow {
    /// Its id.
    pub id: LetterId,
    /// What it is about.
    pub kind: String,
    /// Address, subject, text.
    pub sealed: Option<Vec<u8>>,
    /// How often it was tried.
    pub tries: i64,
    /// From when on it is of no use.
    pub good_until: Option<Millis>,
}

/// The notices of an account before one, newest first.
pub async fn notices(
    conn: &mut Conn,
    account: AccountId,
    before: NoticeId,
    limit: u32,
) -> Result<Vec<NoticeRow>, StoreFault> {
    const SQL: &str = "SELECT id, kind, at, sealed, seen_at FROM notices \
                       WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    type Columns = (Uuid, String, i64, Option<Vec<u8>>, Option<i64>);
    let rows: Vec<Columns> = on_engine!(conn, "reading notices", c => sqlx::query_as(SQL)
        .bind(account.0).bind(before.0).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, at, sealed, seen_at)| NoticeRow {
            id: NoticeId(id),
            kind,
            at: Millis(at),
            sealed,
            seen: seen_at.is_some(),
        })
        .collect())
}

/// How many notices of an account were not seen.
pub async fn unseen(conn: &mut Conn, account: AccountId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM notices WHERE account = $1 AND seen_at IS NULL";
    on_engine!(conn, "counting notices", c => sqlx::query_scalar(SQL).bind(account.0).fetch_one(c).await)
}

/// The administrators of the offices that an account works for.
pub async fn admins_of(conn: &mut Conn, account: AccountId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations mine \
                       JOIN affiliations f ON f.office = mine.office AND f.ended_at IS NULL \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
                       JOIN accounts a ON a.id = f.account AND a.state = 'active' \
                       WHERE mine.account = $1 AND mine.ended_at IS NULL";
    let rows: Vec<Uuid> = on_engine!(conn, "finding administrators", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// The administrators of an office.
pub async fn admins_of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
                       JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
                       WHERE f.office = $1 AND f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding an office's administrators", c => sqlx::query_scalar(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// Whom it concerns that somebody leaves an office: the desk of its region and the admins of the office.
pub async fn of_a_leaver(conn: &mut Conn, place: AffiliationId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations s \
                       JOIN affiliations f ON f.region = s.region AND f.ended_at IS NULL \
                       JOIN roles r ON r.affiliation = f.id \
                       AND (r.role = 'secretariat' OR (r.role = 'office_admin' AND f.office = s.office)) \
                       JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
                       WHERE s.id = $1 ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who is told of a leaver", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// The mail that is due the longest.
pub async fn due(conn: &mut Conn, now: Millis) -> Result<Option<MailRow>, StoreFault> {
    const SQL: &str = "SELECT id, kind, sealed, tries, good_until FROM mail_outbox \
                       WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT 1";
    type Columns = (Uuid, String, Option<Vec<u8>>, i64, Option<i64>);
    let row: Option<Columns> =
        on_engine!(conn, "finding a mail", c => sqlx::query_as(SQL).bind(now.0).fetch_optional(c).await)?;
    Ok(row.map(|(id, kind, sealed, tries, good_until)| MailRow {
        id: LetterId(id),
        kind,
        sealed,
        tries,
        good_until: good_until.map(Millis),
    }))
}

/// How many mails are in each state.
pub async fn mails(conn: &mut Conn) -> Result<Vec<(String, i64)>, StoreFault> {
    const SQL: &str = "SELECT state, COUNT(*) FROM mail_outbox GROUP BY state ORDER BY state";
    on_engine!(conn, "counting mails", c => sqlx::query_as(SQL).fetch_all(c).await)
}

impl Tx {
    /// Keeps a notice.
    pub async fn insert_notice(
        &mut self,
        id: NoticeId,
        account: AccountId,
        kind: NoticeKind,
        sealed: Option<&[u8]>,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO notices (id, account, kind, at, sealed) VALUES ($1, $2, $3, $4, $5)";
        on_engine!(self.conn(), "keeping a notice", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).bind(kind.as_str()).bind(now.0).bind(sealed)
            .execute(c).await.map(|_| ()))
    }

    /// Marks an account's notices as seen, up to one.
    pub async fn see_notices(
        &mut self,
        account: AccountId,
        upto: NoticeId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE notices SET seen_at = $3 WHERE account = $1 AND id <= $2 AND seen_at IS NULL";
        on_engine!(self.conn(), "seeing notices", c => sqlx::query(SQL)
            .bind(account.0).bind(upto.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a mail.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    pub async fn insert_mail(
        &mut self,
        id: LetterId,
        account: AccountId,
        kind: &'static str,
        state: &'static str,
        sealed: Option<&[u8]>,
        good_until: Option<Millis>,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO mail_outbox (id, account, kind, state, sealed, tries, due_at, good_until, created_at) \
                           VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $6)";
        on_engine!(self.conn(), "keeping a mail", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).bind(kind).bind(state).bind(sealed).bind(now.0)
            .bind(good_until.map(|until| until.0)).execute(c).await.map(|_| ()))
    }

    /// A mail need not wait any more: what it said is wiped.
    pub async fn settle_mail(
        &mut self,
        id: LetterId,
        state: &'static str,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE mail_outbox SET state = $2, settled_at = $3, tries = tries + 1, sealed = NULL WHERE id = $1";
        on_engine!(self.conn(), "settling a mail", c => sqlx::query(SQL)
            .bind(id.0).bind(state).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// A mail could not be sent now.
    pub async fn delay_mail(&mut self, id: LetterId, due: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE mail_outbox SET due_at = $2, tries = tries + 1 WHERE id = $1";
        on_engine!(self.conn(), "delaying a mail", c => sqlx::query(SQL)
            .bind(id.0).bind(due.0).execute(c).await.map(|_| ()))
    }
}
