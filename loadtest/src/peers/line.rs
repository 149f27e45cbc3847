//! One person's link to a peer: what the load may ask of either, and what it hears, in the same words.

use super::floor::wire::{self, Say};
use crate::{
    client::{Address, Link, Session, Socket},
    frame::{Brief, Posted},
    script::{self, Ids},
};
use anyhow::{Context, bail};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::{collections::HashMap, time::Duration};
use tokio_tungstenite::tungstenite::Message;
use tsumugi_protocol::{
    AccountId, AskPage, Command, Draft, MarkRead, Nothing, PageAt, Position, PostId, Preview, RoomId,
    SendPost, Sent,
};

/// What one person asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Post, with the token of its preview where there was one.
    Post(Option<String>),
    /// See who would read it.
    Preview,
    /// Load the newest page of the room.
    Page,
    /// Say that the room is read up to here.
    MarkRead(Position),
    /// Load the list of rooms.
    List,
}

/// How something was answered.
#[derive(Debug)]
pub enum Answer {
    /// The post is on the disk, at this place.
    Saved(Position),
    /// The preview's token.
    Previewed(String),
    /// Anything else that went well.
    Done,
    /// Refused with this code; to be tried again after that time at the earliest.
    Refused(String, Duration),
}

/// A post that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    /// Which.
    pub post: PostId,
    /// Where.
    pub room: RoomId,
    /// Its place.
    pub position: Position,
    /// By whom.
    pub author: AccountId,
    /// What its text tells of itself; none when it is not one of ours, unchanged.
    pub told: Option<script::Told>,
}

/// What one person hears.
#[derive(Debug)]
pub enum Heard {
    /// The answer to the ask of that number.
    Answer(u64, Answer),
    /// A post.
    Posted(Sight),
    /// Events were dropped; the server said so.
    Behind,
    /// Something else.
    Other,
}

/// An open link to either peer.
pub enum Line {
    /// To ours.
    Ours(Box<OurLine>),
    /// To the floor.
    Floor(Box<FloorLine>),
}

impl Line {
    /// Who this is.
    pub fn account(&self) -> AccountId {
        match self {
            Self::Ours(line) => line.account,
            Self::Floor(line) => wire::account_id(line.person),
        }
    }

    /// The id of a room, by its number in the world.
    pub fn room(&self, number: usize) -> Option<RoomId> {
        match self {
            Self::Ours(line) => line.rooms.get(&number).copied(),
            Self::Floor(_) => u32::try_from(number).ok().map(wire::room_id),
        }
    }

    /// Asks. The number comes back with the answer; a post's id and text tell it too.
    pub async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        match self {
            Self::Ours(line) => line.ask(ask, post).await,
            Self::Floor(line) => line.ask(ask, post).await,
        }
    }

    /// The next thing heard. May be dropped and called again without losing one.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        match self {
            Self::Ours(line) => line.hear().await,
            Self::Floor(line) => line.hear().await,
        }
    }
}

/// A post on its way out, or what is asked about one.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// Ids of the cell.
    pub ids: Ids,
    /// What its text tells.
    pub told: script::Told,
    /// Number of its room.
    pub room: usize,
}

/// A link to our server.
pub struct OurLine {
    link: Link,
    account: AccountId,
    rooms: HashMap<usize, RoomId>,
    waiting: HashMap<u64, (u64, Ask)>,
}

impl OurLine {
    /// Opens it and learns the rooms.
    pub async fn open(address: &Address, session: &Session) -> anyhow::Result<Self> {
        let mut link = address.link(session).await?;
        let rooms = link.rooms().await?.into_iter();
        let rooms =
            rooms.filter_map(|room| Some((script::number_of_title(room.title.as_deref()?)?, room.id)));
        Ok(Self { rooms: rooms.collect(), link, account: session.account, waiting: HashMap::new() })
    }

