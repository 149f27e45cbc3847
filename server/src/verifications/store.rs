//! All SQL of verifications.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Millis, Occupation, VerificationId, VerificationState,
};
use uuid::Uuid;

/// A verification as it is stored, without its document.
pub struct VerificationRow {
    /// Its id.
    pub id: VerificationId,
    /// Whose.
    pub account: AccountId,
    /// The place it is about.
    pub affiliation: AffiliationId,
    /// The card it is about.
    pub card: CardId,
    /// The occupation it is about.
    pub occupation: Occupation,
    /// Where it stands.
    pub state: VerificationState,
    /// Whether the document is there.
    pub has_document: bool,
    /// When it was asked for.
    pub asked_at: Millis,
    /// When it was decided.
    pub decided_at: Option<Millis>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// The sealed reason.
    pub reason: Option<Vec<u8>>,
}

macro_rules! columns {
    () => {
        "SELECT v.id, v.account, v.affiliation, v.card, v.occupation, v.state, \
         CASE WHEN v.document IS NULL THEN '' ELSE 'yes' END, v.asked_at, v.decided_at, v.decided_by, v.reason \
         FROM verifications v "
    };
}

type Columns =
    (Uuid, Uuid, Uuid, Uuid, String, String, String, i64, Option<i64>, Option<Uuid>, Option<Vec<u8>>);

/// Words that this version does not know give no verification.
fn row_of(row: Columns) -> Option<VerificationRow> {
    let (
        id,
        account,
        affiliation,
        card,
        occupation,
        state,
        document,
        asked_at,
        decided_at,
        decided_by,
        reason,
    ) = row;
    Some(VerificationRow {
        id: VerificationId(id),
        account: AccountId(account),
        affiliation: AffiliationId(affiliation),
        card: CardId(card),
        occupation: Occupation::of(&occupation)?,
        state: VerificationState::of(&state)?,
        has_document: !document.is_empty(),
        asked_at: Millis(asked_at),
        decided_at: decided_at.map(Millis),
        decided_by: decided_by.map(AccountId),
        reason,
    })
}

