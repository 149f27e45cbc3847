//! What the members of a room agree on: aim, usage, hours, use beyond the room (001§20-1d, 001§26-7, 001§29-8, 003-note(3)l-3).

mod acknowledge;
mod set;
mod show;
pub(super) mod store;

pub use acknowledge::acknowledge;
pub use set::set;
pub use show::show;

use crate::bodies::body_of;
use crate::crypto::seal::Key;
use crate::{bodies::Body, error::Result};
use serde::{Deserialize, Serialize};
use store::MarkRow;
use tsumugi_protocol::{AgreementMark, AgreementTerms};
use uuid::Uuid;

/// One version of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreementId(pub Uuid);

/// The sealed part of it, with the room's key.
#[derive(Serialize, Deserialize)]
pub struct AgreementBody {
    /// Format of this object.
    pub v: u8,
    /// What it says.
    pub terms: AgreementTerms,
}

body_of!(AgreementBody, "agreements", AgreementId);

/// The agreement that stands, in short.
///
/// # Errors
/// When it does not open.
pub(super) fn mark(key: &Key, row: &MarkRow) -> Result<AgreementMark> {
    let body = AgreementBody::open(key, row.id, &row.sealed)?;
    Ok(AgreementMark { version: row.version, hours: body.terms.hours, acknowledged: row.is_marked })
}
