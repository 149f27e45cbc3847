//! The recoveries of an office that wait for another admin: so that nobody needs to be told a number.

use super::recovery::OPEN;
use super::{CaseId, RecoveryBody, store};
use crate::accounts;
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{Code, RecoveryList, RecoverySeen, WhichOffice};

/// Cases that can still be approved. One's own is not among them: nobody approves it for herself.
///
/// # Errors
/// `not_found` for an office that the asker does not run.
pub async fn recoveries(app: &App, who: &Session, ask: WhichOffice) -> Result<RecoveryList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let runs = accounts::store::offices_administered(conn, who.account).await?;
    if !runs.contains(&ask.office) {
        return Err(Code::NotFound.into());
    }
    let mut recoveries = Vec::new();
    let now = app.clock.now();
    let waiting = store::open_recoveries(conn, ask.office, who.account).await?;
    for row in waiting.into_iter().filter(|row| now < row.created_at.plus(OPEN)) {
        let body: RecoveryBody = bodies::open(app, CaseId(row.case), &row.sealed).await?;
        recoveries.push(RecoverySeen {
            case: row.case,
            card: (*app.cards.one(app, conn, row.card).await?).clone(),
            opened_by: (*app.cards.one(app, conn, row.opened_by).await?).clone(),
            reason: body.reason,
            at: row.created_at,
            until: row.created_at.plus(OPEN),
        });
    }
    Ok(RecoveryList { recoveries })
}
