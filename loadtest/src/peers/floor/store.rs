//! The floor's one writer: a thread that commits what queued while the last commit synced, and tells of it afterwards.

use super::rooms::{Committed, News};
use anyhow::Context;
use rusqlite::Connection;
use std::{collections::HashMap, path::Path, thread::JoinHandle};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Posts of one commit at most.
const AT_MOST: usize = 256;

/// A sealed post on its way to the disk, with what is told of it afterwards.
#[derive(Debug)]
pub struct Sealed {
    /// The link it came by; its author.
    pub link: u64,
    /// Number of the author.
    pub author: u32,
    /// Number of the room.
    pub room: u32,
    /// Its id.
    pub id: u128,
    /// As it is told.
    pub body: bytes::Bytes,
    /// As it is stored: nonce, ciphertext, tag.
    pub sealed: Vec<u8>,
}

/// The database.
pub struct Store {
    conn: Connection,
}

impl Store {
    /// Opens it, empty: write-ahead log, every commit synced.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let conn = Connection::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        anyhow::ensure!(mode == "wal", "the floor's journal is {mode}");
        conn.pragma_update(None, "synchronous", "FULL")?;
        let synchronous: i64 = conn.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        anyhow::ensure!(synchronous == 2, "the floor's commits are not synced");
        conn.execute_batch(
            "CREATE TABLE posts (room INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, \
             author INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (room, position)) STRICT, WITHOUT ROWID",
        )?;
        Ok(Self { conn })
    }

    /// Starts the writer; it ends when nobody can send it posts any more, or with the first failure.
    pub fn start(
        self,
        tell: UnboundedSender<News>,
    ) -> anyhow::Result<(UnboundedSender<Sealed>, JoinHandle<anyhow::Result<()>>)> {
        let (give, take) = unbounded_channel();
        let thread = std::thread::Builder::new().name("writer".into());
        Ok((give, thread.spawn(move || self.write(take, &tell))?))
    }

    fn write(
        &self,
        mut posts: UnboundedReceiver<Sealed>,
        tell: &UnboundedSender<News>,
    ) -> anyhow::Result<()> {
        let mut begin = self.conn.prepare("BEGIN IMMEDIATE")?;
        let mut commit = self.conn.prepare("COMMIT")?;
        let sql = "INSERT INTO posts (room, position, id, author, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.conn.prepare(sql)?;
        let mut last: HashMap<u32, i64> = HashMap::new();
        let mut batch = Vec::with_capacity(AT_MOST);
        while posts.blocking_recv_many(&mut batch, AT_MOST) > 0 {
            let mut committed = Vec::with_capacity(batch.len());
            begin.execute([])?;
            for post in batch.drain(..) {
                let position = last.entry(post.room).or_default();
                *position += 1;
                let id = post.id.to_be_bytes();
                insert.execute((post.room, *position, &id, post.author, &post.sealed))?;
                committed.push(Committed {
                    link: post.link,
                    author: post.author,
                    room: post.room,
                    id: post.id,
                    position: *position,
                    body: post.body,
                });
            }
            commit.execute([])?;
            if tell.send(News::Committed(committed)).is_err() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(room: u32, id: u128) -> Sealed {
        Sealed { link: 1, author: 2, room, id, body: bytes::Bytes::from_static(b"x"), sealed: vec![7; 30] }
    }

    #[test]
    fn posts_are_told_after_they_are_stored_and_numbered_by_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("floor.db");
        let (tell, mut told) = unbounded_channel();
        let (posts, writer) = Store::open(&path).unwrap().start(tell).unwrap();
        for (room, id) in [(0, 10), (0, 11), (5, 12)] {
            posts.send(sealed(room, id)).unwrap();
        }
        drop(posts);
        writer.join().unwrap().unwrap();
        let mut places = Vec::new();
        while let Ok(News::Committed(committed)) = told.try_recv() {
            places.extend(committed.into_iter().map(|post| (post.room, post.id, post.position)));
        }
        assert_eq!(places, [(0, 10, 1), (0, 11, 2), (5, 12, 1)]);
        let stored: i64 = Connection::open(&path)
            .unwrap()
            .query_row("SELECT count(*) FROM posts WHERE length(sealed) = 30", [], |row| row.get(0))
            .unwrap();
        assert_eq!(stored, 3);
    }
}
