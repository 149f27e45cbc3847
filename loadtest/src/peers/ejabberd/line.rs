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
    ears: Ears,
    echo: Option<Sight>,
}

/// Turns stanzas into sights. Rooms number nothing, but everybody is in from the beginning: her n-th post of a room must be
/// everybody's n-th.
#[derive(Default)]
struct Ears {
    heard: HashMap<u32, i64>,
}

impl EjabberdLine {
    /// Opens it and enters the rooms.
    pub async fn open(address: &Address, person: usize, rooms: &[usize]) -> anyhow::Result<Self> {
        let mut stream = Stream::open(address, person).await?;
        for room in rooms {
            stream.enter(*room).await?;
        }
        Ok(Self { stream, person: u32::try_from(person)?, ears: Ears::default(), echo: None })
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
        let stanza = self.stream.hear().await?;
        let Some(sight) = self.ears.take(&stanza)? else { return Ok(Heard::Other) };
        if sight.author == wire::account_id(self.person) {
            self.echo = Some(sight);
            return Ok(Heard::Answer(Ids::number_in(sight.post), Answer::Saved(sight.position)));
        }
        Ok(Heard::Posted(sight))
    }
}

impl Ears {
    /// The post that a stanza is; none when it is something else. A refusal is an error: nothing here may be refused.
    fn take(&mut self, stanza: &Stanza) -> anyhow::Result<Option<Sight>> {
        if stanza.kind.as_deref() == Some("error") {
            bail!("ejabberd refused something: {}", stanza.words());
        }
        Ok(self.sight(stanza))
    }

    fn sight(&mut self, stanza: &Stanza) -> Option<Sight> {
        let body = stanza.body.as_deref().filter(|_| stanza.name == "message")?;
        let (room, author) = stream::occupant(stanza.from.as_deref()?)?;
        let post = PostId(stanza.id.as_deref()?.parse().ok()?);
        let place = self.heard.entry(room).or_default();
        *place += 1;
        let position = Position(*place);
        let (room, author) = (wire::room_id(room), wire::account_id(author));
        Some(Sight { post, room, position, author, told: script::read_body(body) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Told;

    fn post(ids: Ids, number: u64, room: u32, text: &str) -> Stanza {
        Stanza {
            name: "message".into(),
            kind: Some("groupchat".into()),
            from: Some(format!("room{room}@rooms.localhost/p3")),
            id: Some(ids.id(number).0.to_string()),
            body: Some(text.into()),
            is_own_entry: false,
        }
    }

    #[test]
    fn posts_are_counted_room_by_room_and_tell_what_they_were() {
        let (ids, mut ears) = (Ids::new(), Ears::default());
        let body = script::body(Told { number: 8, due: 5 });
        let mut take = |number, room, text: &str| ears.take(&post(ids, number, room, text)).unwrap().unwrap();
        let sights = [take(7, 1, "changed"), take(8, 1, &body), take(9, 2, &body)];
        assert_eq!(sights.map(|sight| sight.position), [1, 2, 1].map(Position));
        assert_eq!(sights.map(|sight| sight.post), [7, 8, 9].map(|number| ids.id(number)));
        assert_eq!(sights.map(|sight| sight.room), [1, 1, 2].map(wire::room_id));
        assert!(sights.iter().all(|sight| sight.author == wire::account_id(3)));
        assert_eq!(sights.map(|sight| sight.told.map(|told| told.number)), [None, Some(8), Some(8)]);
    }

    #[test]
    fn other_stanzas_are_no_posts_and_a_refusal_is_an_error() {
        let (ids, mut ears) = (Ids::new(), Ears::default());
        let subject = Stanza { body: None, ..post(ids, 1, 1, "") };
        let of_the_room = Stanza { from: Some("room1@rooms.localhost".into()), ..post(ids, 1, 1, "x") };
        let presence = Stanza { name: "presence".into(), ..post(ids, 1, 1, "x") };
        for stanza in [subject, of_the_room, presence] {
            assert!(ears.take(&stanza).unwrap().is_none(), "{stanza:?}");
        }
        let refused = Stanza { kind: Some("error".into()), ..post(ids, 1, 1, "x") };
        assert!(ears.take(&refused).is_err());
    }
}
