//! All SQL of instructions.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AffiliationId, InstructionChannel, InstructionId, Millis, PatientId};
use uuid::Uuid;

/// An instruction as it is stored.
pub struct InstructionRow {
    /// Its id.
    pub id: InstructionId,
    /// Whose timeline.
    pub patient: PatientId,
    /// The physician's place.
    pub physician: AffiliationId,
    /// The physician.
    pub by: AccountId,
    /// The place of whoever is instructed.
    pub instructed: AffiliationId,
    /// Who is instructed.
    pub to: AccountId,
    /// How it was told.
    pub channel: InstructionChannel,
    /// On which day.
    pub on: String,
    /// Whom the physician wishes to take part.
    pub sealed: Vec<u8>,
    /// When it was written down.
    pub given_at: Millis,
    /// Whether it stands no more.
    pub is_withdrawn: bool,
}

macro_rules! instructions {
    () => {
        "SELECT i.id, i.patient, i.physician, d.account, i.instructed, s.account, i.channel, i.told_on, i.sealed, i.given_at, \
         i.withdrawn_at FROM instructions i JOIN affiliations d ON d.id = i.physician \
         JOIN affiliations s ON s.id = i.instructed WHERE "
    };
}

type Columns = (Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, String, String, Vec<u8>, i64, Option<i64>);

/// A channel that nobody knows makes no instruction.
fn row_of(
    (id, patient, physician, by, instructed, to, channel, on, sealed, given_at, withdrawn_at): Columns,
) -> Option<InstructionRow> {
    Some(InstructionRow {
        id: InstructionId(id),
        patient: PatientId(patient),
        physician: AffiliationId(physician),
        by: AccountId(by),
        instructed: AffiliationId(instructed),
        to: AccountId(to),
        channel: InstructionChannel::of(&channel)?,
        on,
        sealed,
        given_at: Millis(given_at),
        is_withdrawn: withdrawn_at.is_some(),
    })
}

/// An instruction.
pub async fn instruction(conn: &mut Conn, id: InstructionId) -> Result<Option<InstructionRow>, StoreFault> {
    const SQL: &str = concat!(instructions!(), "i.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading an instruction", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// Those that stand, given by somebody or to her, while both places do.
pub async fn instructions_of(conn: &mut Conn, account: AccountId) -> Result<Vec<InstructionRow>, StoreFault> {
    const SQL: &str = concat!(
        instructions!(),
        "(d.account = $1 OR s.account = $1) AND i.withdrawn_at IS NULL AND d.ended_at IS NULL AND s.ended_at IS NULL \
         ORDER BY i.given_at DESC, i.id LIMIT 200"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing instructions", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

impl Tx {
    /// Keeps an instruction.
    pub(super) async fn insert_instruction(&mut self, row: &InstructionRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO instructions (id, patient, physician, instructed, channel, told_on, sealed, given_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on_engine!(self.conn(), "keeping an instruction", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.patient.0).bind(row.physician.0).bind(row.instructed.0)
            .bind(row.channel.as_str()).bind(&row.on).bind(&row.sealed).bind(row.given_at.0)
            .execute(c).await.map(|_| ()))
    }

    /// It stands no more: the physician manages what was opened by it.
    pub(super) async fn withdraw_instruction(
        &mut self,
        id: InstructionId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE instructions SET withdrawn_at = $2 WHERE id = $1";
        const MANAGED: &str =
            "UPDATE openings SET manager = physician WHERE instruction = $1 AND manager IS NOT NULL";
        on_engine!(self.conn(), "withdrawing an instruction", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "ending what was managed by it", c => sqlx::query(MANAGED)
            .bind(id.0).execute(c).await.map(|_| ()))
    }
}
