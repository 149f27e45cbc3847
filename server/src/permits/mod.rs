//! Permits: records of a consent by which a patient's data may go through a connection while no timeline is in use (001§16-2).

mod end;
mod list;
mod record;
mod remind;
mod rules;
pub(crate) mod store;
mod wanted;

pub use end::end;
pub use list::list;
pub use record::record;
pub use remind::remind;

use crate::audit::Entry;
use crate::bodies::body_of;
use crate::rooms::Standing;
use crate::sessions::Session;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{Millis, PatientId, PermitId};

/// The sealed part of a permit, with the room's key.
#[derive(Serialize, Deserialize)]
pub struct PermitBody {
    /// Format of this object.
    pub v: u8,
    /// How the consent was obtained, and to what.
    pub note: String,
}

body_of!(PermitBody, "permits", PermitId);

/// What the audit says of an act about a permit.
fn entry(
    (act, at): (&'static str, Millis),
    who: &Session,
    standing: &Standing,
    (permit, patient): (PermitId, PatientId),
    more: &str,
) -> Entry {
    Entry {
        at,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(standing.region),
        room: Some(standing.room),
        subject: Some(patient.0),
        detail: Some(format!(r#"{{"permit":"{permit}"{more}}}"#)),
        ..Entry::default()
    }
}
