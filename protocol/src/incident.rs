//! Wire shapes of incidents: what went wrong, who deals with it, and what was done.

use crate::{Card, DeviceId, DeviceState, IncidentId, Millis};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

crate::device::words! {
    /// What went wrong.
    IncidentKind {
        /// A device is gone.
        Loss = "loss",
        /// Somebody else used an account.
        UnauthorisedAccess = "unauthorised_access",
        /// Anything else that the service or a device does wrong.
        Trouble = "trouble",
    }
}
crate::device::words! {
    /// Who raised an incident.
    RaisedBy {
        /// The holder of the account, signed in.
        Holder = "holder",
        /// Somebody who knows the address, without signing in.
        Anybody = "anybody",
        /// An administrator who stopped devices.
        Admin = "admin",
        /// The operator of the machine who stopped one.
        Operator = "operator",
    }
}
crate::device::words! {
    /// Where an incident stands.
    IncidentStatus {
        /// Written down, and not yet passed on to the secretariat.
        Draft = "draft",
        /// Reported; nobody who is to deal with it has seen it.
        New = "new",
        /// Seen.
        Seen = "seen",
        /// Dealt with.
        Closed = "closed",
    }
}
crate::device::words! {
    /// What is done about an account in an incident.
    SecureAct {
        /// Its sessions end.
        EndSessions = "end_sessions",
        /// Nobody signs in with it until it is restored.
        Suspend = "suspend",
        /// Whoever signs in sets a new password first.
        NewPassword = "new_password",
        /// A link to a new password is mailed to its holder.
        SendLink = "send_link",
    }
}

/// `incidents.report`: somebody who cannot sign in says that a device is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportIncident {
    /// The address of the account.
    pub email: String,
    /// What happened.
    pub text: String,
}

/// `incidents.report_mine`: somebody who is signed in says what happened to her account or a device of hers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportMine {
    /// What went wrong.
    pub kind: IncidentKind,
    /// Which device was lost, where it is in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<DeviceId>,
    /// What happened, in her words; trouble needs them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
}

/// `incidents.pass_on`: a draft goes to the secretariat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassOn {
    /// Which.
    pub incident: IncidentId,
    /// What it says.
    pub text: String,
}

/// `incidents.see`: somebody who is to deal with it has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeeIncident {
    /// Which.
    pub incident: IncidentId,
    /// What whoever reported it is to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub instruction: Option<String>,
}

/// `incidents.secure`: everything that is done about it at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecureIncident {
    /// Which.
    pub incident: IncidentId,
    /// What is done about the account.
    pub acts: Vec<SecureAct>,
    /// Its holder's devices that are stopped.
    pub devices: Vec<DeviceId>,
    /// Why.
    pub reason: String,
}

/// `incidents.close`: it is dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseIncident {
    /// Which.
    pub incident: IncidentId,
    /// How it ended.
    pub reason: String,
}

/// Something that went wrong, and how it is dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// What went wrong.
    pub kind: IncidentKind,
    /// Who raised it.
    pub raised_by: RaisedBy,
    /// Whose account it is about; several devices of an office are nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub card: Option<Card>,
    /// What happened, where that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Where it stands.
    pub status: IncidentStatus,
    /// When it was raised.
    pub at: Millis,
    /// The devices of that account.
    pub devices: Vec<IncidentDevice>,
    /// What was done, the earliest first.
    pub steps: Vec<IncidentStep>,
}

/// A device that an incident may be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IncidentDevice {
    /// Which.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// Where it stands now.
    pub state: DeviceState,
    /// Whether the report names it.
    pub is_named: bool,
}

crate::device::words! {
    /// What was done about an incident.
    StepKind {
        /// Passed on to the secretariat.
        PassedOn = "passed_on",
        /// Seen, with an instruction or without.
        Seen = "seen",
        /// Account or devices were secured.
        Secured = "secured",
        /// Closed.
        Closed = "closed",
    }
}

/// One step of dealing with an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IncidentStep {
    /// What.
    pub kind: StepKind,
    /// Who.
    pub by: String,
    /// When.
    pub at: Millis,
    /// The instruction, the reason, how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
}

/// Incidents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IncidentList {
    /// The latest first.
    pub incidents: Vec<Incident>,
}
