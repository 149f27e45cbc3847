//! Instructions: a physician has somebody open and manage the timeline of a patient (001§29-2, 001-guide§29-1).

mod give;
mod list;
mod store;
mod withdraw;

pub use give::give;
pub use list::list;
pub use withdraw::withdraw;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::InstructionId;

/// The sealed part of an instruction, under the patient's key.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionBody {
    /// Format of this object.
    pub v: u8,
    /// Whom the physician wishes to take part.
    pub members: String,
}

body_of!(InstructionBody, "instructions", InstructionId);
