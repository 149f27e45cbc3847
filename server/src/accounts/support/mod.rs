//! Closing an account in its holder's stead (002-2.1S4): the support desk, which is the operator's, records an enquiry and opens
//! a case; on it an administrator of her office may close the account, once.

mod close_for;
mod open_case;
pub(super) mod store;

pub use close_for::close_for;
pub use open_case::{CaseDays, open_support_case};

use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{CardId, Millis, OfficeId};
use uuid::Uuid;

/// A case that is open: it lets an account be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportCase {
    /// Its id.
    pub id: Uuid,
    /// Until when.
    pub until: Millis,
}

impl SupportCase {
    /// The open ones about staff of an office, and about who left it and works nowhere now: her card there, and until when.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub async fn of_office(conn: &mut Conn, office: OfficeId, now: Millis) -> Result<Vec<(CardId, Millis)>> {
        Ok(store::cases_of(conn, office, now).await?)
    }
}
