//! A steady stream of posts into rooms where everybody is on line: post to the socket of each other member.
//!
//! Open loop: posts leave by the clock whatever the answers do, and each time runs from the moment its post was due, so
//! that a stall counts for everything it held up. Every arrival is kept and checked against what was acknowledged.

use super::{come_on_line, post};
use crate::{
    checker::{Attempt, Ledger, Listener, Sighting},
    client::{Link, Session},
    frame::Frame,
    latency::Latency,
    machine, progress,
    report::{Figure, Section, Target},
    script::{self, Ids},
    server::Server,
    settings::Settings,
};
use anyhow::{Context, bail};
use std::{
    collections::{BTreeMap, HashMap},
    future::pending,
    time::{Duration, Instant},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::sleep_until,
};
use tsumugi_protocol::{AccountId, Content, Event, Position, Post, RoomId, Sent};

/// After the last post: a link that has heard everything it is owed waits this long for what it is not owed.
const SURPLUS: Duration = Duration::from_millis(500);
/// After the last post: a link that misses something waits this long since it last heard anything.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which post is due when, and by whom.
#[derive(Debug, Clone, Copy)]
struct Plan {
    ids: Ids,
    start: Instant,
    rate: u64,
    warm_up: u64,
    posts: u64,
    rooms: u64,
    room_of: u64,
}

/// What happened on one link.
struct Attended {
    listener: Listener,
    deliveries: Latency,
    acks: Latency,
    acknowledged: HashMap<u64, Position>,
    refused: BTreeMap<u64, String>,
    behind: u64,
}

/// Measures it.
pub async fn run(server: &Server, settings: &Settings) -> anyhow::Result<Section> {
    let people = settings.delivery_rooms * settings.room_of;
    let about = format!(
        "{} posts/s by the clock into {} rooms of {}, all on line",
        settings.delivery_rate, settings.delivery_rooms, settings.room_of
    );
    let mut section = Section::of("delivery", about);
    let on_line = come_on_line(server, &(0..people).collect::<Vec<_>>()).await?;
    let plan = Plan::of(settings, Instant::now() + Duration::from_millis(500));
    let mut orders = Vec::with_capacity(people);
    let mut links = JoinSet::new();
    let mut authors = Vec::with_capacity(people);
    for (index, (session, link)) in on_line.into_iter().enumerate() {
        let (give, take) = unbounded_channel();
        orders.push(give);
        authors.push(session.account);
        links.spawn(attend(plan, index as u64, session, link, take));
    }
    let seconds = Duration::from_secs(settings.delivery_seconds) + settings.warm_up();
    let clock = progress::clock("posts reach the others", seconds);
    let before = (machine::cpu_time(server.process())?, Instant::now());
    dictate(plan, orders).await;
    let used = machine::cpu_time(server.process())? - before.0;
    let cores = used.as_secs_f64() / before.1.elapsed().as_secs_f64();
    drop(clock);
    let mut attended = Vec::with_capacity(people);
    while let Some(link) = links.join_next().await {
        attended.push(link??);
    }
    let (mut deliveries, mut acks) = (Latency::new()?, Latency::new()?);
    for link in &attended {
        deliveries.merge(&link.deliveries)?;
        acks.merge(&link.acks)?;
    }
    let behind: u64 = attended.iter().map(|link| link.behind).sum();
    let refused: Vec<String> = attended.iter().flat_map(|link| link.refused.values().cloned()).collect();
    section.faults = ledger(plan, &authors, attended)?.judge();
    section.figures = vec![
        Figure::plain("delivered, p50", "ms", deliveries.percentile(50.0)),
        Figure::against("delivered, p99", "ms", deliveries.percentile(99.0), Target::AtMost(30.0)),
        Figure::plain("delivered, p99.9", "ms", deliveries.percentile(99.9)),
        Figure::against("faults of any kind", "", section.faults.total() as f64, Target::AtMost(0.0)),
        Figure::plain("server", "cores", cores),
        Figure::plain("server CPU a post", "µs", used.as_secs_f64() * 1e6 / plan.posts as f64),
    ];
    section.spreads =
        vec![deliveries.spread("due to socket of another member"), acks.spread("due to acknowledgement")];
    if behind > 0 {
        section.notes.push(format!("{behind} links were told `behind`"));
    }
    if let Some(code) = refused.first() {
        section.notes.push(format!("{} posts were refused, the first with {code}", refused.len()));
    }
    Ok(section)
}

impl Plan {
    fn of(settings: &Settings, start: Instant) -> Self {
        let warm_up = settings.warm_up_seconds * settings.delivery_rate;
        Self {
            ids: Ids::new(),
            start,
            rate: settings.delivery_rate,
            warm_up,
            posts: warm_up + settings.delivery_seconds * settings.delivery_rate,
            rooms: settings.delivery_rooms as u64,
            room_of: settings.room_of as u64,
        }
    }

    fn due(&self, number: u64) -> Instant {
        self.start + Duration::from_nanos(number * 1_000_000_000 / self.rate)
    }

    /// Round and round the rooms, and in each round the rooms' members.
    const fn author(&self, number: u64) -> u64 {
        let room = number % self.rooms;
        room * self.room_of + (number / self.rooms) % self.room_of
    }

    /// Posts that this person sends, and posts that the others in her room send.
    fn share(&self, person: u64) -> (u64, u64) {
        let room = person / self.room_of;
        let in_room = (0..self.posts).filter(|number| number % self.rooms == room);
        let (mine, others): (Vec<u64>, Vec<u64>) = in_room.partition(|number| self.author(*number) == person);
        (mine.len() as u64, others.len() as u64)
    }
}

