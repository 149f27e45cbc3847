//! Regions: one association's network, with the name of its policy profile.

pub(crate) mod store;

use crate::app::App;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
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

impl RegionBody {
    /// Opens it from its row.
    ///
    /// # Errors
    /// When its key is not there or the bytes were changed.
    pub async fn open(app: &App, id: RegionId, sealed: &[u8]) -> Result<Self> {
        let key = app.keys.ready(seal::key_of(sealed)?).await?;
        let opened = seal::open(&key, &place(id), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened region"))?)
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for a region; the error is serde's.
    pub fn sealed(&self, key: &Key, id: RegionId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing a region", error))?;
        Ok(seal::seal(key, &place(id), &bytes).into_bytes())
    }
}

fn place(id: RegionId) -> Place<'static> {
    Place { table: "regions", row: id.0, author: None }
}
