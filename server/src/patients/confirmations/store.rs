//! All SQL of confirmations: that an account beside a patient was seen to be its holder's own.

use super::ConfirmationEnd;
use crate::patients::store::of_concern;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, ConfirmationId, ConfirmationMethod, Millis, PatientId,
};
use uuid::Uuid;

/// An account's place beside a patient.
pub struct BesideRow {
    /// Whose.
    pub account: AccountId,
    /// The patient.
    pub patient: PatientId,
}

/// A place beside a patient that has not ended, of an account that is not closed.
pub async fn beside(conn: &mut Conn, place: AffiliationId) -> Result<Option<BesideRow>, StoreFault> {
    const SQL: &str = "SELECT f.account, f.patient FROM affiliations f \
                       JOIN accounts a ON a.id = f.account AND a.state <> 'closed' \
                       WHERE f.id = $1 AND f.ended_at IS NULL AND f.patient IS NOT NULL";
    let row: Option<(Uuid, Uuid)> = on_engine!(conn, "finding an account beside a patient", c => sqlx::query_as(SQL)
        .bind(place.0).fetch_optional(c).await)?;
    Ok(row.map(|(account, patient)| BesideRow { account: AccountId(account), patient: PatientId(patient) }))
}

/// An account of a patient or of her family, with its place beside her.
pub struct ListedAccount {
    /// The patient.
    pub patient: PatientId,
    /// The place.
    pub affiliation: AffiliationId,
    /// The card in use now.
    pub card: CardId,
}

/// The accounts beside the patients whom somebody has to do with, the patients' own first.
pub async fn accounts_beside(conn: &mut Conn, who: AccountId) -> Result<Vec<ListedAccount>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT f.patient, f.id, f.card FROM affiliations f JOIN accounts a ON a.id = f.account AND a.state <> 'closed' \
         WHERE f.ended_at IS NULL AND f.patient IN ",
        of_concern!(),
        " ORDER BY CASE WHEN a.kind = 'patient' THEN 0 ELSE 1 END, f.created_at, f.id"
    );
    let rows: Vec<(Uuid, Uuid, Uuid)> = on_engine!(conn, "reading accounts beside patients", c => sqlx::query_as(SQL)
        .bind(who.0).fetch_all(c).await)?;
    let listed = |(patient, place, card): (Uuid, Uuid, Uuid)| ListedAccount {
        patient: PatientId(patient),
        affiliation: AffiliationId(place),
        card: CardId(card),
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// A confirmation as it is stored.
pub struct ConfirmationRow {
    /// Its id.
    pub id: ConfirmationId,
    /// Whose account.
    pub account: AccountId,
    /// Its place beside the patient.
    pub affiliation: AffiliationId,
    /// How.
    pub method: ConfirmationMethod,
    /// On which day.
    pub on: String,
    /// More of how, sealed.
    pub note: Option<Vec<u8>>,
    /// By whom.
    pub by: AccountId,
    /// Who she was then.
    pub card: CardId,
    /// When it was recorded.
    pub at: Millis,
    /// Whether it stands no more.
    pub has_ended: bool,
}

macro_rules! confirmations {
    () => {
        "SELECT id, account, affiliation, method, confirmed_on, note, confirmed_by, card, confirmed_at, ended_at \
         FROM confirmations WHERE "
    };
}

type Columns = (Uuid, Uuid, Uuid, String, String, Option<Vec<u8>>, Uuid, Uuid, i64, Option<i64>);

/// Words that this version does not know give no confirmation.
fn row_of(row: Columns) -> Option<ConfirmationRow> {
    let (id, account, affiliation, method, on, note, by, card, at, ended_at) = row;
    Some(ConfirmationRow {
        id: ConfirmationId(id),
        account: AccountId(account),
        affiliation: AffiliationId(affiliation),
        method: ConfirmationMethod::of(&method)?,
        on,
        note,
        by: AccountId(by),
        card: CardId(card),
        at: Millis(at),
        has_ended: ended_at.is_some(),
    })
}

/// One of them.
pub async fn confirmation(
    conn: &mut Conn,
    id: ConfirmationId,
) -> Result<Option<ConfirmationRow>, StoreFault> {
    const SQL: &str = concat!(confirmations!(), "id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a confirmation", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The one that stands for a place.
pub async fn standing(conn: &mut Conn, place: AffiliationId) -> Result<Option<ConfirmationRow>, StoreFault> {
    const SQL: &str = concat!(confirmations!(), "affiliation = $1 AND ended_at IS NULL");
    let row: Option<Columns> = on_engine!(conn, "finding a confirmation", c => sqlx::query_as(SQL)
        .bind(place.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

impl Tx {
    /// Keeps that an account was confirmed.
    pub async fn insert_confirmation(&mut self, row: &ConfirmationRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO confirmations (id, account, affiliation, method, confirmed_on, note, \
                           confirmed_by, card, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_engine!(self.conn(), "keeping a confirmation", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.account.0).bind(row.affiliation.0).bind(row.method.as_str()).bind(&row.on)
            .bind(row.note.as_deref()).bind(row.by.0).bind(row.card.0).bind(row.at.0)
            .execute(c).await.map(|_| ()))
    }

    /// The confirmation of a place stands no more, if one does. How many ended; what stands on the card is not changed by it.
    pub async fn end_confirmation(
        &mut self,
        place: AffiliationId,
        why: ConfirmationEnd,
        now: Millis,
    ) -> Result<u64, StoreFault> {
        const SQL: &str = "UPDATE confirmations SET ended_at = $2, ended_why = $3 \
                           WHERE affiliation = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a confirmation", c => sqlx::query(SQL)
            .bind(place.0).bind(now.0).bind(why.as_str()).execute(c).await.map(|done| done.rows_affected()))
    }
}