/// Tells everybody when to post.
async fn dictate(plan: Plan, orders: Vec<UnboundedSender<u64>>) {
    for number in 0..plan.posts {
        sleep_until(plan.due(number).into()).await;
        let author = usize::try_from(plan.author(number)).unwrap_or_default();
        // A link that is gone has its error told when it is joined.
        orders.get(author).map(|link| link.send(number).ok());
    }
}

/// One person: posts when told, notes everything that arrives.
async fn attend(
    plan: Plan,
    person: u64,
    session: Session,
    mut link: Link,
    mut orders: UnboundedReceiver<u64>,
) -> anyhow::Result<Attended> {
    let room = link.only_room().await?;
    let (mine, others) = plan.share(person);
    let mut attended = Attended {
        listener: Listener { account: session.account, room, heard: Vec::new() },
        deliveries: Latency::new()?,
        acks: Latency::new()?,
        acknowledged: HashMap::new(),
        refused: BTreeMap::new(),
        behind: 0,
    };
    let mut sent: HashMap<u64, u64> = HashMap::new();
    let (mut is_open, mut last_heard, mut foreign) = (true, Instant::now(), 0);
    loop {
        let answered = (attended.acknowledged.len() + attended.refused.len()) as u64;
        let has_all = answered == mine && foreign >= others;
        let patience = last_heard + if has_all { SURPLUS } else { PATIENCE };
        let end = async { if is_open { pending().await } else { sleep_until(patience.into()).await } };
        tokio::select! {
            frame = link.hear() => {
                last_heard = Instant::now();
                match frame? {
                    Frame::Event(event) => foreign += attended.note_event(&plan, *event, last_heard),
                    Frame::Answer { id, answer } => {
                        let number = sent.remove(&id).context("an answer to nothing")?;
                        attended.note_answer(&plan, number, answer, last_heard)?;
                    }
                    Frame::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
                    Frame::Unknown => {}
                }
            }
            order = orders.recv(), if is_open => match order {
                Some(number) => {
                    let command = post(room, plan.ids.id(number), script::text(number));
                    sent.insert(link.send(&command).await?, number);
                }
                None => (is_open, last_heard) = (false, Instant::now()),
            },
            () = end => return Ok(attended),
        }
    }
}

impl Attended {
    /// Notes an event; 1 when it is a post of somebody else.
    fn note_event(&mut self, plan: &Plan, event: Event, at: Instant) -> u64 {
        let post = match event {
            Event::Posted { post, .. } => post,
            Event::Behind => {
                self.behind += 1;
                return 0;
            }
            Event::MemberChanged { .. }
            | Event::RoomAdded { .. }
            | Event::Receipts { .. }
            | Event::Read { .. } => {
                return 0;
            }
        };
        let number = plan.ids.number(post.id);
        self.listener.heard.push(sighting(&post, number));
        if post.author.account == self.listener.account {
            return 0;
        }
        if let Some(number) = number.filter(|number| *number >= plan.warm_up) {
            self.deliveries.add(at.saturating_duration_since(plan.due(number)));
        }
        1
    }

    fn note_answer(
        &mut self,
        plan: &Plan,
        number: u64,
        answer: Result<Box<serde_json::value::RawValue>, tsumugi_protocol::Refused>,
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
            Err(refused) => drop(self.refused.insert(number, refused.code)),
        }
        Ok(())
    }
}

fn sighting(post: &Post, number: Option<u64>) -> Sighting {
    let faithful = match (&post.content, number) {
        (Content::Text { text }, Some(number)) => *text == script::text(number),
        (Content::Text { .. } | Content::Undecodable, _) => false,
    };
    Sighting {
        post: post.id,
        room: post.room,
        position: post.position,
        author: post.author.account,
        faithful,
    }
}

/// Everything the run knows of itself, for the checker.
fn ledger(plan: Plan, authors: &[AccountId], attended: Vec<Attended>) -> anyhow::Result<Ledger> {
    let rooms: HashMap<AccountId, RoomId> =
        attended.iter().map(|link| (link.listener.account, link.listener.room)).collect();
    let mut ledger = Ledger::default();
    for number in 0..plan.posts {
        let author =
            authors.get(usize::try_from(plan.author(number))?).context("a post without an author")?;
        let room = rooms.get(author).context("an author without a room")?;
        ledger.attempts.insert(plan.ids.id(number), Attempt { room: *room, author: *author });
    }
    for link in attended {
        let acknowledged = link.acknowledged.into_iter();
        ledger.acknowledged.extend(acknowledged.map(|(number, position)| (plan.ids.id(number), position)));
        ledger.refused.extend(link.refused.into_keys().map(|number| plan.ids.id(number)));
        ledger.listeners.push(link.listener);
    }
    Ok(ledger)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            ids: Ids::new(),
            start: Instant::now(),
            rate: 200,
            warm_up: 10,
            posts: 1_000,
            rooms: 25,
            room_of: 8,
        }
    }

    #[test]
    fn everybody_writes_in_her_own_room_and_the_shares_add_up() {
        let plan = plan();
        let shares: Vec<(u64, u64)> = (0..200).map(|person| plan.share(person)).collect();
        assert_eq!(shares.iter().map(|(mine, _)| mine).sum::<u64>(), 1_000);
        assert_eq!(shares.iter().map(|(_, others)| others).sum::<u64>(), 7_000);
        assert!(shares.iter().all(|(mine, _)| *mine == 5));
    }

    #[test]
    fn posts_are_due_by_the_clock() {
        let plan = plan();
        assert_eq!(plan.due(0), plan.start);
        assert_eq!(plan.due(200) - plan.start, Duration::from_secs(1));
    }
}
