//! The vault: a timeline whose care has ended is read by its members and written by nobody, until it is restored (000-note(2)a).

use super::Steering;
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{ArchiveRoom, ArchiveWhy, Code, Done, Event, Refusal, RestoreRoom, RoomId, RoomState};

/// Puts a timeline into the vault. There already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; `not_steward`; `account_restricted`.
pub async fn archive(app: &App, who: &Arc<Session>, ask: ArchiveRoom) -> Result<Done> {
    turn(app, who, (ask.room, &ask.reason), Wanted::Archived(ask.why)).await
}

/// Takes it out again, as it was. Not there, nothing changes.
///
/// # Errors
/// As [`archive`].
pub async fn restore(app: &App, who: &Arc<Session>, ask: RestoreRoom) -> Result<Done> {
    turn(app, who, (ask.room, &ask.reason), Wanted::Restored).await
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Archived(ArchiveWhy),
    Restored,
}

impl Wanted {
    const fn act(self) -> &'static str {
        match self {
            Self::Archived(_) => "rooms.archive",
            Self::Restored => "rooms.restore",
        }
    }

    const fn state(self) -> RoomState {
        match self {
            Self::Archived(_) => RoomState::Archived,
            Self::Restored => RoomState::Active,
        }
    }

    fn detail(self, reason: &Reason) -> String {
        let why = match self {
            Self::Archived(why) => format!(r#","why":"{}""#, why.as_str()),
            Self::Restored => String::new(),
        };
        format!(r#"{{"reason":"{}"{why}}}"#, reason.id.0)
    }
}

async fn turn(app: &App, who: &Arc<Session>, (room, said): (RoomId, &str), wanted: Wanted) -> Result<Done> {
    let text = Reason::read(said)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, room).await?;
            steering.let_run(&who)?;
            if !decide(steering.is_timeline(), steering.state, wanted.state())? {
                return Ok(Done {});
            }
            let key = steering.opened_key(&inner).await?;
            let reason = Reason::about(&inner, room.0, &key, text.clone())?;
            reason.write(tx, Some(who.account), wanted.act(), now).await?;
            let state = match wanted {
                Wanted::Archived(_) => RoomState::Archived,
                Wanted::Restored => tx.stand_again(room, now).await?,
            };
            if state == RoomState::Archived {
                tx.set_room_state(room, state).await?;
            }
            let mut head = steering.head;
            head.change = head.change.next();
            tx.move_head(room, head);
            let entry = Entry {
                at: now,
                act: wanted.act(),
                account: Some(who.account),
                session: Some(who.id),
                region: Some(steering.region),
                room: Some(room),
                detail: Some(wanted.detail(&reason)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let (inner, change) = (inner.clone(), head.change);
            tx.tell(move || {
                let frame = live::encode(&Event::RoomChanged { room, change, state });
                inner.live.announce(&Announcement { room, change, frame })
            });
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to do.
///
/// # Errors
/// `bad_field` for a room that is no timeline.
fn decide(is_timeline: bool, state: RoomState, wanted: RoomState) -> Result<bool, Refusal> {
    match (is_timeline, state) {
        (false, _) | (true, RoomState::Proposed) => Err(Refusal::new(Code::BadField).with("field", "room")),
        (true, RoomState::Draft | RoomState::Paused) => Ok(wanted == RoomState::Archived),
        (true, RoomState::Erased) => Err(Code::NotFound.into()),
        (true, RoomState::Active | RoomState::Archived) => Ok(state != wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_timelines_go_to_the_vault_and_come_back() {
        use RoomState::{Active, Archived, Draft, Erased, Paused, Proposed};
        for (state, wanted, expected) in [
            (Active, Archived, Some(true)),
            (Archived, Archived, Some(false)),
            (Archived, Active, Some(true)),
            (Active, Active, Some(false)),
            (Proposed, Archived, None),
            (Draft, Archived, Some(true)),
            (Draft, Active, Some(false)),
            (Paused, Archived, Some(true)),
            (Paused, Active, Some(false)),
            (Erased, Active, None),
        ] {
            assert_eq!(decide(true, state, wanted).ok(), expected, "{state:?} {wanted:?}");
            assert_eq!(decide(false, state, wanted).ok(), None, "{state:?} {wanted:?}");
        }
    }
}
