//! All SQL of roles and of the offers of them.

use super::offer::Offer;
use super::standing::Standing;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, AppointmentId, CardId, GovernanceRole, Millis, OfficeId, RegionId, Role,
};
use uuid::Uuid;

/// What an account is to an office and its region; to none, where there is none.
pub(super) async fn standing(
    conn: &mut Conn,
    account: AccountId,
    at: Option<(OfficeId, RegionId)>,
) -> Result<Standing, StoreFault> {
    const SQL: &str = "SELECT \
        (SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'office_head' \
         WHERE f.account = $1 AND f.office = $2 AND f.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'office_head' \
         WHERE f.office = $2 AND f.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
         WHERE f.account = $1 AND f.office = $2 AND f.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role IN ('office_head', 'office_admin') \
         WHERE f.account = $1 AND f.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'secretariat' \
         WHERE f.account = $1 AND f.region = $3 AND f.ended_at IS NULL)";
    let (office, region) = (at.map(|(office, _)| office.0), at.map(|(_, region)| region.0));
    let (head, heads, admin, runs, desk): (i64, i64, i64, i64, i64) = on_engine!(conn, "finding whose business a role is", c => sqlx::query_as(SQL)
            .bind(account.0).bind(office).bind(region).fetch_one(c).await)?;
    Ok(Standing {
        is_head: head > 0,
        has_head: heads > 0,
        is_admin: admin > 0,
        runs_some: runs > 0,
        is_desk: desk > 0,
    })
}

/// An offer as it is stored.
pub struct AppointmentRow {
    /// Its id.
    pub id: AppointmentId,
    /// To whom: her place.
    pub affiliation: AffiliationId,
    /// Whose place that is.
    pub account: AccountId,
    /// Which role.
    pub role: String,
    /// Who offers it; nobody for the operator of the machine.
    pub offered_by: Option<AccountId>,
    /// On which day it was explained.
    pub explained_on: Option<String>,
    /// Which duty she holds.
    pub holds: Option<String>,
    /// When.
    pub offered_at: Millis,
    /// Until when an answer counts.
    pub until: Millis,
    /// The answer, once it was given.
    pub answer: Option<String>,
}

/// The columns of an [`AppointmentRow`] with the card of whom it is for, in the order in which they are read.
macro_rules! columns {
    () => {
        "SELECT p.id, p.affiliation, f.account, p.role, p.offered_by, p.explained_on, p.holds, p.created_at, p.expires_at, \
         p.answer, f.card FROM appointments p JOIN affiliations f ON f.id = p.affiliation WHERE "
    };
}
/// Offers that wait for an answer.
macro_rules! waiting {
    () => {
        " AND p.answer IS NULL AND p.expires_at > $2 AND f.ended_at IS NULL ORDER BY p.created_at, p.id"
    };
}

type Columns =
    (Uuid, Uuid, Uuid, String, Option<Uuid>, Option<String>, Option<String>, i64, i64, Option<String>, Uuid);

fn row_of(
    (id, affiliation, account, role, offered_by, explained_on, holds, offered_at, until, answer, card): Columns,
) -> (AppointmentRow, CardId) {
    let row = AppointmentRow {
        id: AppointmentId(id),
        affiliation: AffiliationId(affiliation),
        account: AccountId(account),
        role,
        offered_by: offered_by.map(AccountId),
        explained_on,
        holds,
        offered_at: Millis(offered_at),
        until: Millis(until),
        answer,
    };
    (row, CardId(card))
}

/// An offer.
pub async fn appointment(conn: &mut Conn, id: AppointmentId) -> Result<Option<AppointmentRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "p.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading an appointment", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|row| row_of(row).0))
}

/// What is offered to an account.
pub async fn waiting_for(
    conn: &mut Conn,
    account: AccountId,
    now: Millis,
) -> Result<Vec<(AppointmentRow, CardId)>, StoreFault> {
    const SQL: &str = concat!(columns!(), "f.account = $1", waiting!());
    waiting(conn, SQL, account.0, now).await
}

/// What is offered to the people of an office.
pub async fn waiting_in(
    conn: &mut Conn,
    office: OfficeId,
    now: Millis,
) -> Result<Vec<(AppointmentRow, CardId)>, StoreFault> {
    const SQL: &str = concat!(columns!(), "f.office = $1", waiting!());
    waiting(conn, SQL, office.0, now).await
}

