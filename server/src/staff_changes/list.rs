//! The changes of an office, for its administrator, or of whole regions, for their desk.

use super::store::{self, ChangeRow};
use crate::app::App;
use crate::error::Result;
use crate::offices::Running;
use crate::offices::store as offices;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{
    AskStaffChanges, Card, CardId, Code, Millis, StaffChange, StaffChangeList, StaffForm,
};

/// † At most so many that wait, and so many that were dealt with.
const MOST: i64 = 500;

/// The changes; what waits for too long is marked (001§12-2b).
///
/// # Errors
/// Of an office as [`Running::admin_or_desk`]; of regions `not_found` for whoever is of no desk.
pub async fn list(app: &App, who: &Arc<Session>, ask: AskStaffChanges) -> Result<StaffChangeList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let rows = match ask.office {
        Some(office) => {
            Running::admin_or_desk(conn, who.account, Some(office)).await?;
            store::of_office(conn, office, MOST).await?
        }
        None => of_desks(conn, who).await?,
    };
    let now = app.clock.now();
    let mut changes = Vec::new();
    for row in rows {
        let longest = days(app.policies.named(&row.profile)?.staff_change_days.0);
        let forms = row.change.forms.split(',').filter_map(StaffForm::of).collect();
        changes.push(StaffChange {
            change: row.change.id,
            office: row.change.office,
            kind: row.change.kind,
            before: card(app, conn, row.change.before).await?,
            after: card(app, conn, row.change.after).await?,
            forms,
            at: row.at,
            processed_at: row.processed_at,
            is_overdue: row.processed_at.is_none() && is_overdue(row.at, now, longest),
        });
    }
    Ok(StaffChangeList { changes })
}

async fn of_desks(conn: &mut Conn, who: &Session) -> Result<Vec<ChangeRow>> {
    let regions = offices::desks_of(conn, who.account).await?;
    if regions.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut rows = Vec::new();
    for region in regions {
        rows.extend(store::of_region(conn, region, MOST).await?);
    }
    // Stable: of several regions, too, what waits comes first.
    rows.sort_by_key(|row| row.processed_at.is_some());
    Ok(rows)
}

async fn card(app: &App, conn: &mut Conn, id: Option<CardId>) -> Result<Option<Card>> {
    Ok(match id {
        Some(id) => Some((*app.cards.one(app, conn, id).await?).clone()),
        None => None,
    })
}

fn is_overdue(at: Millis, now: Millis, longest: Duration) -> bool {
    now.since(at) >= longest
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_waits_too_long_to_the_millisecond() {
        let end = Millis(5).plus(days(14));
        assert!(!is_overdue(Millis(5), Millis(end.0 - 1), days(14)));
        assert!(is_overdue(Millis(5), end, days(14)));
    }
}
