//! What waits for the desk of a region.

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::VerificationList;

/// Those of the regions whose desk one is, but one's own; nothing for everybody else.
///
/// # Errors
/// When they cannot be read.
pub async fn waiting(app: &App, who: &Session) -> Result<VerificationList> {
    let mut view = app.store.view().await?;
    let mut verifications = Vec::new();
    for row in store::waiting_for(view.conn(), who.account).await? {
        verifications.push(row.shown(app, view.conn()).await?);
    }
    Ok(VerificationList { verifications })
}