/// One of them.
pub async fn verification(
    conn: &mut Conn,
    id: VerificationId,
) -> Result<Option<VerificationRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "WHERE v.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a verification", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// Those of an account, the latest first.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<VerificationRow>, StoreFault> {
    const SQL: &str =
        concat!(columns!(), "WHERE v.account = $1 ORDER BY v.asked_at DESC, v.id DESC LIMIT 20");
    let rows: Vec<Columns> = on_engine!(conn, "reading somebody's verifications", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// Those that wait for somebody's review, the oldest first; never her own.
pub async fn waiting_for(conn: &mut Conn, desk: AccountId) -> Result<Vec<VerificationRow>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "JOIN affiliations f ON f.id = v.affiliation AND f.ended_at IS NULL \
         WHERE v.state = 'asked' AND v.account <> $1 AND f.region IN \
         (SELECT a.region FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
          WHERE a.account = $1 AND a.ended_at IS NULL) ORDER BY v.asked_at, v.id LIMIT 200"
    );
    let rows: Vec<Columns> = on_engine!(conn, "finding what waits for review", c => sqlx::query_as(SQL)
        .bind(desk.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// All that wait, the oldest first.
pub async fn all_waiting(conn: &mut Conn) -> Result<Vec<VerificationRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "WHERE v.state = 'asked' ORDER BY v.asked_at, v.id LIMIT 200");
    let rows: Vec<Columns> =
        on_engine!(conn, "finding all that waits for review", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// The sealed document.
pub async fn document(conn: &mut Conn, id: VerificationId) -> Result<Option<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT document FROM verifications WHERE id = $1";
    let found: Option<Option<Vec<u8>>> = on_engine!(conn, "reading a document", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// The desk of the region of a place.
pub async fn desk_of(conn: &mut Conn, place: AffiliationId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT a.account FROM affiliations s \
                       JOIN affiliations a ON a.region = s.region AND a.ended_at IS NULL \
                       JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
                       JOIN accounts c ON c.id = a.account AND c.state = 'active' \
                       WHERE s.id = $1 ORDER BY a.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding a region's desk", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// Whether somebody is of the desk of the region of a place that has not ended.
pub async fn is_desk_of(conn: &mut Conn, who: AccountId, place: AffiliationId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations s \
                       JOIN affiliations a ON a.region = s.region AND a.account = $1 AND a.ended_at IS NULL \
                       JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
                       WHERE s.id = $2 AND s.ended_at IS NULL";
    let found: i64 = on_engine!(conn, "finding who reviews", c => sqlx::query_scalar(SQL)
        .bind(who.0).bind(place.0).fetch_one(c).await)?;
    Ok(found > 0)
}

/// The ones decided by then whose documents are there still, at most so many.
pub async fn documents_decided_before(
    conn: &mut Conn,
    before: Millis,
    most: i64,
) -> Result<Vec<VerificationId>, StoreFault> {
    const SQL: &str = "SELECT id FROM verifications WHERE decided_at <= $1 AND document IS NOT NULL \
                       ORDER BY decided_at, id LIMIT $2";
    let rows: Vec<Uuid> = on_engine!(conn, "finding documents that are due", c => sqlx::query_scalar(SQL)
        .bind(before.0).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().map(VerificationId).collect())
}

/// What somebody asks for.
pub struct NewVerification {
    /// Its id.
    pub id: VerificationId,
    /// Whose.
    pub account: AccountId,
    /// The place it is about.
    pub affiliation: AffiliationId,
    /// The card it is about.
    pub card: CardId,
    /// The occupation it is about.
    pub occupation: Occupation,
    /// The sealed document.
    pub document: Vec<u8>,
}

impl Tx {
    /// Keeps what is to be reviewed.
    pub async fn insert_verification(
        &mut self,
        new: &NewVerification,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO verifications (id, account, affiliation, card, occupation, state, document, asked_at) \
                           VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7)";
        on_engine!(self.conn(), "keeping a verification", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.account.0).bind(new.affiliation.0).bind(new.card.0)
            .bind(new.occupation.as_str()).bind(&new.document).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a decision and its reason; nobody in `by` is the operator of the machine.
    pub async fn decide_verification(
        &mut self,
        id: VerificationId,
        state: VerificationState,
        by: Option<AccountId>,
        reason: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE verifications SET state = $2, decided_by = $3, reason = $4, decided_at = $5 \
                           WHERE id = $1 AND state = 'asked'";
        on_engine!(self.conn(), "deciding a verification", c => sqlx::query(SQL)
            .bind(id.0).bind(state.as_str()).bind(by.map(|by| by.0)).bind(reason).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Name or occupation in a place is another one, or the place ends: the mark falls, and what was asked for lapses with its
    /// document. How many marks fell; what stands on the card is not changed by it.
    pub async fn lapse_verifications(
        &mut self,
        account: AccountId,
        place: AffiliationId,
        now: Millis,
    ) -> Result<u64, StoreFault> {
        const MARKS: &str = "UPDATE verifications SET state = 'lapsed' \
                             WHERE account = $1 AND state = 'approved' AND affiliation = $2";
        const ASKED: &str = "UPDATE verifications SET state = 'lapsed', decided_at = $3, document = NULL \
                             WHERE account = $1 AND state = 'asked' AND affiliation = $2";
        let fallen = on_engine!(self.conn(), "taking a mark away", c => sqlx::query(MARKS)
            .bind(account.0).bind(place.0).execute(c).await.map(|done| done.rows_affected()))?;
        on_engine!(self.conn(), "ending what was asked for", c => sqlx::query(ASKED)
            .bind(account.0).bind(place.0).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(fallen)
    }

    /// Erases the document of one that was decided by then; whether it was there.
    pub async fn erase_document(&mut self, id: VerificationId, before: Millis) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE verifications SET document = NULL \
                           WHERE id = $1 AND decided_at <= $2 AND document IS NOT NULL";
        on_engine!(self.conn(), "erasing a document", c => sqlx::query(SQL)
            .bind(id.0).bind(before.0).execute(c).await.map(|done| done.rows_affected() > 0))
    }
}
