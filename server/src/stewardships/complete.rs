//! Completing a transfer once the patient has consented anew to the office that takes over, and not before (002-5.3b).

use super::at_the_door;
use super::rules::{Step, decide};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, WhichTransfer};

/// Completes it: from now on the other office is the steward. Completed already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `reconsent_missing`; `account_restricted`.
pub async fn complete(app: &App, who: &Arc<Session>, ask: WhichTransfer) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, sides) = at_the_door(tx, &who, ask.transfer).await?;
            if !decide((row.state, row.until), sides, Step::Complete, now)? {
                return Ok(Done {});
            }
            if !row.is_consented(&inner, tx.conn(), now).await? {
                return Err(Code::ReconsentMissing.into());
            }
            tx.pass_on(&inner, &row, &who, now).await?;
            Ok(Done {})
        })
        .await
}
