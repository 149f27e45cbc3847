//! Posts by the clock into the rooms of a company (open loop): a post is due when it is due, whatever the answers do.
//!
//! Each time runs from the moment its post was due, so that a stall counts for everything it held up. Every arrival is
//! kept and checked against what was acknowledged.

use super::{Company, Member, Meter, Used};
use crate::{
    checker::{Attempt, Faults, Ledger, Listener, Sighting},
    frame::Frame,
    latency::Latency,
    script::Ids,
};
use anyhow::{Context, bail};
use serde_json::value::RawValue;
use std::{
    collections::{BTreeMap, HashMap},
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::sleep_until,
};
use tsumugi_protocol::{Content, Event, Position, Post, Refused, Sent};

/// After the last post: a link that has heard everything it is owed waits this long for what it is not owed.
const SURPLUS: Duration = Duration::from_millis(500);
/// After the last post: a link that misses something waits this long since it last heard anything.
const PATIENCE: Duration = Duration::from_secs(8);

/// How fast, how long, and what is written.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Posts a second in all rooms together.
    pub rate: u64,
    /// Time before measuring starts.
    pub warm_up: Duration,
    /// Time that is measured.
    pub length: Duration,
    /// The text of a post, by its number.
    pub text: fn(u64) -> String,
}

/// What came of it.
pub struct Clocked {
    /// Due to the socket of each other member.
    pub deliveries: Latency,
    /// Due to the acknowledgement.
    pub acks: Latency,
    /// Posts that were sent, warm-up included.
    pub posts: u64,
    /// Refusals by code.
    pub refused: BTreeMap<String, u64>,
    /// Refusals as busy that named no time to try again.
    pub without_retry: u64,
    /// Links that were told `behind`.
    pub behind: u64,
    /// What must not happen.
    pub faults: Faults,
    /// What it took.
    pub used: Used,
}

/// Which post is due when, and by whom.
struct Plan {
    ids: Ids,
    start: Instant,
    pace: Pace,
    warm_up: u64,
    posts: u64,
    rooms: u64,
    room_of: u64,
    /// Refused posts of each room: its members no longer wait for them.
    refused: Vec<AtomicU64>,
}

/// What happened on one link.
struct Attended {
    person: u64,
    listener: Listener,
    deliveries: Latency,
    acks: Latency,
    acknowledged: HashMap<u64, Position>,
    refused: HashMap<u64, Refused>,
    behind: u64,
    foreign: u64,
}

impl Company {
    /// Lets everybody post by the clock, in turn.
    pub async fn post_by_clock(&mut self, pace: Pace) -> anyhow::Result<Clocked> {
        let plan = Arc::new(Plan::of(pace, self.rooms(), self.room_of));
        let mut orders = Vec::with_capacity(self.members.len());
        let mut links = JoinSet::new();
        for (person, member) in self.members.drain(..).enumerate() {
            let (give, take) = unbounded_channel();
            orders.push(give);
            links.spawn(attend(plan.clone(), person as u64, member, take));
        }
        let meter = Meter::start(self.server)?;
        dictate(&plan, orders).await;
        let used = meter.used()?;
        let mut all = Vec::new();
        while let Some(link) = links.join_next().await {
            all.push(link??);
        }
        all.sort_by_key(|(attended, _)| attended.person);
        let (attended, members): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        self.members = members;
        self.told(&plan, attended, used)
    }

