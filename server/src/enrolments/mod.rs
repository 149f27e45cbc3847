//! Enrolments: how an office comes in (000§3, 001§12-1, 003§3, 004§3(1)). The desk opens a case, the office's head fills in its form by
//! a link, and nothing of the office is there before the desk has accepted its papers.

mod accept;
mod fill;
mod filled;
mod list;
mod open;
mod outsiders;
mod papers;
mod people;
mod record_paper;
mod record_visit;
mod rules;
mod seen;
mod send_back;
mod send_link;
mod show;
mod standing;
pub(crate) mod store;
mod withdraw;
mod write;

pub use accept::accept;
pub use fill::{fill, submit};
pub use list::list;
pub use open::open;
pub use outsiders::Outsider;
pub use papers::Papers;
pub use record_paper::record_paper;
pub use record_visit::record_visit;
pub use send_back::send_back;
pub use send_link::send_link;
pub use show::show;
pub use withdraw::withdraw;
pub use write::write;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{EnrolmentForm, EnrolmentId, ReturnReason, SiteVisit};

/// The sealed part of a case.
#[derive(Serialize, Deserialize)]
pub struct EnrolmentBody {
    /// Format of this object.
    pub v: u8,
    /// What the office is called, as far as the desk knew.
    pub name: String,
    /// Where its link goes.
    pub email: String,
    /// What was filled in.
    #[serde(default)]
    pub form: Option<EnrolmentForm>,
    /// A visit that stands for the papers.
    #[serde(default)]
    pub visit: Option<SiteVisit>,
    /// Why it was sent back the last time.
    #[serde(default)]
    pub reasons: Vec<ReturnReason>,
}

body_of!(EnrolmentBody, "enrolments", EnrolmentId);

impl EnrolmentBody {
    /// What the office is called.
    fn office_name(&self) -> &str {
        self.form
            .as_ref()
            .map(|form| form.name.as_str())
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.name)
    }
}
