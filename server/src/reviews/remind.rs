//! What is due is told to the steward's administrators, and after a while to the office's head as well; each once (000-note(1)b-ii).

use super::store::{self, TimelineRow};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::patients::PatientBody;
use crate::store::Tx;
use std::collections::BTreeSet;
use tsumugi_protocol::{Millis, NoticeKind, RoomId};

/// † So many in one round, so that posts do not wait behind all of them; the next round takes more.
const AT_ONCE: usize = 16;

/// A step of the telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Due,
    Overdue,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Overdue => "overdue",
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Due => "reviews.due",
            Self::Overdue => "reviews.overdue",
        }
    }

    const fn kind(self) -> NoticeKind {
        match self {
            Self::Due => NoticeKind::ReviewDue,
            Self::Overdue => NoticeKind::ReviewOverdue,
        }
    }
}

/// Tells of what is due and was not told; whether there is more.
///
/// # Errors
/// When the rows cannot be read or written; then the next time tries again.
pub async fn remind(app: &App) -> Result<bool> {
    let now = app.clock.now();
    let rows = {
        let mut view = app.store.view().await?;
        store::all(view.conn()).await?
    };
    let mut told = Vec::new();
    for row in rows {
        if let Some(step) = untold(app, &row, now)? {
            told.push((row.room, step));
        }
    }
    let is_more = told.len() > AT_ONCE;
    told.truncate(AT_ONCE);
    for (room, step) in told {
        let inner = app.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { tell(&inner, tx, (room, step), now).await })
            .await?;
    }
    Ok(is_more)
}

/// What is to be told of a timeline now; the later step alone where both are.
fn untold(app: &App, row: &TimelineRow, now: Millis) -> Result<Option<Step>> {
    let due = row.due(app, now)?;
    Ok(match (due.is_due, due.is_overdue) {
        (true, true) if !row.told_overdue => Some(Step::Overdue),
        (true, false) if !row.told_due => Some(Step::Due),
        (true, _) | (false, _) => None,
    })
}

async fn tell(app: &App, tx: &mut Tx, (room, step): (RoomId, Step), now: Millis) -> Result<()> {
    // It may have been signed off, or passed on, a moment ago.
    let Some(row) = store::timeline(tx.conn(), room).await? else { return Ok(()) };
    if untold(app, &row, now)? != Some(step) || !tx.insert_review_told(room, step.as_str(), now).await? {
        return Ok(());
    }
    let entry = Entry {
        at: now,
        act: step.act(),
        region: Some(row.region),
        room: Some(room),
        subject: Some(row.steward.0),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    let mut whom: BTreeSet<_> =
        notices::store::admins_of_office(tx.conn(), row.steward).await?.into_iter().collect();
    if step == Step::Overdue {
        whom.extend(store::heads_of(tx.conn(), row.steward).await?);
    }
    let name = bodies::open::<PatientBody>(app, row.patient, &row.sealed).await?.label();
    let notice = Notice::of(step.kind()).naming(name);
    for account in whom {
        notice.tell(app, tx, account).await?;
    }
    Ok(())
}
