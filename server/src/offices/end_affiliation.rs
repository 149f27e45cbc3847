//! Ending somebody's place in an office (000§8e, c-18): access is gone at once, the account stays its holder's to close.

use super::running::Running;
use crate::accounts::store::PlaceRow;
use crate::accounts::{self, Reason, Seat};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, EndAffiliation, NoticeKind};

/// Ends it, and what hangs on it. Ended already, nothing changes.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `account_restricted`.
pub async fn end_affiliation(app: &App, who: &Arc<Session>, ask: EndAffiliation) -> Result<Done> {
    who.let_write()?;
    let place = {
        let mut view = app.store.view().await?;
        ending(app, view.conn(), who, &ask).await?
    };
    let Some(place) = place else { return Ok(Done {}) };
    let reason = Reason::of(app, place.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(place.account).await?;
            let Some(place) = ending(&inner, tx.conn(), &who, &ask).await? else { return Ok(Done {}) };
            let left = tx.leave(&inner, &place, Some(who.account), now).await?;
            reason.write(tx, Some(who.account), "offices.end_affiliation", now).await?;
            let detail = format!(
                r#"{{"reason":"{}","affiliation":"{}","rooms":{},"sessions":{}}}"#,
                reason.id.0, place.id, left.rooms, left.sessions
            );
            let entry = Entry {
                at: now,
                act: "offices.end_affiliation",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(place.region),
                subject: Some(place.account.0),
                detail: Some(detail),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let card = inner.cards.one(&inner, tx.conn(), place.card).await?;
            let notice = Notice::of(NoticeKind::AffiliationEnded);
            let notice = card.office.clone().into_iter().fold(notice, Notice::naming);
            notice.tell(&inner, tx, place.account).await?;
            Ok(Done {})
        })
        .await
}

/// What is known of a place.
#[derive(Debug, Clone, Copy)]
struct Facts {
    running: Running,
    has_ended: bool,
    is_needed_admin: bool,
    is_only_desk: bool,
    answers_for_shared: bool,
}

/// Whether there is anything to end.
///
/// # Errors
/// As [`Running::decide`]; where nobody else is left for what she answers for, `last_admin`, `last_desk`, `answers_for_shared`.
fn decide(facts: Facts) -> Result<bool, Code> {
    facts.running.decide()?;
    match facts {
        Facts { has_ended: true, .. } => Ok(false),
        Facts { is_needed_admin: true, .. } => Err(Code::LastAdmin),
        Facts { is_only_desk: true, .. } => Err(Code::LastDesk),
        Facts { answers_for_shared: true, .. } => Err(Code::AnswersForShared),
        Facts { .. } => Ok(true),
    }
}

/// The place that is to end; nothing when it has ended.
async fn ending(app: &App, conn: &mut Conn, who: &Session, ask: &EndAffiliation) -> Result<Option<PlaceRow>> {
    let place = accounts::store::place(conn, ask.affiliation).await?;
    let office = place.as_ref().and_then(|place| place.office);
    let running = Running::of(conn, who.account, office).await?;
    let answers_for_shared = match &place {
        Some(place) => accounts::store::answers_for_shared(conn, place.account, Some(place.id)).await?,
        None => false,
    };
    let seats = match &place {
        Some(place) => Seat::all_of(app, conn, place.account).await?,
        None => Vec::new(),
    };
    let facts = Facts {
        running,
        has_ended: place.as_ref().is_some_and(|place| place.has_ended),
        is_needed_admin: seats.iter().any(|seat| seat.place == ask.affiliation && seat.is_needed()),
        is_only_desk: accounts::store::is_only_desk(conn, ask.affiliation).await?,
        answers_for_shared,
    };
    Ok(if decide(facts)? { place } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_place_ends_by_table() {
        let admin = Running { runs_it: true, is_admin: true };
        let other = Running { runs_it: false, ..admin };
        let nobody = Running { runs_it: false, is_admin: false };
        let facts = Facts {
            running: admin,
            has_ended: false,
            is_needed_admin: false,
            is_only_desk: false,
            answers_for_shared: false,
        };
        let last = Facts { is_needed_admin: true, ..facts };
        for (facts, expected) in [
            (facts, Ok(true)),
            (Facts { has_ended: true, ..facts }, Ok(false)),
            (last, Err(Code::LastAdmin)),
            (Facts { is_only_desk: true, ..facts }, Err(Code::LastDesk)),
            (Facts { answers_for_shared: true, ..facts }, Err(Code::AnswersForShared)),
            (Facts { has_ended: true, ..last }, Ok(false)),
            (Facts { running: other, ..facts }, Err(Code::OtherOffice)),
            (Facts { running: other, has_ended: true, ..last }, Err(Code::OtherOffice)),
            (Facts { running: nobody, ..last }, Err(Code::OfficeAdminOnly)),
        ] {
            assert_eq!(decide(facts), expected, "{facts:?}");
        }
    }
}
