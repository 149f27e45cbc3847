//! Wire shapes of roles: who holds which duty, how it is offered, accepted and ended.

use crate::{AffiliationId, AppointmentId, Card, Millis, OfficeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

crate::device::words! {
    /// A duty in the service itself. No role reads content by being that role.
    Role {
        /// Signs for an office (事業所管理者).
        OfficeHead = "office_head",
        /// Runs the service inside an office (MCS管理者).
        OfficeAdmin = "office_admin",
        /// The association's desk (事務局).
        Secretariat = "secretariat",
        /// The body that warns, declares and publishes (運営委員会).
        Committee = "committee",
        /// Looks at how the region's rules are kept (監査).
        Auditor = "auditor",
    }
}
crate::device::words! {
    /// A duty for information inside an office, by the guideline (002-3a, 002-3b).
    GovernanceRole {
        /// Safety manager (安全管理責任者).
        SafetyManager = "safety_manager",
        /// Operation manager (運用責任者).
        OperationManager = "operation_manager",
        /// System manager (システム管理者).
        SystemManager = "system_manager",
        /// Privacy officer (個人情報保護責任者).
        PrivacyOfficer = "privacy_officer",
        /// Audit officer (監査責任者); large and medium hospitals.
        AuditOfficer = "audit_officer",
    }
}

impl Role {
    /// Whether it is a duty inside one office; the others are a region's.
    #[must_use]
    pub const fn is_of_office(self) -> bool {
        match self {
            Self::OfficeHead | Self::OfficeAdmin => true,
            Self::Secretariat | Self::Committee | Self::Auditor => false,
        }
    }
}

/// `roles.propose`: the client chooses the id, so that asking again offers nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRole {
    /// The appointment to be.
    pub appointment: AppointmentId,
    /// To whom: her place in an office.
    pub affiliation: AffiliationId,
    /// Which role; a head is not offered hers but recorded.
    pub role: Role,
    /// Whether the role was explained to her fully (K-49).
    pub explained: bool,
    /// The day of that (YYYY-MM-DD).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explained_on: Option<String>,
    /// Which of the duties she holds that the rules ask of an admin (K-48).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub holds: Option<GovernanceRole>,
}

/// `roles.withdraw`, `roles.accept` and `roles.decline`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichAppointment {
    /// The appointment.
    pub appointment: AppointmentId,
}

/// Answer to `roles.mine`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AppointmentList {
    /// Those that wait for the reader's answer, the oldest first.
    pub appointments: Vec<AppointmentSeen>,
}

/// A role that is offered to somebody and that she has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AppointmentSeen {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Her card in that office.
    pub card: Card,
    /// Which role.
    pub role: Role,
    /// Who offers it; absent where it is the operator of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub offered_by: Option<String>,
    /// On which day it was explained to her (YYYY-MM-DD).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explained_on: Option<String>,
    /// Which duty of the guideline she holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub holds: Option<GovernanceRole>,
    /// Since when.
    pub offered_at: Millis,
    /// Until when an answer counts.
    pub until: Millis,
}

/// `roles.end`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRole {
    /// Whose: her place in an office.
    pub affiliation: AffiliationId,
    /// Which role.
    pub role: Role,
    /// Why; kept sealed.
    pub reason: String,
}

/// Never prints a reason.
impl std::fmt::Debug for EndRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("EndRole");
        shown.field("affiliation", &self.affiliation).field("role", &self.role).finish_non_exhaustive()
    }
}

/// `roles.record_head`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordHead {
    /// Who signs for the office of that place.
    pub affiliation: AffiliationId,
}

/// Who holds a governance role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GovernanceHolder {
    /// Which.
    pub role: GovernanceRole,
    /// Whose: her place in the office.
    pub affiliation: AffiliationId,
}

/// `roles.set_governance`: the whole of it, in place of what was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetGovernance {
    /// The office.
    pub office: OfficeId,
    /// Whether it is so small that its head holds every one of them (002-3a); then nobody is named.
    pub is_small: bool,
    /// Who holds which; each at most once.
    pub holders: Vec<GovernanceHolder>,
    /// Of which day the working rules of its information-system committee are (YYYY-MM-DD), where there is one (002-3b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub committee_rules_on: Option<String>,
}

/// The governance roles of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Governance {
    /// Whether its head holds every one of them.
    pub is_small: bool,
    /// Who holds which.
    pub holders: Vec<GovernanceHolder>,
    /// Of which day the working rules of its committee are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub committee_rules_on: Option<String>,
    /// Roles that an office of its kind is asked for and that nobody holds: open items, and no gate.
    pub missing: Vec<GovernanceRole>,
    /// Whether it is asked for a committee as well and has none.
    pub lacks_committee: bool,
}

/// Somebody who holds a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoleHolder {
    /// Her place in an office.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
    /// Which role.
    pub role: Role,
    /// Since when.
    pub since: Millis,
    /// Who offered it to her; absent where the operator did, or where she had it when the office came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub appointed_by: Option<String>,
    /// On which day it was explained to her.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explained_on: Option<String>,
}

/// What the region's rules ask of roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoleRules {
    /// K-47: how many admins an office has at least.
    #[ts(type = "number")]
    pub min_admins: u32,
    /// K-49: whether a role is explained before it is offered.
    pub explained: bool,
    /// K-48: one of these an admin holds; nothing where it is empty.
    pub admin_must_hold: Vec<GovernanceRole>,
}

/// Answer to `roles.of_office`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeRoles {
    /// Who holds which role there.
    pub holders: Vec<RoleHolder>,
    /// What is offered and not answered yet.
    pub offered: Vec<AppointmentSeen>,
    /// Who works there and may be offered one: places, in the order of their reading.
    pub people: Vec<RolePerson>,
    /// Which roles the reader may offer there, and end.
    pub may_offer: Vec<Role>,
    /// Whether she may write down who signs for the office, and end that.
    pub may_record_head: bool,
    /// Whether she may say who holds the governance roles.
    pub may_govern: bool,
    /// The governance roles.
    pub governance: Governance,
    /// What the rules ask.
    pub rules: RoleRules,
}

/// Somebody who may be offered a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RolePerson {
    /// Her place in the office.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
}

/// Answer to `roles.of_region`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RegionRoles {
    /// Who holds the roles of the region: desk, committee, auditors.
    pub holders: Vec<RoleHolder>,
    /// What is offered and not answered yet.
    pub offered: Vec<AppointmentSeen>,
}