    fn told(&self, plan: &Plan, attended: Vec<Attended>, used: Used) -> anyhow::Result<Clocked> {
        let (mut deliveries, mut acks) = (Latency::new()?, Latency::new()?);
        let (mut refused, mut without_retry, mut behind) = (BTreeMap::new(), 0, 0);
        let mut ledger = Ledger::default();
        for number in 0..plan.posts {
            let author = self.members.get(usize::try_from(plan.author(number))?).context("no author")?;
            let attempt = Attempt { room: author.room, author: author.session.account };
            ledger.attempts.insert(plan.ids.id(number), attempt);
        }
        for link in attended {
            deliveries.merge(&link.deliveries)?;
            acks.merge(&link.acks)?;
            behind += link.behind;
            let acknowledged = link.acknowledged.into_iter();
            ledger.acknowledged.extend(acknowledged.map(|(number, at)| (plan.ids.id(number), at)));
            for (number, refusal) in link.refused {
                ledger.refused.insert(plan.ids.id(number));
                without_retry += u64::from(refusal.retry_after_ms.is_none());
                *refused.entry(refusal.code).or_default() += 1;
            }
            ledger.listeners.push(link.listener);
        }
        let (posts, faults) = (plan.posts, ledger.judge());
        Ok(Clocked { deliveries, acks, posts, refused, without_retry, behind, faults, used })
    }
}

impl Clocked {
    /// Notes on what was refused, and on links that were told `behind`.
    pub fn refusals(&self, when: &str) -> Vec<String> {
        let refused = self.refused.iter().map(|(code, count)| format!("{when}: refused {count} ×: {code}"));
        let behind = (self.behind > 0).then(|| format!("{when}: {} times `behind`", self.behind));
        refused.chain(behind).collect()
    }
}

