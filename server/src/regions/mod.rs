//! Regions: one association's network, with the name of its policy profile.

pub(crate) mod store;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::RegionId;

/// The sealed part of a region.
#[derive(Serialize, Deserialize)]
pub struct RegionBody {
    /// Format of this object.
    pub v: u8,
    /// Its name.
    pub name: String,
}

body_of!(RegionBody, "regions", RegionId);
