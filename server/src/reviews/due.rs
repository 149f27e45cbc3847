//! When the members of an office's timelines are looked at again, for its administrators, and who they are where that is due.

use super::store::{self, TimelineRow};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::Running;
use crate::patients::PatientBody;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Millis, ReviewList, ReviewSeen, ReviewedMember, WhichOffice};

/// What is known of a review at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// From when on it is due.
    pub at: Millis,
    /// Whether it is.
    pub is_due: bool,
    /// Whether that is so for too long.
    pub is_overdue: bool,
}

impl TimelineRow {
    /// How it stands with the next review (K-61).
    pub(super) fn due(&self, app: &App, now: Millis) -> Result<Due> {
        let rules = app.policies.named(&self.profile)?;
        let at = self.since.due(rules.membership_review.0);
        Ok(Due { at, is_due: now >= at, is_overdue: now >= at.plus(rules.review_grace()) })
    }
}

/// Them, what is due the longest first.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn due(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<ReviewList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let now = app.clock.now();
    let mut reviews = Vec::new();
    for row in store::of_office(conn, ask.office).await? {
        let due = row.due(app, now)?;
        reviews.push(ReviewSeen {
            room: row.room,
            kind: row.kind,
            name: bodies::open::<PatientBody>(app, row.patient, &row.sealed).await?.name,
            due_at: due.at,
            is_due: due.is_due,
            is_overdue: due.is_overdue,
            signed_at: row.since.signed,
            members: if due.is_due { members(app, conn, &row).await? } else { Vec::new() },
        });
    }
    reviews.sort_by_key(|one| (one.due_at, one.room));
    Ok(ReviewList { reviews })
}

async fn members(app: &App, conn: &mut Conn, row: &TimelineRow) -> Result<Vec<ReviewedMember>> {
    let mut members = Vec::new();
    for (card, read_at, posted_at) in store::members(conn, row.room).await? {
        let card = (*app.cards.one(app, conn, card).await?).clone();
        members.push(ReviewedMember { card, read_at, posted_at });
    }
    Ok(members)
}
