//! That the account of a patient, or of somebody of her family, is its holder's own: staff who care for her saw it, and a mark
//! says so (002-gl5). The region asks for that of patients' accounts (002-2.1R3, K-42); of the family's it may be recorded.

mod confirm;
pub(crate) mod store;
mod withdraw;

pub use confirm::confirm_account;
pub use withdraw::withdraw_confirmation;

use crate::app::App;
use crate::bodies::{self, body_of};
use crate::error::Result;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use store::ConfirmationRow;
use tsumugi_protocol::{Confirmation, ConfirmationId};

/// The sealed part of a confirmation.
#[derive(Serialize, Deserialize)]
pub(super) struct NoteBody {
    /// Format of this object.
    pub v: u8,
    /// More of how it was seen.
    pub note: String,
}

body_of!(NoteBody, "confirmations", ConfirmationId);

/// Why a confirmation stands no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmationEnd {
    /// The account has another name.
    Renamed,
    /// It has another e-mail address.
    NewAddress,
    /// Its place beside the patient has ended.
    Left,
    /// It was a mistake.
    Withdrawn,
}

impl ConfirmationEnd {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::NewAddress => "new_address",
            Self::Left => "left",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl ConfirmationRow {
    /// As those who care for the patient see it.
    pub(super) async fn shown(self, app: &App, conn: &mut Conn) -> Result<Confirmation> {
        let note = match &self.note {
            Some(sealed) => Some(bodies::open::<NoteBody>(app, self.id, sealed).await?.note),
            None => None,
        };
        Ok(Confirmation {
            confirmation: self.id,
            method: self.method,
            on: self.on,
            note,
            by: (*app.cards.one(app, conn, self.card).await?).clone(),
            at: self.at,
        })
    }
}
