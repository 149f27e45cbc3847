//! The ordered list of a room's posts, opened for a reader whose door was passed.

use super::PostBody;
use super::store::{self, PostRow};
use crate::app::App;
use crate::bodies::Body;
use crate::crypto::seal::{Key, KeyId};
use crate::error::Result;
use crate::rooms::Standing;
use crate::store::Conn;
use std::collections::HashMap;
use tsumugi_protocol::{
    AccountId, CardId, Change, Code, Content, LastPost, Millis, Page, PageAt, PatientId, Position, Post,
    PostId, Refusal, RoomId, limits,
};

/// Reads histories.
pub struct History;

impl History {
    /// How many posts a client asks for.
    ///
    /// # Errors
    /// `bad_field` outside 1–200.
    pub fn limit(asked: Option<u32>) -> Result<u32, Refusal> {
        match asked.unwrap_or(limits::PAGE) {
            limit @ 1..=limits::PAGE_MAX => Ok(limit),
            _ => Err(Refusal::new(Code::BadField).with("field", "limit")),
        }
    }

    /// A page by position.
    ///
    /// # Errors
    /// When rows cannot be read; a post that cannot be opened is shown as such.
    pub async fn page(
        app: &App,
        conn: &mut Conn,
        standing: &Standing,
        at: PageAt,
        limit: u32,
    ) -> Result<Page> {
        let first = standing.membership.from_position;
        let room = standing.room;
        let rows = match at {
            PageAt::End => store::before(conn, room, first, Position(i64::MAX), limit).await?,
            PageAt::Before(position) => store::before(conn, room, first, position, limit).await?,
            PageAt::After(position) => store::from(conn, room, first.max(position.next()), limit).await?,
            PageAt::Around(position) => {
                let half = limit / 2;
                let mut rows = store::before(conn, room, first, position, half).await?;
                rows.extend(store::from(conn, room, first.max(position), limit - half).await?);
                rows
            }
        };
        let (oldest, newest) = (rows.first().map(|row| row.position), rows.last().map(|row| row.position));
        let posts = opened(app, conn, standing, rows).await?;
        Ok(Page {
            posts,
            more_before: oldest.is_some_and(|position| position > first.0),
            more_after: newest.is_some_and(|position| position < standing.head.last_position.0),
        })
    }

    /// Posts that changed later than `change`, and whether there may be more.
    ///
    /// # Errors
    /// As [`History::page`].
    pub async fn changed_since(
        app: &App,
        conn: &mut Conn,
        standing: &Standing,
        change: Change,
        limit: u32,
    ) -> Result<(Vec<Post>, bool)> {
        let from = standing.membership.from_position;
        let (rows, more) = store::changed(conn, standing.room, standing.head, change, from, limit).await?;
        Ok((opened(app, conn, standing, rows).await?, more))
    }

    /// The newest post of each of a member's rooms, in short.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn last_posts(
        app: &App,
        conn: &mut Conn,
        account: AccountId,
    ) -> Result<HashMap<RoomId, LastPost>> {
        let mut lasts = HashMap::new();
        for row in store::lasts(conn, account).await? {
            let Ok(key) = app.keys.ready(KeyId(row.key_id)).await else { continue };
            let room = RoomId(row.post.room);
            lasts.extend(short(app, conn, &key, &row.post).await?.map(|last| (room, last)));
        }
        Ok(lasts)
    }

    /// The newest post of one room, in short.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn last_post(app: &App, conn: &mut Conn, standing: &Standing) -> Result<Option<LastPost>> {
        let first = standing.membership.from_position;
        let newest = store::before(conn, standing.room, first, Position(i64::MAX), 1).await?;
        match newest.first() {
            Some(row) => short(app, conn, &standing.opened_key(app).await?, row).await,
            None => Ok(None),
        }
    }
}

/// A post in short, for a line in the list; nothing when it does not open.
async fn short(app: &App, conn: &mut Conn, key: &Key, row: &PostRow) -> Result<Option<LastPost>> {
    let (Content::Text { text }, _) = content(key, row) else { return Ok(None) };
    let by = app.cards.one(app, conn, CardId(row.card)).await?.name.clone();
    let text = text.chars().take(limits::LAST_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
    Ok(Some(LastPost { by, text, at: Millis(row.written_at.unwrap_or(row.stored_at)) }))
}

async fn opened(app: &App, conn: &mut Conn, standing: &Standing, rows: Vec<PostRow>) -> Result<Vec<Post>> {
    let key = standing.opened_key(app).await?;
    let cards = app.cards.open(app, conn, rows.iter().map(|row| CardId(row.card))).await?;
    let posts = rows.into_iter().filter_map(|row| {
        let author = (**cards.get(&CardId(row.card))?).clone();
        let (content, about) = content(&key, &row);
        Some(Post {
            id: PostId(row.id),
            room: RoomId(row.room),
            position: Position(row.position),
            change: Change(row.change),
            author,
            stored_at: Millis(row.stored_at),
            written_at: row.written_at.map(Millis),
            reply_to: row.reply_to.map(PostId),
            about,
            content,
        })
    });
    Ok(posts.collect())
}

/// What a post says, and whom it is about. One that does not open is shown as such, so that paging goes on; it is logged by its
/// number.
fn content(key: &Key, row: &PostRow) -> (Content, Option<PatientId>) {
    match PostBody::open(key, (PostId(row.id), AccountId(row.author)), &row.sealed) {
        Ok(body) => (Content::Text { text: body.text }, body.about),
        Err(_) => {
            tracing::error!(room = %row.room, position = row.position, "a stored post does not open");
            (Content::Undecodable, None)
        }
    }
}
