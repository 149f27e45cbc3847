//! What a send wants to know: the door, the post that has its id, and the post it answers, from one statement a batch.

use super::store::Stood;
use crate::rooms::Standing;
use crate::rooms::store::{StandingRow, standing_columns, standing_joins};
use crate::store::{Cells, Conn, Kind, Marks, StoreFault, Tx, Value, Want};
use futures_util::future::LocalBoxFuture;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;
use tsumugi_protocol::{AccountId, Change, Draft, Millis, Position, PostId};
use uuid::Uuid;

/// Everything the decision about a new post needs, from one statement.
pub struct SendFacts {
    /// The door.
    pub standing: Option<Standing>,
    /// The post that has this id already.
    pub stood: Option<Stood>,
    /// Whether the post that is answered stands in the room.
    pub reply_stands: bool,
}

/// What was found for a [`FactsWanted`].
#[derive(Clone)]
pub struct SendRow {
    standing: StandingRow,
    wanted_account: Uuid,
    wanted_post: Uuid,
    wanted_reply: Option<Uuid>,
    stood: Option<Stood>,
    answered: bool,
}

impl SendRow {
    fn want(&self) -> FactsWanted {
        FactsWanted {
            room: self.standing.room(),
            account: self.wanted_account,
            post: self.wanted_post,
            reply_to: self.wanted_reply,
        }
    }

    /// The kinds of the columns of [`FactsWanted::sql`], in order.
    fn kinds() -> Vec<Kind> {
        use Kind::{Bytes, Int, Uuid};
        let of_post = [Uuid, Int, Int, Int, Uuid, Bytes, Int];
        StandingRow::KINDS.into_iter().chain([Uuid, Uuid, Uuid]).chain(of_post).collect()
    }

    /// A row of it.
    fn of(cells: &mut Cells) -> Option<Self> {
        Some(Self {
            standing: StandingRow::of(cells)?,
            wanted_account: cells.uuid()?,
            wanted_post: cells.uuid()?,
            wanted_reply: cells.uuid(),
            stood: Stood::of_columns(cells),
            answered: cells.int().is_some(),
        })
    }
}

impl Stood {
    /// All columns are taken, whether there is a post or not.
    fn of_columns(cells: &mut Cells) -> Option<Self> {
        let (author, position, change) = (cells.uuid(), cells.int(), cells.int());
        let (stored_at, reply_to, sealed) = (cells.int(), cells.uuid(), cells.bytes());
        Some(Self {
            author: AccountId(author?),
            position: Position(position?),
            change: Change(change?),
            stored_at: Millis(stored_at?),
            reply_to: reply_to.map(PostId),
            sealed: sealed?,
        })
    }
}

/// What a send wants to know, found for a whole batch by one statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactsWanted {
    room: Uuid,
    account: Uuid,
    post: Uuid,
    reply_to: Option<Uuid>,
}

impl FactsWanted {
    /// What sending this draft takes.
    pub fn of(account: AccountId, draft: &Draft) -> Self {
        Self {
            room: draft.room.0,
            account: account.0,
            post: draft.post.0,
            reply_to: draft.reply_to.map(|id| id.0),
        }
    }

    /// The statement for so many of them, made once: it is asked for with every batch.
    fn sql(rows: usize, marks: Marks) -> Cow<'static, str> {
        static IN_ORDER: [OnceLock<String>; 16] = [const { OnceLock::new() }; 16];
        let size = usize::try_from(rows.ilog2()).ok().filter(|_| rows.is_power_of_two());
        match size.and_then(|size| IN_ORDER.get(size)).filter(|_| marks == Marks::InOrder) {
            Some(text) => Cow::Borrowed(text.get_or_init(|| Self::text(rows, marks))),
            None => Cow::Owned(Self::text(rows, marks)),
        }
    }

    /// The wants come first: each is then found by its keys.
    fn text(rows: usize, marks: Marks) -> String {
        const COLUMNS: usize = 4;
        let mut text = "WITH w (room, account, post, answered) AS (VALUES ".to_owned();
        marks.append(&mut text, rows, COLUMNS);
        text.push_str(concat!(
            ") SELECT ",
            standing_columns!(),
            ", m.account, w.post, w.answered, p.author, p.position, p.change, p.stored_at, p.reply_to, p.sealed, \
             q.position FROM w CROSS JOIN members m",
            standing_joins!(),
            "LEFT JOIN posts p ON p.room = m.room AND p.id = w.post \
             LEFT JOIN posts q ON q.room = m.room AND q.id = w.answered \
             WHERE m.room = w.room AND m.account = w.account AND m.state IN ('member', 'invited')"
        ));
        text
    }

    /// In sizes of powers of two, so that few statements stay prepared; what is missing is filled with a room that is none.
    async fn rows(conn: &mut Conn, wanted: &[Self]) -> Result<Vec<SendRow>, StoreFault> {
        let rows = wanted.len().next_power_of_two();
        let nothing = Self { room: Uuid::nil(), account: Uuid::nil(), post: Uuid::nil(), reply_to: None };
        let filled = wanted.iter().chain(std::iter::repeat(&nothing)).take(rows);
        let values = filled.flat_map(|want| {
            [want.room.into(), want.account.into(), want.post.into(), Value::Uuid(want.reply_to)]
        });
        let sql = |marks| Self::sql(rows, marks);
        let found = conn.ask("loading the facts for posts", sql, values.collect(), &SendRow::kinds()).await?;
        let unread = || StoreFault::Damaged("the facts for a post lack what must be there".to_owned());
        found.into_iter().map(|row| SendRow::of(&mut row.into()).ok_or_else(unread)).collect()
    }
}

impl Want for FactsWanted {
    type Found = SendRow;

    fn find<'a>(
        conn: &'a mut Conn,
        wanted: &'a [Self],
    ) -> LocalBoxFuture<'a, Result<HashMap<Self, SendRow>, StoreFault>> {
        Box::pin(async move {
            let rows = Self::rows(conn, wanted).await?;
            Ok(rows.into_iter().map(|row| (row.want(), row)).collect())
        })
    }
}

impl Tx {
    /// Loads the facts for sending, what this batch has queued included.
    pub async fn facts_for_sending(
        &mut self,
        account: AccountId,
        draft: &Draft,
    ) -> Result<SendFacts, StoreFault> {
        let row = self.wanted(&FactsWanted::of(account, draft)).await?;
        let Some(row) = row else {
            return Ok(SendFacts { standing: None, stood: None, reply_stands: false });
        };
        let stood = row.stood.or_else(|| self.queued_post(draft.room, draft.post));
        let reply_stands = match draft.reply_to {
            Some(answered) => row.answered || self.queued_post(draft.room, answered).is_some(),
            None => true,
        };
        let mut standing = row.standing.read();
        if let Some(standing) = &mut standing {
            standing.refresh(self);
        }
        Ok(SendFacts { standing, stood, reply_stands })
    }
}
