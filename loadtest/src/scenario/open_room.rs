//! Opening a room at its end and anywhere in its history, on a short and on long histories.
//!
//! The servers run side by side and are asked in turns, so that the ratio between them is not one of weather.

use super::come_on_line;
use crate::{
    client::Link,
    latency::Latency,
    progress,
    report::{Figure, Section, Target},
    script,
    server::Server,
    settings::Settings,
};
use anyhow::Context;
use std::time::{Duration, Instant};
use tsumugi_protocol::{
    AskPage, Command, Done, MarkRead, OpenRoom, Page, PageAt, Position, RoomId, WhichRoom,
};

/// Slowest that may be.
const P99_MS: f64 = 30.0;
/// How much slower the longest history may be than the shortest.
const RATIO: f64 = 1.5;
/// Read marks are no promise; they are written behind the posts.
const MARKED: Duration = Duration::from_secs(5);

/// A way of looking into a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    OpenAtEnd,
    OpenAnywhere,
    PageAtEnd,
    PageAnywhere,
}

/// One history with its readers: the first has read everything, the others have stopped at places spread over it.
struct History {
    posts: u64,
    room: RoomId,
    last: Position,
    readers: Vec<Link>,
    times: [Latency; 4],
}

impl Way {
    const ALL: [Self; 4] = [Self::OpenAtEnd, Self::OpenAnywhere, Self::PageAtEnd, Self::PageAnywhere];

    const fn words(self) -> &'static str {
        match self {
            Self::OpenAtEnd => "open, all read",
            Self::OpenAnywhere => "open, unread from anywhere",
            Self::PageAtEnd => "page at the end",
            Self::PageAnywhere => "page anywhere",
        }
    }
}

/// Measures it on servers whose first room has that many posts, shortest first.
pub async fn run(servers: &[(u64, Server)], settings: &Settings) -> anyhow::Result<Section> {
    let mut section =
        Section::of("open-room", format!("{} times each way, the histories in turns", settings.openings));
    let mut histories = Vec::new();
    for (posts, server) in servers {
        histories.push(History::of(*posts, server, settings.room_of).await?);
    }
    let warm_up = settings.openings / 20;
    let bar = progress::bar("rooms are opened", settings.openings as u64);
    for turn in 0..settings.openings + warm_up {
        for way in Way::ALL {
            // Who comes first changes, so that nobody always pays for the other's cold caches.
            histories.rotate_left(1);
            for history in &mut histories {
                let (time, is_right) = history.look(way, turn).await?;
                section.faults.wrong_pages += u64::from(!is_right);
                if let Some(times) = history.times.get_mut(way as usize).filter(|_| turn >= warm_up) {
                    times.add(time);
                }
            }
        }
        bar.set_position(turn.saturating_sub(warm_up) as u64);
    }
    bar.finish_and_clear();
    histories.sort_by_key(|history| history.posts);
    for (way, history) in Way::ALL.iter().flat_map(|way| histories.iter().map(move |history| (*way, history)))
    {
        let name = format!("{}, {} posts", way.words(), history.posts);
        section.spreads.push(history.of_way(way)?.spread(&name));
        let p99 = history.of_way(way)?.percentile(99.0);
        section.figures.push(Figure::against(name + ", p99", "ms", p99, Target::AtMost(P99_MS)));
    }
    if let [shortest, .., longest] = histories.as_slice() {
        for way in Way::ALL {
            let ratio = |share: f64| {
                let (long, short) = (longest.of_way(way)?, shortest.of_way(way)?);
                anyhow::Ok(long.percentile(share) / short.percentile(share))
            };
            let name = format!("{}, {} ÷ {}", way.words(), longest.posts, shortest.posts);
            section.figures.push(Figure::against(
                format!("{name}, p50"),
                "×",
                ratio(50.0)?,
                Target::AtMost(RATIO),
            ));
            section.figures.push(Figure::against(
                format!("{name}, p99"),
                "×",
                ratio(99.0)?,
                Target::AtMost(RATIO),
            ));
        }
    }
    Ok(section)
}

impl History {
    async fn of(posts: u64, server: &Server, room_of: usize) -> anyhow::Result<Self> {
        let people = come_on_line(server, &(0..room_of).collect::<Vec<_>>()).await?;
        let mut readers: Vec<Link> = people.into_iter().map(|(_, link)| link).collect();
        let first = readers.first_mut().context("nobody came on line")?;
        let rooms = first.rooms().await?;
        let card = rooms.first().context("the bench world has no room")?;
        let (room, last) = (card.id, card.last_position);
        anyhow::ensure!(last.0.unsigned_abs() >= posts, "the room has {last} posts instead of {posts}");
        let count = readers.len();
        for (place, reader) in readers.iter_mut().enumerate() {
            let read =
                if place == 0 { last.0 } else { last.0 * i64::try_from(place)? / i64::try_from(count)? };
            mark_read(reader, room, Position(read)).await?;
        }
        let times = [Latency::new()?, Latency::new()?, Latency::new()?, Latency::new()?];
        Ok(Self { posts, room, last, readers, times })
    }

