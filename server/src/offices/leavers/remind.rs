//! Whoever left and did not close her account in time: the desk and the admins she had are told, once (002-2.1M9).

use super::is_overdue;
use super::store::{self, Unclosed};
use crate::accounts::DisplayName;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::store::Tx;
use tsumugi_protocol::{Millis, NoticeKind};

/// † So many in one round, so that posts do not wait behind all of them; the next round takes more.
const AT_ONCE: usize = 16;

/// Tells of everybody of whom it is due and was not told.
///
/// # Errors
/// When the rows cannot be read or written; then the next time tries again.
pub async fn remind_of_leavers(app: &App) -> Result<()> {
    let now = app.clock.now();
    let untold = {
        let mut view = app.store.view().await?;
        store::unclosed_untold(view.conn()).await?
    };
    let mut due = Vec::new();
    for left in untold {
        if is_overdue(left.left_at, now, app.policies.named(&left.profile)?.leaver_span()) {
            due.push(left);
        }
    }
    due.truncate(AT_ONCE);
    for left in due {
        let inner = app.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { remind(&inner, tx, &left, now).await })
            .await?;
    }
    Ok(())
}

async fn remind(app: &App, tx: &mut Tx, left: &Unclosed, now: Millis) -> Result<()> {
    // She may have closed it, or come to another office, a moment ago.
    if !store::is_unclosed_untold(tx.conn(), left.place).await?
        || !tx.insert_leaver_told(left.place, now).await?
    {
        return Ok(());
    }
    let entry = Entry {
        at: now,
        act: "offices.left_unclosed",
        region: Some(left.region),
        subject: Some(left.account.0),
        detail: Some(format!(r#"{{"affiliation":"{}","left_at":{}}}"#, left.place, left.left_at.0)),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    let card = app.cards.one(app, tx.conn(), left.card).await?;
    let name = DisplayName { name: &card.name, office: card.office.as_deref() };
    let notice = Notice::of(NoticeKind::LeftUnclosed).naming(name.to_string());
    for account in notices::store::of_a_leaver(tx.conn(), left.place).await? {
        notice.tell(app, tx, account).await?;
    }
    Ok(())
}
