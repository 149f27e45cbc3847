//! Incidents: a loss, somebody else's access, trouble; who raised it, who deals with it, and what was done (F-64).

mod close;
mod list;
mod pass_on;
mod raising;
mod remind;
mod report;
mod report_mine;
mod secure;
mod see;
mod standing;
pub(crate) mod store;

pub use close::close;
pub use list::{list, mine};
pub use pass_on::pass_on;
pub use raising::Raised;
pub use remind::remind;
pub use report::report;
pub use report_mine::report_mine;
pub use secure::secure;
pub use see::see;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::IncidentId;

/// What a report says.
#[derive(Serialize, Deserialize)]
pub struct IncidentBody {
    /// Format of this object.
    pub v: u8,
    /// In the words of whoever wrote it.
    pub text: String,
}

body_of!(IncidentBody, "incidents", IncidentId);
