//! Offices: workplaces that sign for their staff.

pub(crate) mod store;

use crate::app::App;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
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

impl OfficeBody {
    /// Opens it from its row.
    ///
    /// # Errors
    /// When its key is not there or the bytes were changed.
    pub async fn open(app: &App, id: OfficeId, sealed: &[u8]) -> Result<Self> {
        let key = app.keys.ready(seal::key_of(sealed)?).await?;
        let opened = seal::open(&key, &place(id), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened office"))?)
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for an office; the error is serde's.
    pub fn sealed(&self, key: &Key, id: OfficeId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing an office", error))?;
        Ok(seal::seal(key, &place(id), &bytes).into_bytes())
    }
}

fn place(id: OfficeId) -> Place<'static> {
    Place { table: "offices", row: id.0, author: None }
}