    async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        let room = *self.rooms.get(&post.room).context("not a room of this person")?;
        let draft = || Draft {
            room,
            post: post.ids.id(post.told.number),
            text: script::body(post.told),
            reply_to: None,
        };
        let command = match ask {
            Ask::Post(token) => {
                Command::Send(SendPost { draft: draft(), token: token.clone(), acknowledged: Vec::new() })
            }
            Ask::Preview => Command::Preview(draft()),
            Ask::Page => Command::PageRoom(AskPage { room, at: PageAt::End, limit: None }),
            Ask::MarkRead(position) => Command::MarkRead(MarkRead { room, position: *position }),
            Ask::List => Command::ListRooms(Nothing {}),
        };
        let asked = self.link.send(&command).await?;
        self.waiting.insert(asked, (post.told.number, ask.clone()));
        Ok(())
    }

    async fn hear(&mut self) -> anyhow::Result<Heard> {
        let text = self.link.hear_text().await?;
        Ok(match Brief::read(&text)? {
            Brief::Posted(Posted { post, room, position, author, text }) => {
                Heard::Posted(Sight { post, room, position, author, told: script::read_body(&text) })
            }
            Brief::Answer { id, answer } => {
                let (number, ask) = self.waiting.remove(&id).context("an answer to nothing")?;
                let answer = match (answer, ask) {
                    (Err(refused), _) => Answer::Refused(
                        refused.code,
                        Duration::from_millis(refused.retry_after_ms.unwrap_or_default()),
                    ),
                    (Ok(reply), Ask::Post(_)) => {
                        let Sent::Saved { position, .. } = serde_json::from_str(reply.get())?;
                        Answer::Saved(position)
                    }
                    (Ok(reply), Ask::Preview) => {
                        Answer::Previewed(serde_json::from_str::<Preview>(reply.get())?.token)
                    }
                    (Ok(_), Ask::Page | Ask::MarkRead(_) | Ask::List) => Answer::Done,
                };
                Heard::Answer(number, answer)
            }
            Brief::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
            Brief::Behind => Heard::Behind,
            Brief::Other => Heard::Other,
        })
    }
}

/// A link to the floor.
pub struct FloorLine {
    socket: Socket,
    person: u32,
}

impl FloorLine {
    /// Opens it and joins the rooms.
    pub async fn open(address: &Address, person: usize, rooms: &[usize]) -> anyhow::Result<Self> {
        let person = u32::try_from(person)?;
        let rooms = rooms.iter().map(|room| u32::try_from(*room)).collect::<Result<_, _>>()?;
        let mut socket = address.open("/", None).await?;
        socket.send(Message::Binary(wire::Ask::Join { person, rooms }.write())).await?;
        Ok(Self { socket, person })
    }

    async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        anyhow::ensure!(*ask == Ask::Post(None), "the floor knows nothing but posts");
        let frame = wire::Ask::Post {
            room: u32::try_from(post.room)?,
            id: post.ids.id(post.told.number).0.as_u128(),
            body: Bytes::from(script::body(post.told)),
        };
        self.socket.send(Message::Binary(frame.write())).await.context("a link broke while sending")
    }

    async fn hear(&mut self) -> anyhow::Result<Heard> {
        loop {
            let frame = match self.socket.next().await {
                Some(Ok(Message::Binary(frame))) => frame,
                Some(Ok(Message::Close(_))) | None => bail!("the floor closed a link"),
                Some(Ok(_)) => continue,
                Some(Err(error)) => return Err(error).context("a link broke"),
            };
            return Ok(match Say::read(frame).context("the floor said something unreadable")? {
                Say::Saved { id, position } => {
                    let (post, position) = wire::place(id, position);
                    Heard::Answer(Ids::number_in(post), Answer::Saved(position))
                }
                Say::Posted { room, id, position, author, body } => {
                    let (post, position) = wire::place(id, position);
                    let told = std::str::from_utf8(&body).ok().and_then(script::read_body);
                    let (room, author) = (wire::room_id(room), wire::account_id(author));
                    Heard::Posted(Sight { post, room, position, author, told })
                }
            });
        }
    }
}
