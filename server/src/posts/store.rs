//! All SQL of posts.

use crate::crypto::seal::KeyId;
use crate::error::Result;
use crate::rooms::Head;
use crate::store::{Bulk, Cells, Conn, Kind, StoreFault, Tx, Value, on_engine, row};
use tsumugi_protocol::{
    AccountId, CardId, Change, Code, Millis, Position, PostId, Refusal, RoomId, RoomState,
};
use uuid::Uuid;

static POSTS: Bulk = Bulk {
    table: "posts",
    columns: &[
        "room",
        "id",
        "position",
        "change",
        "author",
        "card",
        "kind",
        "state",
        "reply_to",
        "written_at",
        "stored_at",
        "sealed",
    ],
    keys: 2,
    rank: 3,
    rises: None,
};

/// A new post.
pub struct NewPost {
    /// The room.
    pub room: RoomId,
    /// Chosen by the client.
    pub id: PostId,
    /// Its place.
    pub position: Position,
    /// The change it makes.
    pub change: Change,
    /// Who.
    pub author: AccountId,
    /// The author as of writing.
    pub card: CardId,
    /// The post it answers.
    pub reply_to: Option<PostId>,
    /// When it claims to have been written.
    pub written_at: Option<Millis>,
    /// When it is stored.
    pub stored_at: Millis,
    /// The sealed body.
    pub sealed: Vec<u8>,
}

/// A post that stands under an id already.
#[derive(Debug, Clone)]
pub struct Stood {
    /// Who wrote it.
    pub author: AccountId,
    /// Its place.
    pub position: Position,
    /// The change that touched it last.
    pub change: Change,
    /// When it was stored.
    pub stored_at: Millis,
    /// The post it answers.
    pub reply_to: Option<PostId>,
    /// The sealed body.
    pub sealed: Vec<u8>,
}

/// What an import must know of a room and a post's id.
pub struct ImportFacts {
    /// The room's key.
    pub key: KeyId,
    /// The room's counters.
    pub head: Head,
    /// Whether the post is there already.
    pub stands: bool,
}

impl Tx {
    /// Loads what an import must know of a room and a post's id.
    pub async fn facts_for_import(
        &mut self,
        room: RoomId,
        id: PostId,
    ) -> Result<Option<ImportFacts>, StoreFault> {
        const SQL: &str = "SELECT r.key_id, h.last_position, h.change, h.member_version, h.active_at, p.change, r.state \
                           FROM rooms r JOIN room_heads h ON h.room = r.id \
                           LEFT JOIN posts p ON p.room = r.id AND p.id = $2 WHERE r.id = $1";
        type Columns = (Uuid, i64, i64, i64, i64, Option<i64>, String);
        let row: Option<Columns> = on_engine!(self.conn(), "loading the facts for an import", c => sqlx::query_as(SQL)
                .bind(room.0).bind(id.0).fetch_optional(c).await)?;
        Ok(row.map(|(key, last_position, change, member_version, active_at, stands, state)| {
            let stored = Head {
                last_position: Position(last_position),
                change: Change(change),
                member_version,
                active_at: Millis(active_at),
            };
            ImportFacts {
                key: KeyId(key),
                head: self.queued_head(room).unwrap_or(stored),
                // What was erased does not come back out of a file.
                stands: stands.is_some()
                    || RoomState::of(&state) == Some(RoomState::Erased)
                    || self.queued_post(room, id).is_some(),
            }
        }))
    }

    /// Queues a post.
    pub fn insert_post(&mut self, new: NewPost) {
        self.insert(&POSTS, new.into_row());
    }

    /// A post that this batch has queued.
    pub(super) fn queued_post(&self, room: RoomId, id: PostId) -> Option<Stood> {
        Stood::of_row(self.pending(&POSTS, &[room.0.into(), id.0.into()])?)
    }
}

impl NewPost {
    /// In the order of the columns of `POSTS`, as [`Stood::of_row`] reads it.
    fn into_row(self) -> Vec<Value> {
        vec![
            self.room.0.into(),
            self.id.0.into(),
            self.position.0.into(),
            self.change.0.into(),
            self.author.0.into(),
            self.card.0.into(),
            "text".into(),
            "standing".into(),
            self.reply_to.map(|id| id.0).into(),
            self.written_at.map(|at| at.0).into(),
            self.stored_at.0.into(),
            self.sealed.into(),
        ]
    }
}

