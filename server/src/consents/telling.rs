//! What everybody in a patient's rooms is told when her consent changes, and what the audit says of it.

use super::store::{self, TimelineRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::sessions::Session;
use crate::store::Tx;
use tsumugi_protocol::{ConsentId, Event, Millis, PatientId, RegionId};

/// The patient's rooms hear how it stands now: who has one open reads no further.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn tell_rooms(app: &App, tx: &mut Tx, patient: PatientId) -> Result<()> {
    for TimelineRow { room, mut head, consent } in store::timelines_of(tx.conn(), patient).await? {
        if let Some(queued) = tx.queued_head(room) {
            head = queued;
        }
        head.change = head.change.next();
        tx.move_head(room, head);
        let (inner, change) = (app.clone(), head.change);
        tx.tell(move || {
            let frame = live::encode(&Event::ConsentChanged { room, change, consent });
            inner.live.announce(&Announcement { room, change, frame })
        });
    }
    Ok(())
}

/// What the audit says of an act about a patient's consent: nothing of what is written on the paper.
pub(super) fn entry(
    (act, at): (&'static str, Millis),
    who: &Session,
    (region, patient): (RegionId, PatientId),
    (consent, more): (ConsentId, &str),
) -> Entry {
    Entry {
        at,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(region),
        subject: Some(patient.0),
        detail: Some(format!(r#"{{"consent":"{consent}"{more}}}"#)),
        ..Entry::default()
    }
}
