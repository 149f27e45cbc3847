//! Replaying what was said, with its own times. Order is by position; the clock of storing is the server's.

use super::{Said, World};
use crate::app::App;
use crate::audit::{Entry, ImportedPosts};
use crate::bodies::Body;
use crate::error::{Fault, Result};
use crate::live::Wakes;
use crate::posts::store::NewPost;
use crate::posts::{PostBody, Text};
use crate::store::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Position, RoomId};
use uuid::Uuid;

/// Posts in one act; the answer to each chunk leaves after its commit.
const AT_ONCE: usize = 200;

/// Puts posts in their rooms, in the order they stand in. Those that are there already are left alone. How many were new.
///
/// # Errors
/// When a chunk cannot be stored; those before it are.
pub async fn replay(app: &App, world: &World, posts: Vec<Said>, mut told: impl FnMut(u64)) -> Result<u64> {
    let world = Arc::new(world.clone());
    let mut new = 0;
    for chunk in posts.chunks(AT_ONCE) {
        let (inner, world, chunk) = (app.clone(), world.clone(), chunk.to_vec());
        let told_of = chunk.len() as u64;
        new += app.store.act(async move |tx: &mut Tx| write(&inner, tx, &world, &chunk).await).await?;
        told(told_of);
    }
    Ok(new)
}

async fn write(app: &App, tx: &mut Tx, world: &World, chunk: &[Said]) -> Result<u64> {
    let (ids, now) = (world.ids(&app.lookup), app.clock.now());
    let mut fresh: BTreeMap<RoomId, Run> = BTreeMap::new();
    for said in chunk {
        let (room, id) = (ids.room(&said.room), ids.post(&said.room, &said.reference));
        let facts =
            tx.facts_for_import(room, id).await?.ok_or_else(|| Fault::noticed("finding an imported room"))?;
        if facts.stands {
            continue;
        }
        let text = Text::post(&said.text)?;
        let author: AccountId = ids.account(&said.by);
        let key = app.keys.ready(facts.key).await?;
        let mut head = facts.head;
        head.last_position = head.last_position.next();
        head.change = head.change.next();
        // What was said long ago does not push a room down, and a clock that was wrong does not pin it on top.
        head.active_at = head.active_at.max(said.written_at().min(now));
        let sealed = PostBody::of(&text, None).sealed(&key, (id, author))?;
        let run = fresh.entry(room).or_insert_with(|| Run { from: head.last_position, posts: Vec::new() });
        run.posts.push((id.0, sealed.clone()));
        tx.insert_post(NewPost {
            room,
            id,
            position: head.last_position,
            change: head.change,
            author,
            card: ids.card(&said.by),
            reply_to: said.reply_to.as_ref().map(|key| ids.post(&said.room, key)),
            written_at: Some(said.written_at()),
            stored_at: now,
            sealed,
        });
        tx.move_head(room, head);
    }
    for (room, run) in &fresh {
        let posts = run.posts.iter().map(|(id, sealed)| (*id, sealed.as_slice()));
        let stated = ImportedPosts::of(run.from.0, posts);
        let entry = Entry {
            at: now,
            act: "import",
            region: Some(ids.region()),
            room: Some(*room),
            detail: serde_json::to_string(&stated).ok(),
            ..Entry::default()
        };
        app.audit.append(tx, &entry).await?;
    }
    let skipped: Vec<_> =
        fresh.keys().filter_map(|room| Some((*room, tx.queued_head(*room)?.change))).collect();
    let inner = app.clone();
    tx.tell(move || skipped.iter().map(|(room, change)| inner.live.skip(*room, *change)).collect::<Wakes>());
    Ok(fresh.values().map(|run| run.posts.len() as u64).sum())
}

/// Posts that one act put into a room, one after the other.
struct Run {
    from: Position,
    posts: Vec<(Uuid, Vec<u8>)>,
}

/// Marks all but the newest posts of each room as read by everybody, so that a demo does not open with a wall of unread.
///
/// # Errors
/// When the marks cannot be stored.
pub async fn mark_old_as_read(app: &App, world: &World, unread: i64) -> Result<()> {
    let ids = world.ids(&app.lookup);
    let mut counts: BTreeMap<RoomId, i64> = BTreeMap::new();
    let mut view = app.store.view().await?;
    for room in &world.rooms {
        let id = ids.room(&room.key);
        counts.insert(id, crate::rooms::store::last_position(view.conn(), id).await?.0);
    }
    drop(view);
    let marks: Vec<_> = world
        .rooms
        .iter()
        .flat_map(|room| {
            let ids = &ids;
            room.members.iter().map(move |key| (ids.room(&room.key), ids.account(key)))
        })
        .map(|(room, account)| {
            let last = counts.get(&room).copied().unwrap_or_default();
            ((room, account), Position((last - unread).max(0)))
        })
        .collect();
    let now = app.clock.now();
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.write_marks(&marks, now);
            Ok(())
        })
        .await
}
