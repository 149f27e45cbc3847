//! What a batch finds ahead for its acts, and when that no longer counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::future::{LocalBoxFuture, join_all};

use super::ground::{Ground, Said, on_both};
use crate::store::{Cells, Conn, Kind, Store, StoreFault, Want, on_engine};

on_both!(
    one_statement_finds_for_the_whole_batch,
    of_equal_wants_each_act_knows,
    what_an_act_changed_is_found_as_it_is_now,
    nothing_found_is_known_too,
    nothing_is_kept_from_others_when_nothing_is_stored,
);

/// How many wants each statement had, by the room of the first.
static FOUND_AT_ONCE: Mutex<Vec<(i64, usize)>> = Mutex::new(Vec::new());

/// The position of a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Position(i64);

impl Want for Position {
    type Found = i64;

    fn find<'a>(
        conn: &'a mut Conn,
        wanted: &'a [Self],
    ) -> LocalBoxFuture<'a, Result<HashMap<Self, i64>, StoreFault>> {
        const SQL: &str = "SELECT room, position FROM heads WHERE room >= $1 AND room <= $2";
        Box::pin(async move {
            let rooms: Vec<i64> = wanted.iter().map(|Self(room)| *room).collect();
            let (first, last) = (rooms.iter().min().copied(), rooms.iter().max().copied());
            let at_once = (rooms.first().copied().unwrap_or_default(), rooms.len());
            FOUND_AT_ONCE.lock().unwrap_or_else(PoisonError::into_inner).push(at_once);
            let read = |cells: &mut Cells| Some((cells.int()?, cells.int()?));
            let keys = vec![first.into(), last.into()];
            let rows = conn.rows("finding heads", SQL, keys, &[Kind::Int, Kind::Int], read).await?;
            Ok(rows.into_iter().map(|(room, position)| (Self(room), position)).collect())
        })
    }
}

/// A room of its own for each engine, since both run at once.
async fn rooms(ground: &Ground, story: i64, count: i64) -> Vec<i64> {
    let first = story * 100 + if ground.is_sqlite() { 0 } else { 50 };
    let rooms: Vec<i64> = (first..first + count).collect();
    for room in &rooms {
        set(ground, *room, room * 10).await;
    }
    rooms
}

async fn set(ground: &Ground, room: i64, position: i64) {
    const SQL: &str = "INSERT INTO heads (room, position) VALUES ($1, $2) \
                       ON CONFLICT (room) DO UPDATE SET position = excluded.position";
    let write = async move |tx: &mut crate::store::Tx| {
        on_engine!(tx.conn(), c => sqlx::query(SQL).bind(room).bind(position).execute(c).await.map(|_| ()))?;
        Ok::<_, Said>(())
    };
    ground.store.act(write).await.unwrap();
}

async fn known(ground: &Ground, room: i64) -> Option<i64> {
    let want = Position(room);
    let ask = want.clone();
    ground.store.act_wanting(want, async move |tx| Ok::<_, Said>(tx.wanted(&ask).await?)).await.unwrap()
}

fn statements(room: i64) -> Vec<usize> {
    let found = FOUND_AT_ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    found.iter().filter(|(first, _)| *first == room).map(|(_, count)| *count).collect()
}

async fn one_statement_finds_for_the_whole_batch(ground: &Ground) {
    let rooms = rooms(ground, 1, 8).await;
    let found = ground.one_batch(join_all(rooms.iter().map(|room| known(ground, *room)))).await;
    assert_eq!(found, rooms.iter().map(|room| Some(room * 10)).collect::<Vec<_>>());
    let statements: Vec<usize> = rooms.iter().flat_map(|room| statements(*room)).collect();
    assert_eq!(statements, [8], "one for all, none of their own");
}

async fn of_equal_wants_each_act_knows(ground: &Ground) {
    let rooms = rooms(ground, 2, 1).await;
    let found = ground.one_batch(join_all((0..5).map(|_| known(ground, rooms[0])))).await;
    assert_eq!(found, [Some(rooms[0] * 10); 5]);
    assert_eq!(statements(rooms[0]), [5], "none looked again");
}

async fn what_an_act_changed_is_found_as_it_is_now(ground: &Ground) {
    let rooms = rooms(ground, 3, 1).await;
    let (before, (), after) = ground
        .one_batch(async {
            tokio::join!(biased; known(ground, rooms[0]), set(ground, rooms[0], 7), known(ground, rooms[0]))
        })
        .await;
    assert_eq!((before, after), (Some(rooms[0] * 10), Some(7)));
}

async fn nothing_found_is_known_too(ground: &Ground) {
    let rooms = rooms(ground, 4, 2).await;
    let missing = rooms[1] + 1;
    let found = ground
        .one_batch(async { tokio::join!(biased; known(ground, missing), known(ground, rooms[0])) })
        .await;
    assert_eq!(found, (None, Some(rooms[0] * 10)));
    assert_eq!(statements(missing), [2], "it was not looked for again");
}

async fn nothing_is_kept_from_others_when_nothing_is_stored(ground: &Ground) {
    let rooms = rooms(ground, 5, 2).await;
    let found = ground
        .one_batch(async { tokio::join!(biased; known(ground, rooms[0]), known(ground, rooms[1])) })
        .await;
    assert_eq!(found, (Some(rooms[0] * 10), Some(rooms[1] * 10)));
    assert_eq!(known(ground, rooms[0]).await, Some(rooms[0] * 10), "alone");
    // Another store on the same rows writes at once.
    let other: Store = ground.reopen().await;
    let write = async move |tx: &mut crate::store::Tx| {
        const SQL: &str = "UPDATE heads SET position = position + 1 WHERE room = $1";
        on_engine!(tx.conn(), c => sqlx::query(SQL).bind(rooms[0]).execute(c).await.map(|_| ()))?;
        Ok::<_, Said>(())
    };
    let written = tokio::time::timeout(std::time::Duration::from_secs(2), other.act(write)).await;
    written.expect("nobody holds what it needs").unwrap();
    other.close().await;
}
