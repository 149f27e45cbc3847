//! Ending a case that comes to nothing: its link leads nowhere, and its papers stay written down.

use super::rules::Step;
use super::standing::Case;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, WhichEnrolment};

/// Ends it. Ended already, nothing changes.
///
/// # Errors
/// `not_found`; `enrolment_not_open` for an office that is there; `account_restricted`.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WhichEnrolment) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let case = Case::at_the_desk(&inner, tx.conn(), &who, ask.enrolment).await?;
            let Some(to) = case.step(Step::Withdraw)? else { return Ok(Done {}) };
            tx.step_enrolment(&inner, &case, to, (None, Some((who.account, now)))).await?;
            inner.audit.append(tx, &case.entry("enrolments.withdraw", Some(&who), now)).await?;
            Ok(Done {})
        })
        .await
}
