//! Where am I signed in.

use super::{Session, store};
use crate::app::App;
use crate::error::Result;
use tsumugi_protocol::{SessionList, SessionSeen};

/// † At most so many are shown, those used last.
const SHOWN: i64 = 100;

/// The sessions of the account that stand.
///
/// # Errors
/// When rows cannot be read.
pub async fn list(app: &App, who: &Session) -> Result<SessionList> {
    let rows = {
        let mut view = app.store.view().await?;
        store::sessions_of(view.conn(), who.account, SHOWN).await?
    };
    let (now, remembered) = (app.clock.now(), app.sessions.last_act(who.account));
    let mut sessions: Vec<SessionSeen> = rows
        .into_iter()
        .filter(|row| row.bound_until.is_none_or(|until| now < until))
        .map(|row| SessionSeen {
            session: row.id,
            is_this: row.id == who.id,
            factors: row.factors,
            opened_at: row.opened_at,
            last_act: remembered.get(&row.id).copied().unwrap_or(row.last_act),
            client: row.client,
        })
        // Those that ended by themselves while nobody showed their token still have their row.
        .filter(|seen| now < seen.last_act.plus(who.span.idle) && now < seen.opened_at.plus(who.span.whole))
        .collect();
    sessions.sort_by_key(|seen| (std::cmp::Reverse(seen.last_act), seen.session));
    Ok(SessionList { sessions })
}
