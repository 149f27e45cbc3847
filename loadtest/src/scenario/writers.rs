//! Many writers at once, each alone on line in her room and with one post in flight: acknowledged posts a second.

use super::{come_on_line, post};
use crate::{
    checker::Faults,
    client::Link,
    latency::Latency,
    machine, progress,
    report::{Figure, Section, Target},
    script::{self, Ids},
    server::Server,
    settings::Settings,
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep_until};
use tsumugi_protocol::{AskPage, Command, Event, Page, PageAt, Position, PostId, RoomId, Sent};

/// When the counted time begins and ends.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: Instant,
    to: Instant,
}

/// What one writer found.
struct Tally {
    acks: Latency,
    faults: Faults,
    refused: BTreeMap<String, u64>,
}

/// Measures it.
pub async fn run(server: &Server, settings: &Settings) -> anyhow::Result<Section> {
    let about = format!("{} writers, each alone on line in a room of {}", settings.writers, settings.room_of);
    let mut section = Section::of("writers", about);
    let who: Vec<usize> = (0..settings.writers).map(|writer| writer * settings.room_of).collect();
    let people = come_on_line(server, &who).await?;
    let (ids, next) = (Ids::new(), Arc::new(AtomicU64::new(0)));
    let length = Duration::from_secs(settings.writer_seconds);
    let from = Instant::now() + settings.warm_up();
    let window = Window { from, to: from + length };
    let clock = progress::clock("many writers", settings.warm_up() + length);
    let mut writers = JoinSet::new();
    for (_, link) in people {
        writers.spawn(write(link, ids, next.clone(), window));
    }
    sleep_until(window.from.into()).await;
    let before = (machine::cpu_time(server.process())?, machine::cpu_time(std::process::id())?);
    sleep_until(window.to.into()).await;
    let used = machine::cpu_time(server.process())? - before.0;
    let used_here = machine::cpu_time(std::process::id())? - before.1;
    drop(clock);
    let mut acks = Latency::new()?;
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(tally) = writers.join_next().await {
        let tally = tally??;
        acks.merge(&tally.acks)?;
        section.faults.gaps += tally.faults.gaps;
        section.faults.lost += tally.faults.lost;
        section.faults.to_strangers += tally.faults.to_strangers;
        for (code, times) in tally.refused {
            *refused.entry(code).or_default() += times;
        }
    }
    let posts = acks.count() as f64;
    section.figures = vec![
        Figure::against("acknowledged", "posts/s", posts / length.as_secs_f64(), Target::AtLeast(3_000.0)),
        Figure::plain("server CPU a post", "µs", used.as_secs_f64() * 1e6 / posts),
        Figure::plain("server", "cores", used.as_secs_f64() / length.as_secs_f64()),
        Figure::plain("this tool", "cores", used_here.as_secs_f64() / length.as_secs_f64()),
    ];
    section.spreads = vec![acks.spread("post to acknowledgement")];
    section.notes.extend(refused.iter().map(|(code, times)| format!("refused {times} ×: {code}")));
    Ok(section)
}

/// One writer, until the window closes.
async fn write(mut link: Link, ids: Ids, next: Arc<AtomicU64>, window: Window) -> anyhow::Result<Tally> {
    let room = link.only_room().await?;
    let mut tally = Tally { acks: Latency::new()?, faults: Faults::default(), refused: BTreeMap::new() };
    let mut last: Option<(PostId, Position)> = None;
    while Instant::now() < window.to {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let command = post(room, ids.id(number), script::text(number));
        let started = Instant::now();
        match link.try_ask(&command).await? {
            Ok(Sent::Saved { position, .. }) => {
                let now = Instant::now();
                if window.from <= now && now < window.to {
                    tally.acks.add(now - started);
                }
                tally.faults.gaps += u64::from(last.is_some_and(|(_, last)| last.next() != position));
                last = Some((ids.id(number), position));
            }
            Err(refused) => {
                let wait = Duration::from_millis(refused.retry_after_ms.unwrap_or_default());
                *tally.refused.entry(refused.code).or_default() += 1;
                tokio::time::sleep(wait).await;
            }
        }
        let foreign = link.heard.drain(..).filter(|event| is_of_another_room(event, room)).count();
        tally.faults.to_strangers += foreign as u64;
    }
    if let Some(last) = last {
        tally.faults.lost += u64::from(!ends_with(&mut link, room, last).await?);
    }
    Ok(tally)
}

fn is_of_another_room(event: &Event, mine: RoomId) -> bool {
    matches!(event, Event::Posted { post, .. } if post.room != mine)
}

/// Whether the room's history ends with that post.
async fn ends_with(link: &mut Link, room: RoomId, last: (PostId, Position)) -> anyhow::Result<bool> {
    let ask = AskPage { room, at: PageAt::End, limit: Some(1) };
    let page: Page = link.ask(&Command::PageRoom(ask)).await?;
    Ok(page.posts.last().is_some_and(|post| (post.id, post.position) == last))
}
