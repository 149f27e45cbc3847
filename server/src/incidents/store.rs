//! All SQL of incidents.

use crate::accounts::{Reason, ReasonId};
use crate::app::App;
use crate::crypto::random;
use crate::devices::store::{self as devices, DeviceRow};
use crate::error::Result;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, CardId, DeviceId, DeviceState, IncidentId, IncidentKind, IncidentStatus, Millis, RaisedBy,
    StepKind,
};
use uuid::Uuid;

/// An incident as it is stored.
#[derive(Debug, Clone)]
pub struct IncidentRow {
    /// Its id.
    pub id: IncidentId,
    /// What went wrong.
    pub kind: IncidentKind,
    /// Where it stands.
    pub status: IncidentStatus,
    /// Who raised it.
    pub raised_by: RaisedBy,
    /// Whose account it is about.
    pub account: Option<AccountId>,
    /// Which device.
    pub device: Option<DeviceId>,
    /// What was written.
    pub sealed: Option<Vec<u8>>,
    /// When.
    pub at: Millis,
    /// The account's card where whoever asks deals with it.
    pub card: Option<CardId>,
}

/// Who is to deal with an incident: the admins of an office, or the desk of a region.
#[derive(Debug, Clone, Copy)]
pub struct Recipient {
    /// Office or region.
    pub recipient: Uuid,
    /// Which of the two.
    pub is_desk: bool,
    /// The account's card there.
    pub card: Option<CardId>,
}

/// A step as it is stored.
pub struct StepRow {
    /// What.
    pub kind: StepKind,
    /// Who.
    pub by: AccountId,
    /// Her sealed name.
    pub name: Vec<u8>,
    /// What was said.
    pub reason: Option<(ReasonId, Vec<u8>)>,
    /// When.
    pub at: Millis,
}

/// Whose places and roles make somebody deal with a recipient's incidents; a draft is the office's alone.
macro_rules! who_deals {
    () => {
        "FROM incident_recipients i JOIN incidents m ON m.id = i.incident AND (i.is_desk = 0 OR m.status <> 'draft') \
         JOIN affiliations f ON f.ended_at IS NULL \
         AND ((i.is_desk = 0 AND f.office = i.recipient) OR (i.is_desk = 1 AND f.region = i.recipient)) \
         JOIN roles r ON r.affiliation = f.id \
         AND r.role = CASE WHEN i.is_desk = 1 THEN 'secretariat' ELSE 'office_admin' END "
    };
}

macro_rules! incidents_dealt_with {
    ($which:literal) => {
        concat!(
            "SELECT n.id, n.kind, n.status, n.raised_by, n.account, n.device, n.sealed, n.created_at, (SELECT i.card ",
            who_deals!(),
            "WHERE i.incident = n.id AND f.account = $1 ORDER BY i.is_desk LIMIT 1) FROM incidents n \
             WHERE n.id IN (SELECT i.incident ",
            who_deals!(),
            "WHERE f.account = $1) ",
            $which
        )
    };
}

type Columns = (Uuid, String, String, String, Option<Uuid>, Option<Uuid>, Option<Vec<u8>>, i64, Option<Uuid>);

/// An incident of a kind or status that nobody knows is none.
fn incident_of(
    (id, kind, status, raised_by, account, device, sealed, at, card): Columns,
) -> Option<IncidentRow> {
    Some(IncidentRow {
        id: IncidentId(id),
        kind: IncidentKind::of(&kind)?,
        status: IncidentStatus::of(&status)?,
        raised_by: RaisedBy::of(&raised_by)?,
        account: account.map(AccountId),
        device: device.map(DeviceId),
        sealed,
        at: Millis(at),
        card: card.map(CardId),
    })
}

/// An incident, if that account is to deal with it.
pub async fn incident_for(
    conn: &mut Conn,
    who: AccountId,
    id: IncidentId,
) -> Result<Option<IncidentRow>, StoreFault> {
    const SQL: &str = incidents_dealt_with!("AND n.id = $2");
    let row: Option<Columns> = on_engine!(conn, "finding an incident", c => sqlx::query_as(SQL)
        .bind(who.0).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(incident_of))
}

