//! The ledger of devices: what may be used, by whom, and the certificates by which a device is known.

mod admission;
mod approve;
mod authority;
mod certificates;
mod list;
mod operator;
mod register;
mod rules;
mod standing;
pub(crate) mod store;

pub use admission::{Admission, Shown};
pub use approve::approve;
pub use authority::authority;
pub use certificates::{
    certify, issue_certificate, register_certificate, revocation_list, revoke_certificate,
};
pub use list::{list, mine};
pub use operator::{all, revoke_as_operator, turn_as_operator};
pub use register::register;
pub use rules::Rules;
pub use standing::{Turning, release, retire, stop};

use crate::accounts::store as accounts;
use crate::app::App;
use crate::bodies::body_of;
use crate::error::Result;
use crate::offices::store as offices;
use crate::sessions::Session;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tsumugi_protocol::{Code, DeviceId, OfficeId, OsFamily, Permission};

/// The sealed part of a device.
#[derive(Serialize, Deserialize)]
pub struct DeviceBody {
    /// Format of this object.
    pub v: u8,
    /// What it is called.
    pub name: String,
    /// Its system in words.
    pub os: String,
    /// The family of its system.
    #[serde(default = "unsaid")]
    pub family: OsFamily,
    /// Whether the region's stock record is used on it as well.
    #[serde(default)]
    pub stock_record: bool,
    /// For a private one what its holder applied to use it for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// The family of a device that was entered before families were asked for.
const fn unsaid() -> OsFamily {
    OsFamily::Other
}

body_of!(DeviceBody, "devices", DeviceId);

/// The written permission for a private device.
#[derive(Serialize, Deserialize)]
pub struct PermissionBody {
    /// Format of this object.
    pub v: u8,
    /// What was written.
    pub permission: Permission,
}

body_of!(PermissionBody, "device_permissions", DeviceId);

/// The offices that somebody administers.
async fn administered(conn: &mut Conn, who: &Arc<Session>) -> Result<Vec<OfficeId>> {
    Ok(accounts::offices_administered(conn, who.account).await?)
}

/// A device that whoever asks administers.
///
/// # Errors
/// `other_office`, whether there is such a device or not.
async fn administered_device(conn: &mut Conn, who: &Arc<Session>, id: DeviceId) -> Result<store::DeviceRow> {
    let offices = administered(conn, who).await?;
    let device = store::device(conn, id).await?;
    Ok(device.filter(|device| offices.contains(&device.office)).ok_or(Code::OtherOffice)?)
}

/// The same, or for the operator of the machine any device.
async fn device_for(conn: &mut Conn, who: Option<&Arc<Session>>, id: DeviceId) -> Result<store::DeviceRow> {
    match who {
        Some(who) => administered_device(conn, who, id).await,
        None => Ok(store::device(conn, id).await?.ok_or(Code::OtherOffice)?),
    }
}

/// The rules of a device's office.
async fn rules_of_office(app: &App, conn: &mut Conn, office: OfficeId) -> Result<Rules> {
    let profile = offices::profile_of(conn, office).await?;
    Ok(Rules::of(app, profile.iter().map(String::as_str)))
}
