//! All SQL of consents, of what they stop, and of scans of their papers.

use crate::rooms::Head;
use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Change, ConsentBasis, ConsentId, ConsentState, Millis, Occupation,
    OfficeId, PatientId, Position, RegionId, RoomConsent, RoomId, ScanId, SignatoryRole,
};
use uuid::Uuid;

/// Whether what is said of a room's patient may be shared there, for statements in which `r` is the room: of the latest consent
/// that was given to its steward.
macro_rules! room_consent {
    () => {
        "CASE WHEN r.patient IS NULL THEN 'in_force' ELSE COALESCE(\
         (SELECT CASE WHEN k.shares = 'no' THEN 'excluded' WHEN EXISTS \
          (SELECT 1 FROM use_stops u WHERE u.consent = k.id AND u.room = r.id) THEN 'stopped' ELSE 'in_force' END \
          FROM consents k WHERE k.patient = r.patient AND k.state = 'in_force' \
          AND (k.office IS NULL OR k.office = r.steward) ORDER BY k.recorded_at DESC, k.id DESC LIMIT 1), \
         (SELECT 'withdrawn' FROM consents k WHERE k.patient = r.patient AND k.state = 'withdrawn' \
          AND (k.office IS NULL OR k.office = r.steward) LIMIT 1), 'missing') END"
    };
}
pub(crate) use room_consent;

/// What somebody has to do with a patient.
#[derive(Debug, Clone)]
pub struct TowardsRow {
    /// The patient's region.
    pub region: RegionId,
    /// The name of its rules.
    pub profile: String,
    /// The office that answers for her.
    pub office: OfficeId,
    /// What is sealed of her; it names her key.
    pub sealed: Vec<u8>,
    /// Whether she is in a timeline of hers.
    pub takes_part: bool,
    /// Whether she works for that office.
    pub is_of_office: bool,
    /// Whether she administers it.
    pub is_admin: bool,
    /// Whether her account is the patient's, or her family's.
    pub is_beside: bool,
}

type TowardsColumns = (Uuid, String, Uuid, Vec<u8>, i64, i64, i64, i64);

/// What somebody has to do with a patient; nothing where there is no such patient. For the office that is to take the patient
/// over, and waits for her consent to it, she is its own already (002-5.3b).
pub async fn towards(
    conn: &mut Conn,
    who: AccountId,
    patient: PatientId,
) -> Result<Option<TowardsRow>, StoreFault> {
    const SQL: &str = "SELECT p.region, g.profile, p.office, p.sealed, \
        (SELECT COUNT(*) FROM members m JOIN rooms r ON r.id = m.room AND r.patient = p.id \
         WHERE m.account = $1 AND m.state = 'member'), \
        (SELECT COUNT(*) FROM affiliations a WHERE a.account = $1 AND a.ended_at IS NULL AND a.office = p.office), \
        (SELECT COUNT(*) FROM affiliations a JOIN roles q ON q.affiliation = a.id AND q.role = 'office_admin' \
         WHERE a.account = $1 AND a.ended_at IS NULL AND a.office = p.office), \
        (SELECT COUNT(*) FROM affiliations a WHERE a.account = $1 AND a.ended_at IS NULL AND a.patient = p.id) \
        FROM (SELECT s.id, s.region, s.sealed, COALESCE((SELECT t.to_office FROM transfers t \
         JOIN affiliations w ON w.office = t.to_office AND w.account = $1 AND w.ended_at IS NULL \
         WHERE t.patient = s.id AND t.state = 'awaiting_consent' LIMIT 1), s.office) AS office \
         FROM patients s WHERE s.id = $2) p JOIN regions g ON g.id = p.region";
    let row: Option<TowardsColumns> = on_engine!(conn, "finding who has to do with a patient", c => sqlx::query_as(SQL)
        .bind(who.0).bind(patient.0).fetch_optional(c).await)?;
    Ok(row.map(|(region, profile, office, sealed, takes_part, of_office, admin, beside)| TowardsRow {
        region: RegionId(region),
        profile,
        office: OfficeId(office),
        sealed,
        takes_part: takes_part > 0,
        is_of_office: of_office > 0,
        is_admin: admin > 0,
        is_beside: beside > 0,
    }))
}

/// Somebody's place, as to a patient.
#[derive(Debug, Clone, Copy)]
pub struct CarerRow {
    /// Whose.
    pub account: AccountId,
    /// The place.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: CardId,
    /// Whether it is in the office that answers for the patient.
    pub is_of_office: bool,
    /// Whether she is in a timeline of the patient.
    pub takes_part: bool,
    /// Whether she is a physician there.
    pub is_physician: bool,
}