impl Stood {
    /// A post that this batch has queued.
    fn of_row(row: &[Value]) -> Option<Self> {
        use Value::{Bytes, Int, Text, Uuid};
        let [
            Uuid(_room),
            Uuid(_id),
            Int(Some(position)),
            Int(Some(change)),
            Uuid(Some(author)),
            Uuid(_card),
            Text(_kind),
            Text(_state),
            Uuid(reply_to),
            Int(_written_at),
            Int(Some(stored_at)),
            Bytes(Some(sealed)),
        ] = row
        else {
            return None;
        };
        Some(Self {
            author: AccountId(*author),
            position: Position(*position),
            change: Change(*change),
            stored_at: Millis(*stored_at),
            reply_to: reply_to.map(PostId),
            sealed: sealed.clone(),
        })
    }
}

/// Whether the post that a draft answers stands in its room.
pub async fn reply_target(conn: &mut Conn, room: RoomId, reply_to: Option<PostId>) -> Result<()> {
    const SQL: &str = "SELECT position FROM posts WHERE room = $1 AND id = $2";
    let Some(post) = reply_to else { return Ok(()) };
    let keys = vec![room.0.into(), post.0.into()];
    let found = conn.rows("finding the post that is answered", SQL, keys, &[Kind::Int], Cells::int).await?;
    match found.first() {
        Some(_) => Ok(()),
        None => Err(Refusal::new(Code::BadField).with("field", "reply_to").into()),
    }
}

/// A post as stored.
pub struct PostRow {
    /// The room.
    pub room: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Its place.
    pub position: i64,
    /// The change that touched it last.
    pub change: i64,
    /// Who.
    pub author: Uuid,
    /// The author as of writing.
    pub card: Uuid,
    /// The post it answers.
    pub reply_to: Option<Uuid>,
    /// When it claims to have been written.
    pub written_at: Option<i64>,
    /// When it was stored.
    pub stored_at: i64,
    /// The sealed body.
    pub sealed: Vec<u8>,
}

row!(PostRow: room, id, position, change, author, card, reply_to, written_at, stored_at, sealed);

impl PostRow {
    /// The kinds of `post_columns`, in order.
    const KINDS: [Kind; 10] = {
        use Kind::{Bytes, Int, Uuid};
        [Uuid, Uuid, Int, Int, Uuid, Uuid, Uuid, Int, Int, Bytes]
    };

    fn of(cells: &mut Cells) -> Option<Self> {
        Some(Self {
            room: cells.uuid()?,
            id: cells.uuid()?,
            position: cells.int()?,
            change: cells.int()?,
            author: cells.uuid()?,
            card: cells.uuid()?,
            reply_to: cells.uuid(),
            written_at: cells.int(),
            stored_at: cells.int()?,
            sealed: cells.bytes()?,
        })
    }
}

macro_rules! post_columns {
    () => {
        "room, id, position, change, author, card, reply_to, written_at, stored_at, sealed"
    };
}

/// Past this many sealed bytes a page ends early: a slow reader must not fill the server's memory.
const PAGE_BYTES: i64 = 512 * 1024;

/// A statement for a run of posts in an order, cut where it grows too large; the first post of it is always there.
/// The inner rows are found before the first one is handed over: each wait in between would wake the asker for nothing.
macro_rules! run_of_posts {
    ($which:literal, $order:literal, $shown:literal, $bytes:literal) => {
        concat!(
            "SELECT ",
            post_columns!(),
            " FROM (SELECT ",
            post_columns!(),
            ", SUM(LENGTH(sealed)) OVER (ORDER BY ",
            $order,
            ") - LENGTH(sealed) AS before_it FROM (SELECT ",
            post_columns!(),
            " FROM posts WHERE room = $1 AND ",
            $which,
            " ORDER BY ",
            $order,
            " LIMIT $2) AS found) AS counted WHERE before_it < ",
            $bytes,
            " ORDER BY ",
            $shown
        )
    };
}