/// What is offered of a region's own roles.
pub async fn waiting_in_region(
    conn: &mut Conn,
    region: RegionId,
    now: Millis,
) -> Result<Vec<(AppointmentRow, CardId)>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "f.region = $1 AND p.role IN ('secretariat', 'committee', 'auditor')",
        waiting!()
    );
    waiting(conn, SQL, region.0, now).await
}

async fn waiting(
    conn: &mut Conn,
    sql: &'static str,
    of: Uuid,
    now: Millis,
) -> Result<Vec<(AppointmentRow, CardId)>, StoreFault> {
    let rows: Vec<Columns> = on_engine!(conn, "listing appointments", c => sqlx::query_as(sql)
        .bind(of).bind(now.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(row_of).collect())
}

/// A role that is held, as it is stored.
pub struct HolderRow {
    /// The place.
    pub affiliation: AffiliationId,
    /// The card used there.
    pub card: CardId,
    /// Which role.
    pub role: String,
    /// Since when.
    pub since: Millis,
    /// Who offered it.
    pub appointed_by: Option<AccountId>,
    /// On which day it was explained.
    pub explained_on: Option<String>,
}

/// The columns of a [`HolderRow`], in the order in which they are read.
macro_rules! held {
    () => {
        "SELECT f.id, f.card, r.role, r.created_at, p.offered_by, p.explained_on \
         FROM roles r JOIN affiliations f ON f.id = r.affiliation AND f.ended_at IS NULL \
         LEFT JOIN appointments p ON p.affiliation = f.id AND p.role = r.role AND p.answer = 'accepted' AND p.ended_at IS NULL WHERE "
    };
}

/// Who holds which role in an office.
pub async fn holders(conn: &mut Conn, office: OfficeId) -> Result<Vec<HolderRow>, StoreFault> {
    const SQL: &str = concat!(held!(), "f.office = $1 ORDER BY r.created_at, f.id, r.role");
    held(conn, SQL, office.0).await
}

/// Who holds a region's own roles.
pub async fn holders_in_region(conn: &mut Conn, region: RegionId) -> Result<Vec<HolderRow>, StoreFault> {
    const SQL: &str = concat!(
        held!(),
        "f.region = $1 AND r.role IN ('secretariat', 'committee', 'auditor') ORDER BY r.created_at, f.id, r.role"
    );
    held(conn, SQL, region.0).await
}

async fn held(conn: &mut Conn, sql: &'static str, of: Uuid) -> Result<Vec<HolderRow>, StoreFault> {
    type Held = (Uuid, Uuid, String, i64, Option<Uuid>, Option<String>);
    let rows: Vec<Held> = on_engine!(conn, "listing who holds a role", c => sqlx::query_as(sql)
        .bind(of).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(affiliation, card, role, since, appointed_by, explained_on)| HolderRow {
            affiliation: AffiliationId(affiliation),
            card: CardId(card),
            role,
            since: Millis(since),
            appointed_by: appointed_by.map(AccountId),
            explained_on,
        })
        .collect())
}

/// Whether a role is held with a place that has not ended.
pub async fn holds(conn: &mut Conn, place: AffiliationId, role: Role) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM roles r JOIN affiliations f ON f.id = r.affiliation AND f.ended_at IS NULL \
                       WHERE r.affiliation = $1 AND r.role = $2";
    let count: i64 = on_engine!(conn, "looking for a role", c => sqlx::query_scalar(SQL)
        .bind(place.0).bind(role.as_str()).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Who works for an office with an account of her own that is not closed.
pub async fn people(conn: &mut Conn, office: OfficeId) -> Result<Vec<(AffiliationId, CardId)>, StoreFault> {
    const SQL: &str = "SELECT f.id, f.card FROM affiliations f JOIN accounts a ON a.id = f.account AND a.state <> 'closed' \
                       WHERE f.office = $1 AND f.ended_at IS NULL \
                       AND NOT EXISTS (SELECT 1 FROM shared_accounts s WHERE s.account = f.account) ORDER BY f.id";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "listing who may be offered a role", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(place, card)| (AffiliationId(place), CardId(card))).collect())
}

/// Who signs for an office or runs it, and may act.
pub async fn run_by(conn: &mut Conn, office: OfficeId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role IN ('office_head', 'office_admin') \
                       JOIN accounts a ON a.id = f.account AND a.state = 'active' \
                       WHERE f.office = $1 AND f.ended_at IS NULL ORDER BY f.account";
    accounts(conn, SQL, office.0).await
}

/// Who is of a region's desk, and may act.
pub async fn desk_of(conn: &mut Conn, region: RegionId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'secretariat' \
                       JOIN accounts a ON a.id = f.account AND a.state = 'active' \
                       WHERE f.region = $1 AND f.ended_at IS NULL ORDER BY f.account";
    accounts(conn, SQL, region.0).await
}