macro_rules! carers {
    () => {
        "SELECT * FROM (SELECT a.account, a.id, a.card, a.occupation, \
         (SELECT COUNT(*) FROM patients p WHERE p.id = $1 AND (p.office = a.office OR EXISTS (SELECT 1 FROM transfers t \
          WHERE t.patient = p.id AND t.to_office = a.office AND t.state = 'awaiting_consent'))) AS of_office, \
         (SELECT COUNT(*) FROM members m JOIN rooms r ON r.id = m.room AND r.patient = $1 \
          WHERE m.account = a.account AND m.affiliation = a.id AND m.state = 'member') AS takes_part \
         FROM affiliations a JOIN accounts c ON c.id = a.account AND c.kind = 'staff' AND c.state <> 'closed' \
         WHERE a.ended_at IS NULL AND a.office IS NOT NULL AND "
    };
}

type CarerColumns = (Uuid, Uuid, Uuid, String, i64, i64);

fn carer_of((account, place, card, occupation, of_office, takes_part): CarerColumns) -> CarerRow {
    CarerRow {
        account: AccountId(account),
        affiliation: AffiliationId(place),
        card: CardId(card),
        is_of_office: of_office > 0,
        takes_part: takes_part > 0,
        is_physician: Occupation::of(&occupation) == Some(Occupation::Physician),
    }
}

/// One place of staff, as to a patient; nothing for whoever neither works for her office nor takes part.
pub async fn carer(
    conn: &mut Conn,
    patient: PatientId,
    place: AffiliationId,
) -> Result<Option<CarerRow>, StoreFault> {
    const SQL: &str = concat!(carers!(), "a.id = $2) found WHERE found.of_office + found.takes_part > 0");
    let row: Option<CarerColumns> = on_engine!(conn, "finding who cares for a patient", c => sqlx::query_as(SQL)
        .bind(patient.0).bind(place.0).fetch_optional(c).await)?;
    Ok(row.map(carer_of))
}

