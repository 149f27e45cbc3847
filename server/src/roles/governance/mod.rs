//! The duties for information inside an office that the guideline names (002-3a, 002-3b): who holds which, and what is open.

mod set;
pub(super) mod store;

pub use set::set_governance;

use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{Governance, GovernanceHolder, GovernanceRole, OfficeId, Role, RoleHolder};

/// The kind of office that is asked for an audit officer and a committee as well (002-3b).
const HOSPITAL: &str = "hospital";

/// What is written down of an office, and what is missing by its kind.
pub(super) async fn of(conn: &mut Conn, office: OfficeId, holders: &[RoleHolder]) -> Result<Governance> {
    let row = store::row(conn, office).await?;
    let is_hospital = store::kind(conn, office).await?.as_deref() == Some(HOSPITAL);
    let head = holders.iter().find(|holder| holder.role == Role::OfficeHead).map(|head| head.affiliation);
    let held = match (row.is_small, head) {
        (false, _) => store::holders(conn, office).await?,
        (true, None) => Vec::new(),
        (true, Some(affiliation)) => {
            asked(is_hospital).map(|role| GovernanceHolder { role, affiliation }).collect()
        }
    };
    let missing = asked(is_hospital).filter(|role| held.iter().all(|holder| holder.role != *role)).collect();
    Ok(Governance {
        is_small: row.is_small,
        missing,
        lacks_committee: is_hospital && !row.is_small && row.committee_rules_on.is_none(),
        committee_rules_on: row.committee_rules_on,
        holders: held,
    })
}

/// What an office of that kind is asked for.
fn asked(is_hospital: bool) -> impl Iterator<Item = GovernanceRole> {
    use GovernanceRole::{AuditOfficer, OperationManager, PrivacyOfficer, SafetyManager, SystemManager};
    let all = [SafetyManager, OperationManager, SystemManager, PrivacyOfficer];
    all.into_iter().chain(is_hospital.then_some(AuditOfficer))
}
