//! Who said that a device is gone, for those who have to do something about it.

use super::administered;
use super::loss::{ReportBody, ReportId};
use super::store::{self, LossRow};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{LossReport, LossReportList};

/// † At most so many of an office are shown, the latest.
const SHOWN: i64 = 200;

/// The reports about people of the offices that one administers.
///
/// # Errors
/// When they cannot be read.
pub async fn loss_reports(app: &App, who: &Arc<Session>) -> Result<LossReportList> {
    let mut view = app.store.view().await?;
    let mut rows = Vec::new();
    for office in administered(view.conn(), who).await? {
        rows.extend(store::losses_of_office(view.conn(), office, SHOWN).await?);
    }
    // Somebody may work for two of the offices: it is one report all the same.
    rows.sort_by_key(|row| (std::cmp::Reverse(row.at), row.id));
    rows.dedup_by_key(|row| row.id);
    let mut reports = Vec::new();
    for row in rows {
        reports.push(shown(app, view.conn(), row).await?);
    }
    Ok(LossReportList { reports })
}

async fn shown(app: &App, conn: &mut Conn, row: LossRow) -> Result<LossReport> {
    let text = match &row.sealed {
        Some(sealed) => Some(bodies::open::<ReportBody>(app, ReportId(row.id), sealed).await?.text),
        None => None,
    };
    let card = (*app.cards.one(app, conn, row.card).await?).clone();
    Ok(LossReport { card, by_holder: text.is_none(), device: row.device, text, at: row.at })
}
