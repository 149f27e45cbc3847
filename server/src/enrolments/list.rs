//! The cases of a region, as its desk sees them.

use super::standing::Case;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::offices;
use crate::sessions::Session;
use tsumugi_protocol::{Code, EnrolmentList};

/// Those of the regions whose desk asks.
///
/// # Errors
/// `not_found` for whoever is of no desk.
pub async fn list(app: &App, who: &Session) -> Result<EnrolmentList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let regions = offices::store::desks_of(conn, who.account).await?;
    if regions.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut enrolments = Vec::new();
    for region in regions {
        for row in store::of_region(conn, region).await? {
            enrolments.push(Case::of(app, conn, row).await?.for_the_desk());
        }
    }
    Ok(EnrolmentList { enrolments })
}
