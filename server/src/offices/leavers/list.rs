//! The people who left an office, each with what is done and what is not, for its administrator (002-2.1M9).

use super::{is_overdue, store};
use crate::accounts::SupportCase;
use crate::app::App;
use crate::error::Result;
use crate::offices::running::Running;
use crate::sessions::Session;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{CaseSeen, Code, LeaverList, LeaverSeen, Millis, WhichOffice};

/// † So long somebody is listed of whom nothing is left to do.
const SHOWN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Who left, the latest first, and whose account may be closed on a case.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn list_leavers(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<LeaverList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let profile = crate::offices::store::profile_of(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let (longest, now) = (app.policies.named(&profile)?.leaver_span(), app.clock.now());
    let mut leavers = Vec::new();
    for row in store::leavers(conn, ask.office).await? {
        // Where she works now, if she does, is no business of the office she left.
        let unclosed_since = row.opens_nothing.then_some(row.left_at);
        if unclosed_since.is_none() && row.devices == 0 && !is_shown(row.left_at, now) {
            continue;
        }
        leavers.push(LeaverSeen {
            card: (*app.cards.one(app, conn, row.card).await?).clone(),
            left_at: row.left_at,
            rooms_left: u32::try_from(row.rooms_left).unwrap_or(u32::MAX),
            devices: u32::try_from(row.devices).unwrap_or(u32::MAX),
            unclosed_since,
            is_overdue: unclosed_since.is_some_and(|since| is_overdue(since, now, longest)),
        });
    }
    let mut cases = Vec::new();
    for (card, until) in SupportCase::of_office(conn, ask.office, now).await? {
        cases.push(CaseSeen { card: (*app.cards.one(app, conn, card).await?).clone(), until });
    }
    Ok(LeaverList { leavers, cases })
}

fn is_shown(left_at: Millis, now: Millis) -> bool {
    now.since(left_at) < SHOWN
}