    fn of_way(&self, way: Way) -> anyhow::Result<&Latency> {
        self.times.get(way as usize).context("every way has its times")
    }

    /// Looks once: how long it took, and whether it showed what was asked for.
    async fn look(&mut self, way: Way, turn: usize) -> anyhow::Result<(Duration, bool)> {
        let others = self.readers.len().saturating_sub(1).max(1);
        let reader = if way == Way::OpenAnywhere { 1 + turn % others } else { 0 };
        let reader = self.readers.get_mut(reader).context("no such reader")?;
        let started = Instant::now();
        match way {
            Way::OpenAtEnd | Way::OpenAnywhere => {
                let open: OpenRoom = reader.ask(&Command::OpenRoom(WhichRoom { room: self.room })).await?;
                let time = started.elapsed();
                let wanted = open.room.read_position.next().min(self.last);
                Ok((time, holds(&open.page, wanted) && (way == Way::OpenAnywhere || wanted == self.last)))
            }
            Way::PageAtEnd | Way::PageAnywhere => {
                let place = script::place(turn, self.last);
                let (at, wanted) = page_at(way, turn, place, self.last);
                let ask = AskPage { room: self.room, at, limit: None };
                let page: Page = reader.ask(&Command::PageRoom(ask)).await?;
                Ok((started.elapsed(), wanted.is_none_or(|wanted| holds(&page, wanted))))
            }
        }
    }
}

/// What to ask for, and a post that must be in the answer.
fn page_at(way: Way, turn: usize, place: Position, last: Position) -> (PageAt, Option<Position>) {
    match (way, turn % 3) {
        (Way::PageAtEnd, _) => (PageAt::End, Some(last)),
        (_, 0) => (PageAt::Around(place), Some(place)),
        (_, 1) => (PageAt::Before(place), Some(Position(place.0 - 1)).filter(|before| before.0 >= 1)),
        _ => (PageAt::After(place), Some(place.next()).filter(|after| *after <= last)),
    }
}

/// Whether a page is a gap-free run of posts that contains a position.
fn holds(page: &Page, wanted: Position) -> bool {
    let neighbours = page.posts.iter().zip(page.posts.iter().skip(1));
    let is_run = neighbours.clone().all(|(one, next)| one.position.next() == next.position);
    is_run && page.posts.iter().any(|post| post.position == wanted)
}

/// Marks posts as read and waits until the list says so.
async fn mark_read(reader: &mut Link, room: RoomId, position: Position) -> anyhow::Result<()> {
    let _: Done = reader.ask(&Command::MarkRead(MarkRead { room, position })).await?;
    let deadline = Instant::now() + MARKED;
    loop {
        let open: OpenRoom = reader.ask(&Command::OpenRoom(WhichRoom { room })).await?;
        if open.room.read_position >= position {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < deadline, "a read mark was not kept for {MARKED:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(positions: &[i64]) -> Page {
        let posts: Vec<_> = positions
            .iter()
            .map(|position| {
                json!({
                    "id": "0193d1a0-0000-7000-8000-0000000000a1", "room": "0193d1a0-0000-7000-8000-000000000001",
                    "position": position, "change": position, "stored_at": 0,
                    "author": { "id": "0193d1a0-0000-7000-8000-0000000000c1", "kind": "staff", "name": "x",
                        "account": "0193d1a0-0000-7000-8000-0000000000b1", "kana": "x", "occupation": "nurse" },
                    "content": { "kind": "text", "text": "x" },
                })
            })
            .collect();
        serde_json::from_value(json!({ "posts": posts, "more_before": true, "more_after": false })).unwrap()
    }

    #[test]
    fn a_page_is_right_when_it_runs_without_a_gap_over_the_place() {
        assert!(holds(&page(&[4, 5, 6]), Position(5)));
        assert!(!holds(&page(&[4, 5, 6]), Position(7)));
        assert!(!holds(&page(&[4, 6]), Position(6)));
        assert!(!holds(&page(&[6, 5]), Position(5)));
        assert!(!holds(&page(&[]), Position(5)));
    }

    #[test]
    fn the_edges_of_a_history_ask_for_nothing_that_is_not_there() {
        let last = Position(9);
        assert_eq!(page_at(Way::PageAnywhere, 1, Position(1), last), (PageAt::Before(Position(1)), None));
        assert_eq!(page_at(Way::PageAnywhere, 2, last, last), (PageAt::After(last), None));
        assert_eq!(page_at(Way::PageAtEnd, 2, Position(1), last), (PageAt::End, Some(last)));
        let middle = Position(5);
        assert_eq!(page_at(Way::PageAnywhere, 0, middle, last), (PageAt::Around(middle), Some(middle)));
    }
}
