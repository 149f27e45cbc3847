//! One person's link to our server: the load's words as commands of the protocol, and back.

use super::line::{Answer, Ask, Heard, Outgoing, Sight};
use crate::{
    client::{Address, Link, Session},
    frame::{Brief, Posted},
    script,
};
use anyhow::{Context, bail};
use std::{collections::HashMap, time::Duration};
use tsumugi_protocol::{
    AccountId, AskPage, Command, Draft, MarkRead, Nothing, PageAt, Preview, RoomId, SendPost, Sent,
};

/// A link to our server.
pub struct OurLine {
    link: Link,
    /// Who this is.
    pub account: AccountId,
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

    /// The id of a room, by its number in the world.
    pub fn room(&self, number: usize) -> Option<RoomId> {
        self.rooms.get(&number).copied()
    }

    /// Asks.
    pub async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        let room = *self.rooms.get(&post.room).context("not a room of this person")?;
        let draft = || Draft {
            room,
            post: post.ids.id(post.told.number),
            text: script::body(post.told),
            reply_to: None,
            about: None,
        };
        let command = match ask {
            Ask::Post(token) => Command::Send(SendPost {
                draft: draft(),
                token: token.clone(),
                acknowledged: Vec::new(),
                without_patient_data: true,
            }),
            Ask::Preview => Command::Preview(draft()),
            Ask::Page => Command::PageRoom(AskPage { room, at: PageAt::End, limit: None }),
            Ask::MarkRead(position) => Command::MarkRead(MarkRead { room, position: *position }),
            Ask::List => Command::ListRooms(Nothing {}),
        };
        let asked = self.link.send(&command).await?;
        self.waiting.insert(asked, (post.told.number, ask.clone()));
        Ok(())
    }

    /// The next thing heard.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
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
