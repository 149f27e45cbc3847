//! All SQL of governance roles.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AffiliationId, GovernanceHolder, GovernanceRole, Millis, OfficeId};
use uuid::Uuid;

/// What kind of office it is.
pub async fn kind(conn: &mut Conn, office: OfficeId) -> Result<Option<String>, StoreFault> {
    const SQL: &str = "SELECT kind FROM offices WHERE id = $1";
    on_engine!(conn, "reading an office's kind", c => sqlx::query_scalar(SQL).bind(office.0).fetch_optional(c).await)
}

/// How an office keeps its governance roles.
#[derive(Debug, Clone, Default)]
pub struct GovernanceRow {
    /// Its head holds all of them.
    pub is_small: bool,
    /// The day of its committee's working rules.
    pub committee_rules_on: Option<String>,
}

/// How an office keeps its governance roles; as one that said nothing yet, where it did not.
pub async fn row(conn: &mut Conn, office: OfficeId) -> Result<GovernanceRow, StoreFault> {
    const SQL: &str = "SELECT is_small, committee_rules_on FROM governance WHERE office = $1";
    let row: Option<(i64, Option<String>)> = on_engine!(conn, "reading governance", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_optional(c).await)?;
    let row = row
        .map(|(is_small, committee_rules_on)| GovernanceRow { is_small: is_small != 0, committee_rules_on });
    Ok(row.unwrap_or_default())
}

/// Who holds which governance role of an office, as it is written down.
pub async fn holders(conn: &mut Conn, office: OfficeId) -> Result<Vec<GovernanceHolder>, StoreFault> {
    const SQL: &str = "SELECT role, affiliation FROM governance_roles WHERE office = $1 ORDER BY role";
    let rows: Vec<(String, Uuid)> = on_engine!(conn, "reading governance roles", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    let holder = |(role, place): (String, Uuid)| {
        Some(GovernanceHolder { role: GovernanceRole::of(&role)?, affiliation: AffiliationId(place) })
    };
    Ok(rows.into_iter().filter_map(holder).collect())
}

impl Tx {
    /// Writes down that a governance role is held, where nobody holds it.
    pub(in crate::roles) async fn take_up_duty(
        &mut self,
        office: OfficeId,
        duty: GovernanceRole,
        place: AffiliationId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO governance_roles (office, role, affiliation, created_at) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT (office, role) DO NOTHING";
        on_engine!(self.conn(), "keeping a governance role", c => sqlx::query(SQL)
            .bind(office.0).bind(duty.as_str()).bind(place.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps how an office holds its governance roles, in place of what was there.
    pub(super) async fn replace_governance(
        &mut self,
        office: OfficeId,
        row: &GovernanceRow,
        holders: &[GovernanceHolder],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO governance (office, is_small, committee_rules_on, set_at) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT (office) DO UPDATE SET is_small = $2, committee_rules_on = $3, set_at = $4";
        const GONE: &str = "DELETE FROM governance_roles WHERE office = $1";
        on_engine!(self.conn(), "keeping governance", c => sqlx::query(SQL)
            .bind(office.0).bind(i64::from(row.is_small)).bind(row.committee_rules_on.as_deref()).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "forgetting governance roles", c => sqlx::query(GONE)
            .bind(office.0).execute(c).await.map(|_| ()))?;
        for holder in holders {
            self.take_up_duty(office, holder.role, holder.affiliation, now).await?;
        }
        Ok(())
    }
}
