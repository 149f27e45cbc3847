//! The moment of a decision: everybody is out of the room at once and on every link, and nothing of it is found any more.

use crate::app::App;
use crate::error::Result;
use crate::live::{self, Wakes};
use crate::notices::Notice;
use crate::rooms::Head;
use crate::store::Tx;
use tsumugi_protocol::{Event, Millis, NoticeKind, RoomId, RoomState};

/// Whether those who were in it are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    Told,
    /// They were, before the store was restored.
    KnownAlready,
}

/// Takes everybody out of a room, and the room out of every list.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn vanish(
    app: &App,
    tx: &mut Tx,
    (room, stored): (RoomId, Head),
    telling: Telling,
    now: Millis,
) -> Result<()> {
    let mut head = tx.queued_head(room).unwrap_or(stored);
    head.change = head.change.next();
    head.member_version += 1;
    let people = tx.empty_room(room, head.change, now).await?;
    tx.set_room_state(room, RoomState::Erased).await?;
    tx.move_head(room, head);
    if telling == Telling::Told {
        for account in &people {
            Notice::of(NoticeKind::RoomErased).tell(app, tx, *account).await?;
        }
    }
    let inner = app.clone();
    tx.tell(move || {
        let frame = live::encode(&Event::RoomAdded { room });
        let told = people.into_iter().map(|account| {
            inner.live.part(room, account);
            inner.live.tell(account, None, &frame)
        });
        told.collect::<Wakes>()
    });
    Ok(())
}
