//! All SQL of patients, and of corrections of what is kept of them; that of confirmations is beside it.

use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, CorrectionId, Millis, OfficeId, PatientId, RegionId, RoomId,
};
use uuid::Uuid;

/// A new patient.
pub struct NewPatient {
    /// Her id.
    pub id: PatientId,
    /// The region.
    pub region: RegionId,
    /// The steward office.
    pub office: OfficeId,
    /// Finds the same person within the region.
    pub match_hash: Vec<u8>,
    /// The key of her sealed values.
    pub key_id: Uuid,
    /// Name, kana, birth date, sex.
    pub sealed: Vec<u8>,
}

/// A patient as she is stored.
pub struct PatientRow {
    /// Her id.
    pub id: PatientId,
    /// The region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// The steward office.
    pub office: OfficeId,
    /// Name, kana, birth date, sex.
    pub sealed: Vec<u8>,
}

type PatientColumns = (Uuid, Uuid, String, Uuid, Vec<u8>);

fn patient_of((id, region, profile, office, sealed): PatientColumns) -> PatientRow {
    PatientRow { id: PatientId(id), region: RegionId(region), profile, office: OfficeId(office), sealed }
}

/// A patient.
pub async fn patient(conn: &mut Conn, id: PatientId) -> Result<Option<PatientRow>, StoreFault> {
    const SQL: &str = "SELECT p.id, p.region, g.profile, p.office, p.sealed \
                       FROM patients p JOIN regions g ON g.id = p.region WHERE p.id = $1";
    let row: Option<PatientColumns> = on_engine!(conn, "reading a patient", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(patient_of))
}

/// Patients whom somebody has to do with: in a timeline, or since she may correct what is kept of them.
macro_rules! of_concern {
    () => {
        "(SELECT r.patient FROM members m JOIN rooms r ON r.id = m.room AND r.patient IS NOT NULL \
          WHERE m.account = $1 AND m.state = 'member' \
          UNION SELECT p.id FROM patients p JOIN affiliations a ON a.office = p.office \
          WHERE a.account = $1 AND a.ended_at IS NULL AND \
          (EXISTS (SELECT 1 FROM roles q WHERE q.affiliation = a.id AND q.role = 'office_admin') \
           OR EXISTS (SELECT 1 FROM correctors k WHERE k.affiliation = a.id)))"
    };
}
pub(crate) use of_concern;

/// The same as they are stored, for a look at what she writes.
pub async fn known_to(conn: &mut Conn, who: AccountId) -> Result<Vec<(PatientId, Vec<u8>)>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT p.id, p.sealed FROM patients p WHERE p.id IN ",
        of_concern!(),
        " ORDER BY p.id LIMIT 5000"
    );
    let read = |cells: &mut Cells| Some((PatientId(cells.uuid()?), cells.bytes()?));
    conn.rows("reading whom somebody knows", SQL, vec![who.0.into()], &[Kind::Uuid, Kind::Bytes], read).await
}

/// The patients whom somebody has to do with.
pub async fn of_concern_to(conn: &mut Conn, who: AccountId) -> Result<Vec<PatientRow>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT p.id, p.region, g.profile, p.office, p.sealed FROM patients p \
         JOIN regions g ON g.id = p.region WHERE p.id IN ",
        of_concern!(),
        " ORDER BY p.id LIMIT 5000"
    );
    let rows: Vec<PatientColumns> = on_engine!(conn, "reading somebody's patients", c => sqlx::query_as(SQL)
        .bind(who.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(patient_of).collect())
}

/// The patients in whose timelines somebody takes part.
pub async fn in_care_of(conn: &mut Conn, who: AccountId) -> Result<Vec<PatientId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT r.patient FROM members m JOIN rooms r ON r.id = m.room \
                       WHERE m.account = $1 AND m.state = 'member' AND r.patient IS NOT NULL";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who is cared for", c => sqlx::query_scalar(SQL)
        .bind(who.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(PatientId).collect())
}

/// The card with which somebody takes part in a timeline of a patient; nothing for whoever does not.
pub async fn card_beside(
    conn: &mut Conn,
    who: AccountId,
    patient: PatientId,
) -> Result<Option<CardId>, StoreFault> {
    const SQL: &str = "SELECT m.card FROM members m JOIN rooms r ON r.id = m.room AND r.patient = $2 \
                       WHERE m.account = $1 AND m.state = 'member' ORDER BY m.since, m.room LIMIT 1";
    let card: Option<Uuid> = on_engine!(conn, "finding who takes part", c => sqlx::query_scalar(SQL)
        .bind(who.0).bind(patient.0).fetch_optional(c).await)?;
    Ok(card.map(CardId))
}

