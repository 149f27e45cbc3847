//! A disaster: twenty times the peak, a roll call answered by everybody, and all links back within a minute.
//!
//! 20 × 10 posts/s; 170,000 answers in ten minutes are 283 writes/s; the links are scaled to what two cores carry.

use super::arena::{Arena, note};
use crate::{
    beside::{Must, Rounds},
    crowd::{Act, Found, steady, together},
    latency::Latency,
    peers::Peer,
    report::{Figure, Section, Target},
};
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until};

/// Posts a second.
const POSTS: u64 = 200;
/// Answers to the roll call a second.
const ANSWERS: u64 = 283;
/// Links that come back, and the time in which they do.
const LINKS: u32 = 2_000;
const WITHIN: Duration = Duration::from_secs(60);
/// Links under way at once at most.
const AT_ONCE: usize = 512;

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let about =
        format!("{POSTS} posts/s, {ANSWERS} answers/s of a roll call, {LINKS} links within {WITHIN:?}");
    let mut section = Section::of("disaster", about);
    let length = arena.length() * 3;
    let both = [POSTS, ANSWERS].map(|rate| steady(&rooms, rate, length, Act::Post));
    let spec = Arena::by_the_clock("a roll call", rooms.clone(), together(both), length);
    let surge = arena.rounds(&spec).await?;
    tell(&mut section, "roll call", &surge);

    let dues = steady(&rooms, POSTS, WITHIN, Act::Post);
    let spec = Arena::by_the_clock("everybody comes back", rooms, dues, WITHIN);
    let people = arena.shape.people;
    let (back, again) = tokio::join!(come_back(arena.our_peer(), people), arena.once(&spec));
    let (back, failed) = back?;
    tell(&mut section, "coming back", &again?);
    section.figures.extend([
        Figure::plain("coming back: to hello and list of rooms, p50", "ms", back.percentile(50.0)),
        Figure::plain("the same, p99", "ms", back.percentile(99.0)),
        Figure::against("links that did not come back", "", failed as f64, Target::AtMost(0.0)),
    ]);
    Ok(section)
}

fn tell(section: &mut Section, what: &str, rounds: &Rounds) {
    let [p99, p999] = [1.5, 2.0].map(|most| Must::floor(Target::AtMost(most)));
    section.beside.extend([
        rounds.beside("", &format!("{what}: delivered, p50"), "ms", Must::NOTHING, |found| {
            found.delivered.percentile(50.0)
        }),
        rounds.beside("", "delivered, p99", "ms", p99, |found| found.delivered.percentile(99.0)),
        rounds.beside("", "delivered, p99.9", "ms", p999, |found| found.delivered.percentile(99.9)),
        rounds.beside("", "server", "cores", Must::NOTHING, Found::cores),
    ]);
    note(section, what, rounds);
}

/// Opens the links by the clock and lets each go when it has its rooms; the times, and how many failed.
async fn come_back(peer: Arc<Peer>, people: usize) -> anyhow::Result<(Latency, usize)> {
    let start = Instant::now();
    let people = 0..people.max(1);
    let links = stream::iter(people.cycle().zip(0..LINKS)).map(async |(person, number)| {
        let due = start + WITHIN * number / LINKS;
        sleep_until(due).await;
        let line = peer.link(person).await;
        line.map(|_| due.elapsed())
    });
    let times: Vec<_> = links.buffer_unordered(AT_ONCE).collect().await;
    let mut latency = Latency::new()?;
    times.iter().flatten().for_each(|time| latency.add(*time));
    Ok((latency, times.iter().filter(|time| time.is_err()).count()))
}