/// The staff in a patient's timelines, and somebody's own places.
pub async fn carers(
    conn: &mut Conn,
    patient: PatientId,
    who: AccountId,
) -> Result<Vec<CarerRow>, StoreFault> {
    const SQL: &str = concat!(
        carers!(),
        "(a.account = $2 OR a.account IN (SELECT m.account FROM members m \
         JOIN rooms r ON r.id = m.room AND r.patient = $1 WHERE m.state = 'member'))) found \
         WHERE found.takes_part > 0 OR (found.of_office > 0 AND found.account = $2) ORDER BY found.id LIMIT 200"
    );
    let rows: Vec<CarerColumns> = on_engine!(conn, "finding who cares for a patient", c => sqlx::query_as(SQL)
        .bind(patient.0).bind(who.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(carer_of).collect())
}

/// A consent as it is stored.
#[derive(Debug, Clone)]
pub struct ConsentRow {
    /// Its id.
    pub id: ConsentId,
    /// The region.
    pub region: RegionId,
    /// Whose.
    pub patient: PatientId,
    /// The office it was given to.
    pub office: Option<OfficeId>,
    /// Where it stands.
    pub state: ConsentState,
    /// What it rests on.
    pub basis: ConsentBasis,
    /// The form.
    pub form: String,
    /// The rules that the form stands in.
    pub rules: String,
    /// Whether data may be shared.
    pub shares: bool,
    /// What was objected to.
    pub objected: Vec<String>,
    /// On which day it was given.
    pub given_on: String,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// By whom; nobody recorded those from before.
    pub recorded_by: Option<AccountId>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Millis>,
    /// As what somebody withdrew it, or objected to sharing.
    pub ended_for: Option<SignatoryRole>,
    /// The rest.
    pub sealed: Option<Vec<u8>>,
}

macro_rules! consents {
    () => {
        "SELECT id, region, patient, office, state, basis, form, rules, shares, objected, given_on, recorded_at, \
         recorded_by, withdrawn_at, ended_for, sealed FROM consents WHERE "
    };
}

type Columns = (
    Uuid,
    Uuid,
    Uuid,
    Option<Uuid>,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<Uuid>,
    Option<i64>,
    Option<String>,
    Option<Vec<u8>>,
);

/// Words that this version does not know give no consent.
fn row_of(row: Columns) -> Option<ConsentRow> {
    let (
        id,
        region,
        patient,
        office,
        state,
        basis,
        form,
        rules,
        shares,
        objected,
        given_on,
        at,
        by,
        ended,
        ended_for,
        sealed,
    ) = row;
    Some(ConsentRow {
        id: ConsentId(id),
        region: RegionId(region),
        patient: PatientId(patient),
        office: office.map(OfficeId),
        state: ConsentState::of(&state)?,
        basis: ConsentBasis::of(&basis)?,
        form,
        rules,
        shares: shares == "yes",
        objected: numbers(&objected),
        given_on,
        recorded_at: Millis(at),
        recorded_by: by.map(AccountId),
        withdrawn_at: ended.map(Millis),
        ended_for: ended_for.as_deref().and_then(SignatoryRole::of),
        sealed,
    })
}

fn numbers(written: &str) -> Vec<String> {
    written.split_whitespace().map(str::to_owned).collect()
}

/// One of them.
pub async fn consent(conn: &mut Conn, id: ConsentId) -> Result<Option<ConsentRow>, StoreFault> {
    const SQL: &str = concat!(consents!(), "id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a consent", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// Those of a patient, the latest first.
pub async fn of_patient(conn: &mut Conn, patient: PatientId) -> Result<Vec<ConsentRow>, StoreFault> {
    const SQL: &str = concat!(consents!(), "patient = $1 ORDER BY recorded_at DESC, id DESC LIMIT 50");
    let rows: Vec<Columns> = on_engine!(conn, "reading a patient's consents", c => sqlx::query_as(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// How it stands with a room.
pub async fn of_room(conn: &mut Conn, room: RoomId) -> Result<RoomConsent, StoreFault> {
    const SQL: &str = concat!("SELECT ", room_consent!(), " FROM rooms r WHERE r.id = $1");
    let word: Option<String> = on_engine!(conn, "finding a room's consent", c => sqlx::query_scalar(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(word.as_deref().and_then(RoomConsent::of).unwrap_or(RoomConsent::Missing))
}

/// What the patient of a room did not agree to, to the office that answers for it.
pub async fn objected_in(conn: &mut Conn, room: RoomId) -> Result<Vec<String>, StoreFault> {
    const SQL: &str = "SELECT k.objected FROM rooms r JOIN consents k ON k.patient = r.patient AND k.state = 'in_force' \
                       AND (k.office IS NULL OR k.office = r.steward) \
                       WHERE r.id = $1 ORDER BY k.recorded_at DESC, k.id DESC LIMIT 1";
    let values = vec![room.0.into()];
    let found = conn.rows("reading what was objected to", SQL, values, &[Kind::Text], Cells::text).await?;
    Ok(found.first().map(|text| numbers(text)).unwrap_or_default())
}

/// A room of a patient, to be told.
pub struct TimelineRow {
    /// The room.
    pub room: RoomId,
    /// Its counters.
    pub head: Head,
    /// How it stands with it.
    pub consent: RoomConsent,
}

/// The rooms of a patient.
pub async fn timelines_of(conn: &mut Conn, patient: PatientId) -> Result<Vec<TimelineRow>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT r.id, h.last_position, h.change, h.member_version, h.active_at, ",
        room_consent!(),
        " FROM rooms r JOIN room_heads h ON h.room = r.id WHERE r.patient = $1 ORDER BY r.id"
    );
    let rows: Vec<(Uuid, i64, i64, i64, i64, String)> = on_engine!(conn, "finding a patient's rooms", c => sqlx::query_as(SQL)
        .bind(patient.0).fetch_all(c).await)?;
    let read = |(room, last, change, member_version, active, word): (Uuid, i64, i64, i64, i64, String)| {
        Some(TimelineRow {
            room: RoomId(room),
            head: Head {
                last_position: Position(last),
                change: Change(change),
                member_version,
                active_at: Millis(active),
            },
            consent: RoomConsent::of(&word)?,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A scan without its bytes.
pub struct ScanRow {
    /// Its id.
    pub id: ScanId,
    /// Of which consent.
    pub consent: ConsentId,
    /// Its type.
    pub media: String,
    /// By whom it was attached.
    pub by: AccountId,
    /// When.
    pub at: Millis,
}

type ScanColumns = (Uuid, Uuid, String, Uuid, i64);

fn scan_of((id, consent, media, by, at): ScanColumns) -> ScanRow {
    ScanRow { id: ScanId(id), consent: ConsentId(consent), media, by: AccountId(by), at: Millis(at) }
}

/// One scan.
pub async fn scan(conn: &mut Conn, id: ScanId) -> Result<Option<ScanRow>, StoreFault> {
    const SQL: &str = "SELECT id, consent, media, attached_by, attached_at FROM consent_scans WHERE id = $1";
    let row: Option<ScanColumns> = on_engine!(conn, "finding a scan", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(scan_of))
}

/// The scans of a consent, the first first.
pub async fn scans(conn: &mut Conn, consent: ConsentId) -> Result<Vec<ScanRow>, StoreFault> {
    const SQL: &str = "SELECT id, consent, media, attached_by, attached_at FROM consent_scans \
                       WHERE consent = $1 ORDER BY attached_at, id";
    let rows: Vec<ScanColumns> = on_engine!(conn, "finding scans", c => sqlx::query_as(SQL)
        .bind(consent.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(scan_of).collect())
}

/// The sealed bytes of a scan.
pub async fn scanned(conn: &mut Conn, id: ScanId) -> Result<Option<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT sealed FROM consent_scans WHERE id = $1";
    on_engine!(conn, "reading a scan", c => sqlx::query_scalar(SQL).bind(id.0).fetch_optional(c).await)
}

impl Tx {
    /// Keeps a consent; the one that held for that office before is superseded.
    pub async fn insert_consent(&mut self, row: &ConsentRow) -> Result<(), StoreFault> {
        const EARLIER: &str = "UPDATE consents SET state = 'superseded' \
                               WHERE patient = $1 AND state = 'in_force' AND (office IS NULL OR office = $2)";
        const SQL: &str = "INSERT INTO consents (id, region, patient, office, state, basis, form, rules, shares, objected, \
                           given_on, recorded_at, recorded_by, withdrawn_at, ended_for, sealed) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        on_engine!(self.conn(), "superseding a consent", c => sqlx::query(EARLIER)
            .bind(row.patient.0).bind(row.office.map(|office| office.0)).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "keeping a consent", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.region.0).bind(row.patient.0).bind(row.office.map(|office| office.0))
            .bind(row.state.as_str()).bind(row.basis.as_str()).bind(&row.form).bind(&row.rules)
            .bind(if row.shares { "yes" } else { "no" }).bind(row.objected.join(" "))
            .bind(&row.given_on).bind(row.recorded_at.0).bind(row.recorded_by.map(|by| by.0))
            .bind(row.withdrawn_at.map(|at| at.0)).bind(row.ended_for.map(SignatoryRole::as_str))
            .bind(row.sealed.as_deref()).execute(c).await.map(|_| ()))
    }

    /// The timelines that a region brings along count as consented to, each to its steward.
    pub async fn consent_from_before(&mut self, region: RegionId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO consents (id, region, patient, office, state, basis, given_on, recorded_at) \
                           SELECT p.id, p.region, p.id, p.office, 'in_force', 'from_before', $2, $3 FROM patients p \
                           WHERE p.region = $1 AND EXISTS (SELECT 1 FROM rooms r WHERE r.patient = p.id)";
        let day = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
        let day = day.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date().to_string();
        on_engine!(self.conn(), "keeping what was consented to before", c => sqlx::query(SQL)
            .bind(region.0).bind(&day).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// What is changed of a consent: its state, what is objected to, and what is sealed.
    pub async fn change_consent(&mut self, row: &ConsentRow) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE consents SET state = $2, shares = $3, objected = $4, withdrawn_at = $5, ended_for = $6, \
                           sealed = $7 WHERE id = $1";
        on_engine!(self.conn(), "changing a consent", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.state.as_str()).bind(if row.shares { "yes" } else { "no" })
            .bind(row.objected.join(" ")).bind(row.withdrawn_at.map(|at| at.0))
            .bind(row.ended_for.map(SignatoryRole::as_str)).bind(row.sealed.as_deref())
            .execute(c).await.map(|_| ()))
    }

    /// The use of a room is stopped; stopped already, it stays so.
    pub async fn stop_use(
        &mut self,
        consent: ConsentId,
        room: RoomId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO use_stops (consent, room, stopped_at) VALUES ($1, $2, $3) \
                           ON CONFLICT (consent, room) DO NOTHING";
        on_engine!(self.conn(), "stopping the use of a room", c => sqlx::query(SQL)
            .bind(consent.0).bind(room.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a scan.
    pub async fn insert_scan(&mut self, row: &ScanRow, sealed: &[u8]) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO consent_scans (id, consent, media, sealed, attached_by, attached_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping a scan", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.consent.0).bind(&row.media).bind(sealed).bind(row.by.0).bind(row.at.0)
            .execute(c).await.map(|_| ()))
    }
}
