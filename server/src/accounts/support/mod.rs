//! Closing an account in its holder's stead (002-2.1S4): the support desk, which is the operator's, records an enquiry and opens
//! a case; on it an administrator of her office may close the account, once.

mod close_for;
mod open_case;
pub(super) mod store;

pub use close_for::close_for;
pub use open_case::{CaseDays, open_support_case};

use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::OfficeBody;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, CardId, Millis, OfficeId};

/// A case that is open lets an account be closed, by an admin of the office it is for.
pub struct SupportCase;

impl SupportCase {
    /// The open ones for an office: her card there, and until when.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub async fn of_office(conn: &mut Conn, office: OfficeId, now: Millis) -> Result<Vec<(CardId, Millis)>> {
        Ok(store::cases_of(conn, office, now).await?)
    }

    /// For which offices one may be opened, with their names: those she works for or, where she works for none, the last one.
    ///
    /// # Errors
    /// When the rows cannot be read or opened.
    pub async fn offices(app: &App, account: AccountId) -> Result<Vec<(OfficeId, String)>> {
        let rows = {
            let mut view = app.store.view().await?;
            store::offices_now_or_last(view.conn(), account).await?
        };
        let mut offices = Vec::new();
        for (office, sealed) in rows {
            offices.push((office, bodies::open::<OfficeBody>(app, office, &sealed).await?.name));
        }
        Ok(offices)
    }
}
