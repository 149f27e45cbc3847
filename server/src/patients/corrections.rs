//! What was corrected of a patient, with what was there before: for whoever may correct her.

use super::correct::correcting;
use super::{CorrectionBody, store};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{Correction, CorrectionList, WhichPatient};

/// The latest first.
///
/// # Errors
/// As [`super::rules::correct`].
pub async fn corrections(app: &App, who: &Session, ask: WhichPatient) -> Result<CorrectionList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    correcting(conn, who, ask.patient, None).await?;
    let mut corrections = Vec::new();
    for row in store::corrections(conn, ask.patient).await? {
        let body: CorrectionBody = bodies::open(app, row.id, &row.sealed).await?;
        corrections.push(Correction {
            correction: row.id,
            before: body.before.shown(row.patient),
            after: body.after.shown(row.patient),
            reason: body.reason,
            by: (*app.cards.one(app, conn, row.card).await?).clone(),
            at: row.at,
        });
    }
    Ok(CorrectionList { corrections })
}
