//! Marking posts as read: answered at once, written and told within half a second.

use super::list::read_position;
use super::{Act, Standing};
use crate::app::App;
use crate::error::Result;
use crate::live::{self, Wakes};
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeMap;
use tsumugi_protocol::{AccountId, Done, Event, MarkRead, Position, Receipt, RoomId};

/// Marks written in one act, so that posts never wait long behind them.
const AT_ONCE: usize = 256;

/// The reader has seen everything up to a post.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn mark_read(app: &App, who: &Session, ask: MarkRead) -> Result<Done> {
    let mut view = app.store.glance().await?;
    let standing = Standing::at_the_door(view.conn(), who, ask.room, Act::Read).await?;
    let position = ask.position.min(standing.head.last_position);
    if position > read_position(app, who, &standing) {
        app.marks.note(ask.room, who.account, position);
    }
    Ok(Done {})
}

/// Writes the marks that wait, and tells those who watch.
///
/// # Errors
/// When they cannot be stored; they wait on.
pub async fn flush_marks(app: &App) -> Result<()> {
    for marks in app.marks.round().chunks(AT_ONCE) {
        let (inner, marks) = (app.clone(), marks.to_vec());
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                tx.write_marks(&marks, inner.clock.now());
                let (inner, marks) = (inner.clone(), marks.clone());
                tx.tell(move || tell(&inner, &marks));
                Ok(())
            })
            .await?;
    }
    Ok(())
}

fn tell(app: &App, marks: &[((RoomId, AccountId), Position)]) -> Wakes {
    app.marks.written(marks);
    let mut by_room: BTreeMap<RoomId, Vec<Receipt>> = BTreeMap::new();
    let mut wakes = Wakes::default();
    for ((room, account), position) in marks {
        by_room.entry(*room).or_default().push(Receipt { account: *account, position: *position });
        let read = live::encode(&Event::Read { room: *room, position: *position });
        wakes = wakes.and(app.live.tell(*account, None, &read));
    }
    for (room, receipts) in by_room {
        wakes = wakes.and(app.live.receipts(room, &receipts, |receipts| {
            live::encode(&Event::Receipts { room, receipts: receipts.to_vec() })
        }));
    }
    wakes
}