/// The values of such a statement: `$1` to `$3`, and what it asks besides.
fn run_keys<const N: usize>(room: RoomId, limit: u32, besides: [i64; N]) -> Vec<Value> {
    let first = [room.0.into(), i64::from(limit).into(), PAGE_BYTES.into()];
    first.into_iter().chain(besides.map(Value::from)).collect()
}

/// Posts of a room from `from` on and before `before`: the newest of them, the oldest first.
pub async fn before(
    conn: &mut Conn,
    room: RoomId,
    from: Position,
    before: Position,
    limit: u32,
) -> Result<Vec<PostRow>, StoreFault> {
    const SQL: &str = run_of_posts!("position >= $4 AND position < $5", "position DESC", "position", "$3");
    let keys = run_keys(room, limit, [from.0, before.0]);
    conn.rows("reading posts backwards", SQL, keys, &PostRow::KINDS, PostRow::of).await
}

/// Posts of a room from `from` on, the oldest first.
pub async fn from(
    conn: &mut Conn,
    room: RoomId,
    from: Position,
    limit: u32,
) -> Result<Vec<PostRow>, StoreFault> {
    const SQL: &str = run_of_posts!("position >= $4", "position", "position", "$3");
    conn.rows("reading posts", SQL, run_keys(room, limit, [from.0]), &PostRow::KINDS, PostRow::of).await
}

/// Posts of a room that changed later than `change`, by change; whether there may be more. `head` is where the room stands.
///
/// No index is asked (docs/decisions/0011): a post takes a change of its own, so those after `change` are among the last
/// `head.change - change` of the room, and their positions rise as their changes do.
pub async fn changed(
    conn: &mut Conn,
    room: RoomId,
    head: Head,
    change: Change,
    from: Position,
    limit: u32,
) -> Result<(Vec<PostRow>, bool), StoreFault> {
    const SQL: &str = run_of_posts!("change > $4 AND position >= $5", "position", "position", "$3");
    let newest = head.change.0.saturating_sub(change.0);
    let from = from.max(Position(head.last_position.0.saturating_sub(newest).saturating_add(1)));
    let keys = run_keys(room, limit, [change.0, from.0]);
    let rows = conn.rows("reading changed posts", SQL, keys, &PostRow::KINDS, PostRow::of).await?;
    let bytes: usize = rows.iter().map(|row| row.sealed.len()).sum();
    let is_full = rows.len() >= limit as usize || i64::try_from(bytes).is_ok_and(|bytes| bytes >= PAGE_BYTES);
    Ok((rows, is_full))
}

/// A newest post, with the key of its room.
pub struct LastRow {
    /// The post.
    pub post: PostRow,
    /// The room's key.
    pub key_id: Uuid,
}

row!(LastRow: key_id; post);

/// The newest post of each room of a member.
pub async fn lasts(conn: &mut Conn, account: AccountId) -> Result<Vec<LastRow>, StoreFault> {
    const SQL: &str = "SELECT p.room, p.id, p.position, p.change, p.author, p.card, p.reply_to, p.written_at, \
                       p.stored_at, p.sealed, r.key_id \
                       FROM members m JOIN rooms r ON r.id = m.room JOIN room_heads h ON h.room = m.room \
                       JOIN posts p ON p.room = m.room AND p.position = h.last_position \
                       WHERE m.account = $1 AND m.state = 'member' AND p.position >= m.from_position";
    on_engine!(conn, "reading the newest posts", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queued_post_reads_as_it_was_written() {
        let id = Uuid::from_u128;
        let new = NewPost {
            room: RoomId(id(1)),
            id: PostId(id(2)),
            position: Position(3),
            change: Change(4),
            author: AccountId(id(5)),
            card: CardId(id(6)),
            reply_to: Some(PostId(id(7))),
            written_at: Some(Millis(8)),
            stored_at: Millis(9),
            sealed: vec![10],
        };
        let row = new.into_row();
        assert_eq!(row.len(), POSTS.columns.len());
        let stood = Stood::of_row(&row).unwrap();
        assert_eq!((stood.author, stood.position, stood.change), (AccountId(id(5)), Position(3), Change(4)));
        assert_eq!(
            (stood.reply_to, stood.stored_at, stood.sealed),
            (Some(PostId(id(7))), Millis(9), vec![10])
        );
    }
}