/// What that account is to deal with: the open ones first, of these the latest.
pub async fn incidents_for(
    conn: &mut Conn,
    who: AccountId,
    most: i64,
) -> Result<Vec<IncidentRow>, StoreFault> {
    const SQL: &str = incidents_dealt_with!(
        "ORDER BY CASE WHEN n.status = 'closed' THEN 1 ELSE 0 END, n.created_at DESC, n.id DESC LIMIT $2"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing incidents", c => sqlx::query_as(SQL)
        .bind(who.0).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(incident_of).collect())
}

/// Those about an account, the latest first.
pub async fn incidents_about(
    conn: &mut Conn,
    account: AccountId,
    most: i64,
) -> Result<Vec<IncidentRow>, StoreFault> {
    const SQL: &str = "SELECT id, kind, status, raised_by, account, device, sealed, created_at FROM incidents \
                       WHERE account = $1 AND status <> 'draft' ORDER BY created_at DESC, id DESC LIMIT $2";
    type Short = (Uuid, String, String, String, Option<Uuid>, Option<Uuid>, Option<Vec<u8>>, i64);
    let rows: Vec<Short> = on_engine!(conn, "listing incidents", c => sqlx::query_as(SQL)
        .bind(account.0).bind(most).fetch_all(c).await)?;
    let whole = |(id, kind, status, by, account, device, sealed, at): Short| {
        incident_of((id, kind, status, by, account, device, sealed, at, None))
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}

/// The steps of an incident, the earliest first.
pub async fn steps(conn: &mut Conn, id: IncidentId) -> Result<Vec<StepRow>, StoreFault> {
    const SQL: &str = "SELECT s.kind, s.written_by, a.sealed, r.id, r.sealed, s.at FROM incident_steps s \
                       JOIN accounts a ON a.id = s.written_by LEFT JOIN reasons r ON r.id = s.reason \
                       WHERE s.incident = $1 ORDER BY s.at, s.id";
    type Step = (String, Uuid, Vec<u8>, Option<Uuid>, Option<Vec<u8>>, i64);
    let rows: Vec<Step> = on_engine!(conn, "reading an incident's steps", c => sqlx::query_as(SQL).bind(id.0).fetch_all(c).await)?;
    let step = |(kind, by, name, reason, sealed, at): Step| {
        let reason = reason.map(ReasonId).zip(sealed);
        Some(StepRow { kind: StepKind::of(&kind)?, by: AccountId(by), name, reason, at: Millis(at) })
    };
    Ok(rows.into_iter().filter_map(step).collect())
}

/// Who is to deal with an incident and may act.
pub async fn recipients(conn: &mut Conn, id: IncidentId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT DISTINCT f.account ",
        who_deals!(),
        "JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') WHERE i.incident = $1 ORDER BY f.account"
    );
    let rows: Vec<Uuid> = on_engine!(conn, "finding who deals with an incident", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// Those of them who are of a desk.
pub async fn desks(conn: &mut Conn, id: IncidentId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT DISTINCT f.account ",
        who_deals!(),
        "JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
         WHERE i.incident = $1 AND i.is_desk = 1 ORDER BY f.account"
    );
    let rows: Vec<Uuid> =
        on_engine!(conn, "finding a desk", c => sqlx::query_scalar(SQL).bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// Who closed an incident.
pub async fn closed_by(conn: &mut Conn, id: IncidentId) -> Result<Option<AccountId>, StoreFault> {
    const SQL: &str = "SELECT written_by FROM incident_steps WHERE incident = $1 AND kind = 'closed'";
    let by: Option<Uuid> = on_engine!(conn, "finding who closed an incident", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(by.map(AccountId))
}

/// How many incidents about an account were raised in that way since that moment.
pub async fn raised_since(
    conn: &mut Conn,
    account: AccountId,
    by: RaisedBy,
    since: Millis,
) -> Result<i64, StoreFault> {
    const SQL: &str =
        "SELECT COUNT(*) FROM incidents WHERE account = $1 AND raised_by = $2 AND created_at >= $3";
    on_engine!(conn, "counting incidents", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(by.as_str()).bind(since.0).fetch_one(c).await)
}

/// The same of those that are dealt with still.
pub async fn open_since(
    conn: &mut Conn,
    account: AccountId,
    by: RaisedBy,
    since: Millis,
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM incidents WHERE account = $1 AND raised_by = $2 AND created_at >= $3 \
                       AND status <> 'closed'";
    on_engine!(conn, "counting open incidents", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(by.as_str()).bind(since.0).fetch_one(c).await)
}

/// Those that nobody has seen or passed on since that moment, and nobody was reminded of.
pub async fn waiting(conn: &mut Conn, since: Millis) -> Result<Vec<IncidentId>, StoreFault> {
    const SQL: &str = "SELECT id FROM incidents i WHERE status IN ('draft', 'new') \
                       AND EXISTS (SELECT 1 FROM incident_recipients r WHERE r.incident = i.id) \
                       AND COALESCE(reminded_at, created_at) <= $1 ORDER BY created_at, id LIMIT 64";
    let rows: Vec<Uuid> = on_engine!(conn, "finding incidents that wait", c => sqlx::query_scalar(SQL)
        .bind(since.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(IncidentId).collect())
}

/// The devices of somebody that whoever asks may stop: the desk of her region any, an admin those of the own ledgers.
pub async fn devices_to_stop(
    conn: &mut Conn,
    who: AccountId,
    holder: AccountId,
) -> Result<Vec<DeviceRow>, StoreFault> {
    let is_desk = crate::accounts::store::ties(conn, who, holder).await?.as_desk;
    let offices = crate::accounts::store::offices_administered(conn, who).await?;
    let mut held = devices::devices_of_account(conn, holder).await?;
    held.retain(|device| {
        device.state != DeviceState::Retired && (is_desk || offices.contains(&device.office))
    });
    Ok(held)
}

impl Tx {
    /// Keeps an incident and who is to deal with it.
    pub async fn insert_incident(
        &mut self,
        row: &IncidentRow,
        recipients: &[Recipient],
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO incidents (id, kind, status, raised_by, account, device, sealed, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const TO: &str =
            "INSERT INTO incident_recipients (incident, recipient, is_desk, card) VALUES ($1, $2, $3, $4)";
        on_engine!(self.conn(), "keeping an incident", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.kind.as_str()).bind(row.status.as_str()).bind(row.raised_by.as_str())
            .bind(row.account.map(|id| id.0)).bind(row.device.map(|id| id.0)).bind(row.sealed.as_deref())
            .bind(row.at.0).execute(c).await.map(|_| ()))?;
        for to in recipients {
            on_engine!(self.conn(), "keeping who deals with an incident", c => sqlx::query(TO)
                .bind(row.id.0).bind(to.recipient).bind(i64::from(to.is_desk)).bind(to.card.map(|id| id.0))
                .execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Changes where an incident stands.
    pub async fn set_incident_status(
        &mut self,
        id: IncidentId,
        status: IncidentStatus,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE incidents SET status = $2 WHERE id = $1";
        on_engine!(self.conn(), "changing an incident", c => sqlx::query(SQL)
            .bind(id.0).bind(status.as_str()).execute(c).await.map(|_| ()))
    }

    /// Changes what a draft says.
    pub async fn set_incident_text(&mut self, id: IncidentId, sealed: &[u8]) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE incidents SET sealed = $2 WHERE id = $1";
        on_engine!(self.conn(), "changing a draft", c => sqlx::query(SQL)
            .bind(id.0).bind(sealed).execute(c).await.map(|_| ()))
    }

    /// Notes that its recipients are reminded now, if it still waits.
    pub async fn remind_of_incident(
        &mut self,
        id: IncidentId,
        since: Millis,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE incidents SET reminded_at = $3 WHERE id = $1 AND status IN ('draft', 'new') \
                           AND COALESCE(reminded_at, created_at) <= $2";
        on_engine!(self.conn(), "reminding of an incident", c => sqlx::query(SQL)
            .bind(id.0).bind(since.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() > 0))
    }

    /// Keeps a step, with what was said.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn note_step(
        &mut self,
        app: &App,
        (incident, kind): (IncidentId, StepKind),
        by: AccountId,
        reason: Option<&Reason>,
        now: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO incident_steps (id, incident, kind, written_by, reason, at) VALUES ($1, $2, $3, $4, $5, $6)";
        if let Some(reason) = reason {
            reason.write(self, Some(by), kind.as_str(), now).await?;
        }
        let id = random::new_id(&app.clock);
        on_engine!(self.conn(), "keeping a step", c => sqlx::query(SQL)
            .bind(id).bind(incident.0).bind(kind.as_str()).bind(by.0).bind(reason.map(|reason| reason.id.0))
            .bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
