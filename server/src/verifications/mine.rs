//! What became of one's own.

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::VerificationList;

/// The latest first, each with the reason of its decision.
///
/// # Errors
/// When they cannot be read.
pub async fn mine(app: &App, who: &Session) -> Result<VerificationList> {
    let mut view = app.store.view().await?;
    let mut verifications = Vec::new();
    for row in store::of_account(view.conn(), who.account).await? {
        verifications.push(row.shown(app, view.conn()).await?);
    }
    Ok(VerificationList { verifications })
}
