//! Trainings: what was held, who attended, who is due (000§9c, 001§12-3, 001§15c, 002-4c). What somebody says of herself counts once
//! an administrator says so too.

mod answer;
mod declare;
mod of_office;
mod record;
pub(crate) mod store;

pub use answer::{confirm, reject};
pub use declare::declare;
pub use of_office::of_office;
pub use record::record;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::TrainingId;

/// The sealed part of a training.
#[derive(Serialize, Deserialize)]
pub struct TrainingBody {
    /// Format of this object.
    pub v: u8,
    /// What it was called, or which recording in which version.
    pub title: String,
}

body_of!(TrainingBody, "trainings", TrainingId);
