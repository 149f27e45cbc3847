//! Offices: workplaces that sign for their staff.

mod admit;
mod bar;
mod end_affiliation;
mod import_roster;
mod leavers;
mod list_readers;
mod list_staff;
mod of_region;
mod register_staff;
mod roster_file;
mod running;
mod second_factor_status;
pub(crate) mod store;
pub(crate) mod supplements;
mod timelines;

pub use admit::admit;
pub use bar::{bar, lift_bar};
pub use end_affiliation::end_affiliation;
pub use import_roster::{import_as_operator, import_roster};
pub use leavers::{list_leavers, remind_of_leavers};
pub use list_readers::list_readers;
pub use list_staff::list_staff;
pub use of_region::of_region;
pub use register_staff::register_staff;
pub use running::Running;
pub use second_factor_status::second_factor_status;
pub use supplements::{SupplementBody, load_supplements, set_supplement};
pub use timelines::list_timelines;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::OfficeId;

/// The sealed part of an office.
#[derive(Serialize, Deserialize)]
pub struct OfficeBody {
    /// Format of this object.
    pub v: u8,
    /// Its name.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
}

body_of!(OfficeBody, "offices", OfficeId);
