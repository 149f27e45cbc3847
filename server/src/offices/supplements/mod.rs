//! What an office adds to its region's rules: its own text, and rules that it tightens for its people and devices (K-13).

mod load;
mod set;
pub(crate) mod store;

pub use load::load_supplements;
pub use set::set_supplement;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::OfficeId;

/// The sealed part of an office's own rules.
#[derive(Serialize, Deserialize)]
pub struct SupplementBody {
    /// Format of this object.
    pub v: u8,
    /// Its text, with the reason.
    pub text: String,
}

body_of!(SupplementBody, "supplements", OfficeId);
