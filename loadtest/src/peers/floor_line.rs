//! One person's link to the floor, in the load's words.

use super::{
    floor::wire::{self, Say},
    line::{Answer, Ask, Heard, Outgoing, Sight},
};
use crate::{
    client::{Address, Socket},
    script::{self, Ids},
};
use anyhow::{Context, bail};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

/// A link to the floor.
pub struct FloorLine {
    socket: Socket,
    /// Number of the person.
    pub person: u32,
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

    /// Asks; it knows nothing but posts.
    pub async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        anyhow::ensure!(*ask == Ask::Post(None), "the floor knows nothing but posts");
        let frame = wire::Ask::Post {
            room: u32::try_from(post.room)?,
            id: post.ids.id(post.told.number).0.as_u128(),
            body: Bytes::from(script::body(post.told)),
        };
        self.socket.send(Message::Binary(frame.write())).await.context("a link broke while sending")
    }

    /// The next thing heard.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
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