/// An office that somebody works for, as to its patients.
pub struct Desk {
    /// The office.
    pub office: OfficeId,
    /// Her card there.
    pub card: CardId,
    /// Whether she runs it.
    pub is_run: bool,
    /// Whether she may correct what is kept of its patients.
    pub may_correct: bool,
}

/// The offices that somebody works for.
pub async fn desks(conn: &mut Conn, who: AccountId) -> Result<Vec<Desk>, StoreFault> {
    const SQL: &str = "SELECT a.office, a.card, \
        (SELECT COUNT(*) FROM roles q WHERE q.affiliation = a.id AND q.role = 'office_admin'), \
        (SELECT COUNT(*) FROM correctors k WHERE k.affiliation = a.id) \
        FROM affiliations a WHERE a.account = $1 AND a.ended_at IS NULL AND a.office IS NOT NULL ORDER BY a.office";
    let rows: Vec<(Uuid, Uuid, i64, i64)> = on_engine!(conn, "finding somebody's offices", c => sqlx::query_as(SQL)
        .bind(who.0).fetch_all(c).await)?;
    let desk = |(office, card, admin, named): (Uuid, Uuid, i64, i64)| Desk {
        office: OfficeId(office),
        card: CardId(card),
        is_run: admin > 0,
        may_correct: admin > 0 || named > 0,
    };
    Ok(rows.into_iter().map(desk).collect())
}

/// The card of somebody who administers an office that acts for the steward of a patient at a moment (000§4b).
pub async fn acting_for_steward(
    conn: &mut Conn,
    who: AccountId,
    patient: PatientId,
    at: Millis,
) -> Result<Option<CardId>, StoreFault> {
    const SQL: &str = "SELECT a.card FROM delegations d JOIN patients p ON p.id = d.patient AND p.office = d.steward \
                       JOIN affiliations a ON a.office = d.delegate AND a.account = $1 AND a.ended_at IS NULL \
                       JOIN roles q ON q.affiliation = a.id AND q.role = 'office_admin' \
                       WHERE d.patient = $2 AND d.state = 'active' AND d.approved_on IS NOT NULL AND d.expires_at > $3 \
                       ORDER BY a.id LIMIT 1";
    let card: Option<Uuid> = on_engine!(conn, "finding who acts for a steward", c => sqlx::query_scalar(SQL)
        .bind(who.0).bind(patient.0).bind(at.0).fetch_optional(c).await)?;
    Ok(card.map(CardId))
}

/// Whom an administrator of the office named.
pub async fn correctors(
    conn: &mut Conn,
    office: OfficeId,
) -> Result<Vec<(AffiliationId, CardId)>, StoreFault> {
    const SQL: &str = "SELECT a.id, a.card FROM correctors k JOIN affiliations a ON a.id = k.affiliation \
                       WHERE a.office = $1 AND a.ended_at IS NULL ORDER BY k.named_at, a.id";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "reading who may correct", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(place, card)| (AffiliationId(place), CardId(card))).collect())
}

/// Whether somebody was named with that place.
pub async fn is_corrector(conn: &mut Conn, place: AffiliationId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM correctors WHERE affiliation = $1";
    let found: i64 = on_engine!(conn, "finding whether somebody may correct", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_one(c).await)?;
    Ok(found > 0)
}

/// A correction as it is stored.
pub struct CorrectionRow {
    /// Its id.
    pub id: CorrectionId,
    /// Of whom.
    pub patient: PatientId,
    /// By whom.
    pub by: AccountId,
    /// Who she was then.
    pub card: CardId,
    /// Before, after and why.
    pub sealed: Vec<u8>,
    /// When.
    pub at: Millis,
}

macro_rules! corrections {
    () => {
        "SELECT id, patient, corrected_by, card, sealed, corrected_at FROM corrections WHERE "
    };
}

type CorrectionColumns = (Uuid, Uuid, Uuid, Uuid, Vec<u8>, i64);

fn correction_of((id, patient, by, card, sealed, at): CorrectionColumns) -> CorrectionRow {
    CorrectionRow {
        id: CorrectionId(id),
        patient: PatientId(patient),
        by: AccountId(by),
        card: CardId(card),
        sealed,
        at: Millis(at),
    }
}

/// One correction.
pub async fn correction(conn: &mut Conn, id: CorrectionId) -> Result<Option<CorrectionRow>, StoreFault> {
    const SQL: &str = concat!(corrections!(), "id = $1");
    let row: Option<CorrectionColumns> = on_engine!(conn, "reading a correction", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(correction_of))
}