impl Plan {
    fn of(pace: Pace, rooms: usize, room_of: usize) -> Self {
        let posts_in =
            |time: Duration| u64::try_from(time.as_millis()).unwrap_or_default() * pace.rate / 1_000;
        let warm_up = posts_in(pace.warm_up);
        Self {
            ids: Ids::new(),
            start: Instant::now() + Duration::from_millis(200),
            pace,
            warm_up,
            posts: warm_up + posts_in(pace.length),
            rooms: rooms as u64,
            room_of: room_of as u64,
            refused: (0..rooms).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    fn due(&self, number: u64) -> Instant {
        self.start + Duration::from_nanos(number * 1_000_000_000 / self.pace.rate.max(1))
    }

    /// Round and round the rooms, and in each round the rooms' members.
    const fn author(&self, number: u64) -> u64 {
        let room = number % self.rooms;
        room * self.room_of + (number / self.rooms) % self.room_of
    }

    /// Posts of one room, and those of them that one person sends.
    fn share(&self, person: u64) -> (u64, u64) {
        let (room, place) = (person / self.room_of, person % self.room_of);
        let in_room = self.posts / self.rooms + u64::from(room < self.posts % self.rooms);
        let mine = in_room / self.room_of + u64::from(place < in_room % self.room_of);
        (in_room, mine)
    }

    fn refused_in(&self, room: u64) -> Option<&AtomicU64> {
        self.refused.get(usize::try_from(room).unwrap_or_default())
    }
}

/// Tells everybody when to post.
async fn dictate(plan: &Plan, orders: Vec<UnboundedSender<u64>>) {
    for number in 0..plan.posts {
        sleep_until(plan.due(number).into()).await;
        let author = usize::try_from(plan.author(number)).unwrap_or_default();
        // A link that is gone has its error told when it is joined.
        orders.get(author).map(|link| link.send(number).ok());
    }
}

/// One person: posts when told, notes everything that arrives.
async fn attend(
    plan: Arc<Plan>,
    person: u64,
    mut member: Member,
    mut orders: UnboundedReceiver<u64>,
) -> anyhow::Result<(Attended, Member)> {
    let mut attended = Attended::of(person, &member)?;
    let mut sent: HashMap<u64, u64> = HashMap::new();
    let (mut is_open, mut last_heard) = (true, Instant::now());
    loop {
        let patience = last_heard + if attended.has_all(&plan) { SURPLUS } else { PATIENCE };
        let end = async { if is_open { pending().await } else { sleep_until(patience.into()).await } };
        tokio::select! {
            frame = member.link.hear() => {
                last_heard = Instant::now();
                match frame? {
                    Frame::Event(event) => attended.note_event(&plan, *event, last_heard),
                    // Answers to what was asked before this load began are none of its own.
                    Frame::Answer { id, answer } => if let Some(number) = sent.remove(&id) {
                        attended.note_answer(&plan, number, answer, last_heard)?;
                    },
                    Frame::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
                    Frame::Unknown => {}
                }
            }
            order = orders.recv(), if is_open => match order {
                Some(number) => {
                    let post = crate::scenario::post(member.room, plan.ids.id(number), (plan.pace.text)(number));
                    sent.insert(member.link.send(&post).await?, number);
                }
                None => (is_open, last_heard) = (false, Instant::now()),
            },
            () = end => return Ok((attended, member)),
        }
    }
}

impl Attended {
    fn of(person: u64, member: &Member) -> anyhow::Result<Self> {
        Ok(Self {
            person,
            listener: Listener { account: member.session.account, room: member.room, heard: Vec::new() },
            deliveries: Latency::new()?,
            acks: Latency::new()?,
            acknowledged: HashMap::new(),
            refused: HashMap::new(),
            behind: 0,
            foreign: 0,
        })
    }

    /// Whether nothing is owed any more: every own post is answered, every other one heard or refused.
    fn has_all(&self, plan: &Plan) -> bool {
        let (in_room, mine) = plan.share(self.person);
        let answered = (self.acknowledged.len() + self.refused.len()) as u64;
        let refused =
            plan.refused_in(self.person / plan.room_of).map_or(0, |count| count.load(Ordering::Relaxed));
        answered >= mine && self.foreign + refused >= in_room - mine + self.refused.len() as u64
    }

    fn note_event(&mut self, plan: &Plan, event: Event, at: Instant) {
        let post = match event {
            Event::Posted { post, .. } => post,
            Event::Behind => return self.behind += 1,
            Event::MemberChanged { .. }
            | Event::RoomAdded { .. }
            | Event::Receipts { .. }
            | Event::Read { .. } => return,
        };
        // What an earlier load left on its way is none of this one.
        let Some(number) = plan.ids.number(post.id) else { return };
        self.listener.heard.push(sighting(plan, &post, number));
        if post.author.account == self.listener.account {
            return;
        }
        self.foreign += 1;
        if number >= plan.warm_up {
            self.deliveries.add(at.saturating_duration_since(plan.due(number)));
        }
    }

    fn note_answer(
        &mut self,
        plan: &Plan,
        number: u64,
        answer: Result<Box<RawValue>, Refused>,
        at: Instant,
    ) -> anyhow::Result<()> {
        match answer {
            Ok(reply) => {
                let Sent::Saved { position, .. } = serde_json::from_str(reply.get())?;
                self.acknowledged.insert(number, position);
                if number >= plan.warm_up {
                    self.acks.add(at.saturating_duration_since(plan.due(number)));
                }
            }
            Err(refused) => {
                if let Some(count) = plan.refused_in(self.person / plan.room_of) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                self.refused.insert(number, refused);
            }
        }
        Ok(())
    }
}

fn sighting(plan: &Plan, post: &Post, number: u64) -> Sighting {
    let faithful = match &post.content {
        Content::Text { text } => *text == (plan.pace.text)(number),
        Content::Undecodable => false,
    };
    let author = post.author.account;
    Sighting { post: post.id, room: post.room, position: post.position, author, faithful }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybodys_share_is_what_she_is_told_to_post() {
        let pace = Pace {
            rate: 203,
            warm_up: Duration::from_secs(1),
            length: Duration::from_secs(4),
            text: crate::script::text,
        };
        let plan = Plan::of(pace, 25, 8);
        assert_eq!((plan.posts, plan.warm_up), (1_015, 203));
        for person in 0..200 {
            let told = (0..plan.posts).filter(|number| plan.author(*number) == person).count() as u64;
            let in_room = (0..plan.posts).filter(|number| number % 25 == person / 8).count() as u64;
            assert_eq!(plan.share(person), (in_room, told));
        }
        assert_eq!(plan.due(203) - plan.start, Duration::from_secs(1));
    }
}
