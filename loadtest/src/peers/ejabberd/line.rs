//! One person's stream to ejabberd, in the load's words.

use super::{
    stanza::Stanza,
    stream::{self, Stream},
};
use crate::{
    client::Address,
    peers::{
        floor::wire,
        line::{Answer, Ask, Heard, Outgoing, Sight},
    },
    script::{self, Ids},
};
use anyhow::bail;
use std::collections::HashMap;
use tsumugi_protocol::{Position, PostId};

/// A stream to ejabberd.
pub struct EjabberdLine {
    stream: Stream,
    /// Number of the person.
    pub person: u32,
    places: HashMap<u32, i64>,
    echo: Option<Sight>,
}

impl EjabberdLine {
    /// Opens it and enters the rooms.
    pub async fn open(address: &Address, person: usize, rooms: &[usize]) -> anyhow::Result<Self> {
        let mut stream = Stream::open(address, person).await?;
        for room in rooms {
            stream.enter(*room).await?;
        }
        Ok(Self { stream, person: u32::try_from(person)?, places: HashMap::new(), echo: None })
    }

    /// Asks; of what the load asks, it knows nothing but posts.
    pub async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        anyhow::ensure!(*ask == Ask::Post(None), "ejabberd is asked for nothing but posts");
        let id = post.ids.id(post.told.number).0.to_string();
        self.stream.say(post.room, &id, &script::body(post.told)).await
    }

    /// The next thing heard. An author's own copy is also the answer to her: the archive has it by then.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        if let Some(echo) = self.echo.take() {
            return Ok(Heard::Posted(echo));
        }
        let heard = self.stream.hear().await?;
        if heard.kind.as_deref() == Some("error") {
            bail!("ejabberd refused something: {}", heard.words());
        }
        let Some(sight) = self.sight(&heard) else { return Ok(Heard::Other) };
        if sight.author == wire::account_id(self.person) {
            self.echo = Some(sight);
            return Ok(Heard::Answer(Ids::number_in(sight.post), Answer::Saved(sight.position)));
        }
        Ok(Heard::Posted(sight))
    }

    /// The post that a stanza is; none when it is something else.
    fn sight(&mut self, heard: &Stanza) -> Option<Sight> {
        let body = heard.body.as_deref().filter(|_| heard.name == "message")?;
        let (room, author) = stream::occupant(heard.from.as_deref()?)?;
        let post = PostId(heard.id.as_deref()?.parse().ok()?);
        // Rooms number nothing. Everybody is in from the beginning, so that her n-th post must be everybody's n-th.
        let place = self.places.entry(room).or_default();
        *place += 1;
        let position = Position(*place);
        let (room, author) = (wire::room_id(room), wire::account_id(author));
        Some(Sight { post, room, position, author, told: script::read_body(body) })
    }
}
