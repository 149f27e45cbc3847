//! What somebody says of herself: name, occupation and photo; and what rules ask of it before she joins a room.

mod change;
mod complete;
mod faces;
mod marks;
mod photo;
mod picture;
mod set_photo;
mod shown_to;
pub(crate) mod store;

pub use change::change_profile;
pub use complete::Completeness;
pub use faces::faces;
pub use photo::photo;
pub use picture::{Picture, Pictures, Size};
pub use set_photo::{remove_photo, set_photo};

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::AccountId;

/// The sealed part of a photo.
#[derive(Serialize, Deserialize)]
pub(super) struct PhotoBody {
    /// Format of this object.
    pub v: u8,
    /// The JPEG, in base64.
    pub image: String,
}

body_of!(PhotoBody, "photos", AccountId);
