//! Who holds the roles of a region, for its desk.

use super::{mine, of_office, store};
use crate::app::App;
use crate::error::Result;
use crate::offices;
use crate::sessions::Session;
use tsumugi_protocol::{Code, RegionRoles};

/// Desk, committee and auditors of the regions whose desk asks, and whom such a role is offered to.
///
/// # Errors
/// `not_found` for whoever is of no desk.
pub async fn of_region(app: &App, who: &Session) -> Result<RegionRoles> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let regions = offices::store::desks_of(conn, who.account).await?;
    if regions.is_empty() {
        return Err(Code::NotFound.into());
    }
    let (mut holders, mut offered) = (Vec::new(), Vec::new());
    for region in regions {
        let rows = store::holders_in_region(conn, region).await?;
        holders.extend(of_office::seen(app, conn, rows).await?);
        let rows = store::waiting_in_region(conn, region, app.clock.now()).await?;
        offered.extend(mine::seen(app, conn, rows).await?);
    }
    Ok(RegionRoles { holders, offered })
}