/// The corrections of a patient, the latest first.
pub async fn corrections(conn: &mut Conn, patient: PatientId) -> Result<Vec<CorrectionRow>, StoreFault> {
    const SQL: &str = concat!(corrections!(), "patient = $1 ORDER BY corrected_at DESC, id DESC LIMIT 200");
    let rows: Vec<CorrectionColumns> = on_engine!(conn, "reading corrections", c => sqlx::query_as(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(correction_of).collect())
}

/// Who is in which timeline of a patient.
pub async fn in_timelines_of(
    conn: &mut Conn,
    patient: PatientId,
) -> Result<Vec<(RoomId, AccountId)>, StoreFault> {
    const SQL: &str = "SELECT r.id, m.account FROM rooms r JOIN members m ON m.room = r.id AND m.state = 'member' \
                       WHERE r.patient = $1 ORDER BY r.id, m.account";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "reading who is in timelines", c => sqlx::query_as(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(room, account)| (RoomId(room), AccountId(account))).collect())
}

/// How many own accounts of patients wait to be confirmed by the staff of a place: those of its office's patients in whose
/// timelines she takes part, or all of them for who runs it (002-2.1R3).
pub async fn waiting_at(conn: &mut Conn, place: AffiliationId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations s JOIN patients p ON p.office = s.office \
        JOIN affiliations f ON f.patient = p.id AND f.ended_at IS NULL \
        JOIN accounts a ON a.id = f.account AND a.kind = 'patient' AND a.state <> 'closed' \
        WHERE s.id = $1 AND NOT EXISTS \
        (SELECT 1 FROM confirmations c WHERE c.affiliation = f.id AND c.ended_at IS NULL) \
        AND (EXISTS (SELECT 1 FROM roles q WHERE q.affiliation = s.id AND q.role = 'office_admin') \
             OR EXISTS (SELECT 1 FROM members m JOIN rooms r ON r.id = m.room AND r.patient = p.id \
                        WHERE m.account = s.account AND m.state = 'member'))";
    on_engine!(conn, "counting accounts to confirm", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_one(c).await)
}

/// Who registered a patient, and with which sealed body; nothing where there is none of that id.
pub async fn registered(
    conn: &mut Conn,
    id: PatientId,
) -> Result<Option<(Option<AccountId>, OfficeId, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT registered_by, office, sealed FROM patients WHERE id = $1";
    let row: Option<(Option<Uuid>, Uuid, Vec<u8>)> = on_engine!(conn, "finding a patient", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(by, office, sealed)| (by.map(AccountId), OfficeId(office), sealed)))
}

/// How many patients of an office that finds.
pub async fn how_many_match(
    conn: &mut Conn,
    office: OfficeId,
    region: RegionId,
    hash: &[u8],
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM patients WHERE region = $2 AND match_hash = $3 AND office = $1";
    on_engine!(conn, "looking for the same patient", c => sqlx::query_scalar(SQL)
        .bind(office.0).bind(region.0).bind(hash).fetch_one(c).await)
}

impl Tx {
    /// Keeps who registered a patient.
    pub async fn set_registered_by(&mut self, id: PatientId, by: AccountId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE patients SET registered_by = $2 WHERE id = $1";
        on_engine!(self.conn(), "keeping who registered a patient", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a new patient.
    pub async fn insert_patient(&mut self, new: &NewPatient, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO patients (id, region, office, match_hash, key_id, sealed, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on_engine!(self.conn(), "keeping a patient", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.region.0).bind(new.office.0).bind(&new.match_hash).bind(new.key_id)
            .bind(&new.sealed).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// What is kept of a patient from now on, and what finds her again.
    pub async fn replace_patient(
        &mut self,
        id: PatientId,
        match_hash: &[u8],
        sealed: &[u8],
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE patients SET match_hash = $2, sealed = $3 WHERE id = $1";
        on_engine!(self.conn(), "correcting a patient", c => sqlx::query(SQL)
            .bind(id.0).bind(match_hash).bind(sealed).execute(c).await.map(|_| ()))
    }

    /// Keeps a correction.
    pub async fn insert_correction(&mut self, row: &CorrectionRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO corrections (id, patient, corrected_by, card, sealed, corrected_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping a correction", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.patient.0).bind(row.by.0).bind(row.card.0).bind(&row.sealed).bind(row.at.0)
            .execute(c).await.map(|_| ()))
    }

    /// Somebody may correct, with that place.
    pub async fn insert_corrector(
        &mut self,
        place: AffiliationId,
        by: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO correctors (affiliation, named_by, named_at) VALUES ($1, $2, $3)";
        on_engine!(self.conn(), "naming who may correct", c => sqlx::query(SQL)
            .bind(place.0).bind(by.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// She may no longer.
    pub async fn forget_corrector(&mut self, place: AffiliationId) -> Result<(), StoreFault> {
        const SQL: &str = "DELETE FROM correctors WHERE affiliation = $1";
        on_engine!(self.conn(), "releasing who might correct", c => sqlx::query(SQL)
            .bind(place.0).execute(c).await.map(|_| ()))
    }
}