async fn accounts(conn: &mut Conn, sql: &'static str, of: Uuid) -> Result<Vec<AccountId>, StoreFault> {
    let rows: Vec<Uuid> = on_engine!(conn, "finding whom a role concerns", c => sqlx::query_scalar(sql)
        .bind(of).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// A role that is held, with what names its holder.
pub struct NamedRow {
    /// The place.
    pub affiliation: AffiliationId,
    /// Which role.
    pub role: String,
    /// The account.
    pub account: AccountId,
    /// Its name and address.
    pub account_sealed: Vec<u8>,
    /// The office.
    pub office: OfficeId,
    /// Its name.
    pub office_sealed: Vec<u8>,
}

/// Every role that is held.
pub async fn all(conn: &mut Conn) -> Result<Vec<NamedRow>, StoreFault> {
    const SQL: &str = "SELECT f.id, r.role, a.id, a.sealed, o.id, o.sealed FROM roles r \
                       JOIN affiliations f ON f.id = r.affiliation AND f.ended_at IS NULL \
                       JOIN accounts a ON a.id = f.account JOIN offices o ON o.id = f.office ORDER BY f.id, r.role";
    type Named = (Uuid, String, Uuid, Vec<u8>, Uuid, Vec<u8>);
    let rows: Vec<Named> = on_engine!(conn, "listing roles", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(affiliation, role, account, account_sealed, office, office_sealed)| NamedRow {
            affiliation: AffiliationId(affiliation),
            role,
            account: AccountId(account),
            account_sealed,
            office: OfficeId(office),
            office_sealed,
        })
        .collect())
}

/// A new offer.
pub(super) struct NewAppointment<'a> {
    pub id: AppointmentId,
    pub offer: &'a Offer,
    pub offered_by: Option<AccountId>,
}

impl Tx {
    /// Keeps an offer, for that span.
    pub(super) async fn insert_appointment(
        &mut self,
        new: &NewAppointment<'_>,
        (now, until): (Millis, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO appointments (id, affiliation, role, offered_by, explained_on, holds, created_at, expires_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let explained_on = new.offer.explained_on.map(|day| day.to_string());
        on_engine!(self.conn(), "keeping an appointment", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.offer.affiliation.0).bind(new.offer.role.as_str())
            .bind(new.offered_by.map(|by| by.0)).bind(explained_on.as_deref())
            .bind(new.offer.holds.map(GovernanceRole::as_str)).bind(now.0).bind(until.0)
            .execute(c).await.map(|_| ()))
    }

    /// Takes earlier offers of that role back that wait.
    pub(super) async fn withdraw_earlier(
        &mut self,
        place: AffiliationId,
        role: Role,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE appointments SET answer = 'withdrawn', answered_at = $3 \
                           WHERE affiliation = $1 AND role = $2 AND answer IS NULL";
        on_engine!(self.conn(), "taking an offer back", c => sqlx::query(SQL)
            .bind(place.0).bind(role.as_str()).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps the answer to one.
    pub(super) async fn answer_appointment(
        &mut self,
        id: AppointmentId,
        answer: &str,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE appointments SET answer = $2, answered_at = $3 WHERE id = $1 AND answer IS NULL";
        on_engine!(self.conn(), "answering an appointment", c => sqlx::query(SQL)
            .bind(id.0).bind(answer).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Gives a role; held already, nothing changes.
    pub(super) async fn give_role(
        &mut self,
        place: AffiliationId,
        role: Role,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO roles (affiliation, role, created_at) VALUES ($1, $2, $3) \
                           ON CONFLICT (affiliation, role) DO NOTHING";
        on_engine!(self.conn(), "giving a role", c => sqlx::query(SQL)
            .bind(place.0).bind(role.as_str()).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Takes a role away, and ends its appointment.
    pub(super) async fn take_role(
        &mut self,
        place: AffiliationId,
        role: Role,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const ROLE: &str = "DELETE FROM roles WHERE affiliation = $1 AND role = $2";
        const RECORD: &str = "UPDATE appointments SET ended_at = $3 \
                              WHERE affiliation = $1 AND role = $2 AND answer = 'accepted' AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a role", c => sqlx::query(ROLE)
            .bind(place.0).bind(role.as_str()).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "ending an appointment", c => sqlx::query(RECORD)
            .bind(place.0).bind(role.as_str()).bind(now.0).execute(c).await.map(|_| ()))
    }
}
