//! All SQL of admissions.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AffiliationId, Millis, OfficeId};
use uuid::Uuid;

/// An admission as it is stored.
pub struct AdmissionRow {
    /// Its id: that of the place to be.
    pub id: AffiliationId,
    /// The office that asks.
    pub office: OfficeId,
    /// Who is asked.
    pub account: AccountId,
    /// Which of its admins asked.
    pub asked_by: AccountId,
    /// Occupation.
    pub occupation: String,
    /// Name and reading.
    pub sealed: Vec<u8>,
    /// When.
    pub asked_at: Millis,
    /// Until when an answer counts.
    pub until: Millis,
    /// The answer, once it was given.
    pub answer: Option<String>,
}

/// The columns of an [`AdmissionRow`], in the order in which they are read.
macro_rules! columns {
    () => {
        "SELECT id, office, account, asked_by, occupation, sealed, created_at, expires_at, answer FROM admissions WHERE "
    };
}

type Columns = (Uuid, Uuid, Uuid, Uuid, String, Vec<u8>, i64, i64, Option<String>);

fn row_of(
    (id, office, account, asked_by, occupation, sealed, asked_at, until, answer): Columns,
) -> AdmissionRow {
    AdmissionRow {
        id: AffiliationId(id),
        office: OfficeId(office),
        account: AccountId(account),
        asked_by: AccountId(asked_by),
        occupation,
        sealed,
        asked_at: Millis(asked_at),
        until: Millis(until),
        answer,
    }
}

/// An admission.
pub async fn admission(conn: &mut Conn, id: AffiliationId) -> Result<Option<AdmissionRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading an admission", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(row_of))
}

/// The admissions of an account that wait for an answer, the oldest first.
pub async fn waiting(
    conn: &mut Conn,
    account: AccountId,
    now: Millis,
) -> Result<Vec<AdmissionRow>, StoreFault> {
    const SQL: &str =
        concat!(columns!(), "account = $1 AND answer IS NULL AND expires_at > $2 ORDER BY created_at, id");
    let rows: Vec<Columns> = on_engine!(conn, "listing admissions", c => sqlx::query_as(SQL)
        .bind(account.0).bind(now.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(row_of).collect())
}

/// When an office last asked somebody.
pub async fn last_asked(
    conn: &mut Conn,
    office: OfficeId,
    account: AccountId,
) -> Result<Option<Millis>, StoreFault> {
    const SQL: &str = "SELECT MAX(created_at) FROM admissions WHERE account = $1 AND office = $2";
    let at: Option<i64> = on_engine!(conn, "finding the last admission", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(office.0).fetch_one(c).await)?;
    Ok(at.map(Millis))
}

/// A new admission.
pub struct NewAdmission {
    /// Its id: that of the place to be.
    pub id: AffiliationId,
    /// The office that asks.
    pub office: OfficeId,
    /// Who is asked.
    pub account: AccountId,
    /// Which of its admins asks.
    pub asked_by: AccountId,
    /// Occupation.
    pub occupation: &'static str,
    /// Name and reading.
    pub sealed: Vec<u8>,
}

impl Tx {
    /// Keeps an admission, for that span.
    pub async fn insert_admission(
        &mut self,
        new: &NewAdmission,
        (now, until): (Millis, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO admissions (id, office, account, asked_by, occupation, sealed, created_at, expires_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on_engine!(self.conn(), "keeping an admission", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.office.0).bind(new.account.0).bind(new.asked_by.0).bind(new.occupation)
            .bind(&new.sealed).bind(now.0).bind(until.0).execute(c).await.map(|_| ()))
    }

    /// Keeps the answer to one.
    pub(super) async fn answer_admission(
        &mut self,
        id: AffiliationId,
        answer: &str,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE admissions SET answer = $2, answered_at = $3 WHERE id = $1 AND answer IS NULL";
        on_engine!(self.conn(), "answering an admission", c => sqlx::query(SQL)
            .bind(id.0).bind(answer).bind(now.0).execute(c).await.map(|_| ()))
    }
}
