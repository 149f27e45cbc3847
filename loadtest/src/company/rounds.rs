//! One post in flight in each room of a company (closed loop): whoever's turn it is posts when the last post reaches her.

use super::{Company, Member, Meter, Used};
use crate::{
    frame::Frame,
    latency::Latency,
    script::{self, Ids},
};
use anyhow::{Context, bail};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::{
    task::JoinSet,
    time::{sleep_until, timeout_at},
};
use tsumugi_protocol::{Command, Event, Focus, MarkRead, Position, Post};

/// After the end: what is still under way arrives in this time.
const REST: Duration = Duration::from_millis(500);
/// How long our client gathers what was read (`READ_MS` in its desk).
const GATHER: Duration = Duration::from_millis(400);
/// A post's number tells when it left, in microseconds since the load began, and below it its author's place.
const PLACE_BITS: u32 = 8;
const PLACES: u64 = (1 << PLACE_BITS) - 1;

/// What a reader says about what she has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Nothing.
    None,
    /// After every post that reaches her, that she has read it.
    EveryPost,
    /// As our own client does: what came within 400 ms, once.
    Gathered,
}

/// What came of it.
pub struct Rounds {
    /// Posts that reached another member in the measured time.
    pub deliveries: u64,
    /// Post to the socket of another member.
    pub times: Latency,
    /// Refusals by code; the author waited and tried again.
    pub refused: BTreeMap<String, u64>,
    /// What it took.
    pub used: Used,
}

/// When the counted time begins and ends.
#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    from: Instant,
    to: Instant,
}

/// One person in her room.
struct Turns {
    ids: Ids,
    member: Member,
    /// Among all people, and in her room.
    person: usize,
    place: u64,
    room_of: u64,
    marks: Marks,
    window: Window,
    /// The last post that waits for its answer.
    sent: Option<u64>,
    /// The last post that she has not said to have read, and when she will.
    unread: Option<(Position, Instant)>,
    times: Latency,
    refused: BTreeMap<String, u64>,
}

impl Rounds {
    /// The server's CPU for one delivery, in microseconds.
    pub fn each_us(&self) -> f64 {
        self.used.each_us(self.deliveries)
    }
}

impl Company {
    /// Lets the turn go round in every room.
    pub async fn post_in_turns(
        &mut self,
        marks: Marks,
        warm_up: Duration,
        length: Duration,
    ) -> anyhow::Result<Rounds> {
        let (ids, began) = (Ids::new(), Instant::now());
        let window = Window { began, from: began + warm_up, to: began + warm_up + length };
        let room_of = self.room_of as u64;
        let mut links = JoinSet::new();
        for (person, member) in self.members.drain(..).enumerate() {
            let place = person as u64 % room_of;
            let (sent, unread, times, refused) = (None, None, Latency::new()?, BTreeMap::new());
            let turns =
                Turns { ids, member, person, place, room_of, marks, window, sent, unread, times, refused };
            links.spawn(turns.go_round());
        }
        sleep_until(window.from.into()).await;
        let meter = Meter::start(self.server)?;
        sleep_until(window.to.into()).await;
        let used = meter.used()?;
        let (mut times, mut refused, mut all) = (Latency::new()?, BTreeMap::new(), Vec::new());
        while let Some(turns) = links.join_next().await {
            let turns = turns??;
            times.merge(&turns.times)?;
            for (code, count) in &turns.refused {
                *refused.entry(code.clone()).or_default() += count;
            }
            all.push(turns);
        }
        all.sort_by_key(|turns| turns.person);
        self.members = all.into_iter().map(|turns| turns.member).collect();
        Ok(Rounds { deliveries: times.count(), times, refused, used })
    }
}

impl Turns {
    async fn go_round(mut self) -> anyhow::Result<Self> {
        let room = self.member.room;
        self.member.link.send(&Command::Focus(Focus { room: Some(room) })).await?;
        if self.place == 0 {
            self.post().await?;
        }
        let end = self.window.to + REST;
        loop {
            let wake = self.unread.map_or(end, |(_, due)| due.min(end));
            let Ok(frame) = timeout_at(wake.into(), self.member.link.hear()).await else {
                match self.unread.take() {
                    Some((position, due)) if due < end => self.mark(position).await?,
                    _ => return Ok(self),
                }
                continue;
            };
            match frame? {
                Frame::Event(event) => {
                    if let Event::Posted { post, .. } = *event {
                        self.note(&post).await?;
                    }
                }
                Frame::Answer { id, answer: Err(refused) } if self.sent == Some(id) => {
                    let wait = refused.retry_after_ms.context("a post was refused for good")?;
                    *self.refused.entry(refused.code).or_default() += 1;
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                    self.post().await?;
                }
                Frame::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
                Frame::Answer { .. } | Frame::Unknown => {}
            }
        }
    }

    async fn note(&mut self, post: &Post) -> anyhow::Result<()> {
        let Some(number) = self.ids.number(post.id) else { return Ok(()) };
        if post.author.account != self.member.session.account {
            let now = Instant::now();
            let sent = self.window.began + Duration::from_micros(number >> PLACE_BITS);
            if self.window.from <= now && now < self.window.to {
                self.times.add(now.saturating_duration_since(sent));
            }
            match self.marks {
                Marks::None => {}
                Marks::EveryPost => self.mark(post.position).await?,
                Marks::Gathered => {
                    let due = self.unread.map_or(now + GATHER, |(_, due)| due);
                    self.unread = Some((post.position, due));
                }
            }
        }
        if ((number & PLACES) + 1) % self.room_of == self.place {
            self.post().await?;
        }
        Ok(())
    }

    async fn mark(&mut self, position: Position) -> anyhow::Result<()> {
        let mark = MarkRead { room: self.member.room, position };
        self.member.link.send(&Command::MarkRead(mark)).await?;
        Ok(())
    }

    async fn post(&mut self) -> anyhow::Result<()> {
        if Instant::now() >= self.window.to {
            return Ok(());
        }
        let since = u64::try_from(self.window.began.elapsed().as_micros())?;
        let number = since << PLACE_BITS | self.place;
        let command = crate::scenario::post(self.member.room, self.ids.id(number), script::text(since));
        self.sent = Some(self.member.link.send(&command).await?);
        Ok(())
    }
}
