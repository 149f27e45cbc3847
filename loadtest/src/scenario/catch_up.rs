//! Coming back after few and after many missed posts, and the newest page of short and long histories.

use super::{Ground, come_on_line, since};
use crate::{
    client::Link,
    company::Meter,
    latency::Latency,
    progress,
    report::{Figure, Section, Target},
    server::{Server, World},
    stats::Line,
};
use anyhow::Context;
use std::time::Instant;
use tsumugi_protocol::{AskPage, AskSince, Change, Command, Page, PageAt, RoomId, Since};

/// Missed posts, and how often each is measured.
const AWAY: [(i64, usize); 3] = [(1, 2_000), (100, 400), (10_000, 10)];
/// Posts in a page.
const PAGE: usize = 50;
/// Members of every room.
const ROOM_OF: usize = 8;

/// One long room and somebody who reads it.
struct Reader {
    stored: u64,
    link: Link,
    room: RoomId,
    head: Change,
    pages: Latency,
    recent: Latency,
}

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let mut section =
        Section::of("catch-up", "rooms.since after 1, 100 and 10,000 missed posts; the newest page");
    let mut stored = ground.settings.histories.clone();
    // Somebody who missed 10,000 posts needs a history of so many.
    if let Some(longest) = stored.last_mut() {
        *longest = (*longest).max(20_000);
    }
    let (mut servers, mut readers) = (Vec::new(), Vec::new());
    for posts in stored {
        let world = World::of(1, ROOM_OF, posts);
        let server = ground.home(&format!("catch-up-{posts}"))?.make(&world).await?;
        readers.push(Reader::of(&server, posts).await?);
        servers.push(server);
    }
    let (reader, server) = (readers.last_mut().context("no history")?, servers.last().context("no server")?);
    away(reader, server, &mut section).await?;
    pages(&mut readers, ground.settings.openings, &mut section).await?;
    drop(readers);
    for server in servers {
        server.stop().await?;
    }
    Ok(section)
}

/// Time and CPU of catching up, and the line through them.
async fn away(reader: &mut Reader, server: &Server, section: &mut Section) -> anyhow::Result<()> {
    let mut points = Vec::new();
    for (missed, times) in AWAY {
        let bar = progress::bar(&format!("catches up on {missed} posts"), times as u64);
        let mut spread = Latency::new()?;
        // The first look warms the caches up.
        since::catch_up(&mut reader.link, reader.room, Change(reader.head.0 - missed)).await?;
        let meter = Meter::start(server.process())?;
        for _ in 0..times {
            let began = Instant::now();
            let known = Change(reader.head.0 - missed);
            let (posts, upto) = since::catch_up(&mut reader.link, reader.room, known).await?;
            spread.add(began.elapsed());
            let runs = posts.iter().zip(known.0 + 1..).all(|(post, change)| post.change.0 == change);
            let is_whole = runs && upto == reader.head && posts.len() as i64 == missed;
            section.faults.wrong_pages += u64::from(!is_whole);
            bar.inc(1);
        }
        bar.finish_and_clear();
        let each = meter.used()?.each_us(times as u64);
        section.figures.push(Figure::plain(format!("{missed} missed, CPU"), "µs", each));
        section.spreads.push(spread.spread(format!("{missed} missed")));
        points.push((missed as f64, each));
    }
    let line = Line::fit(&points).context("no line goes through these costs")?;
    section.figures.push(Figure::plain("c of CPU = c + k posts × slope", "µs", line.a));
    section.figures.push(Figure::against("slope", "µs/post", line.b, Target::AtMost(20.0)));
    Ok(())
}

/// The newest page, and as many posts by `rooms.since`, the histories in turns.
async fn pages(readers: &mut [Reader], times: usize, section: &mut Section) -> anyhow::Result<()> {
    let bar = progress::bar("newest pages", times as u64);
    for turn in 0..times + times / 10 {
        for reader in &mut *readers {
            reader.look(turn >= times / 10, section).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    for reader in &*readers {
        for (what, times) in [("newest page", &reader.pages), ("newest 50 by rooms.since", &reader.recent)] {
            let name = format!("{what}, {} stored", reader.stored);
            let p50 = times.percentile(50.0);
            section.figures.push(Figure::against(name.clone() + ", p50", "ms", p50, Target::AtMost(2.5)));
            section.spreads.push(times.spread(name));
        }
    }
    if let (Some(short), Some(long)) = (readers.first(), readers.last()) {
        let ratio = |of: fn(&Reader) -> &Latency| of(long).percentile(50.0) / of(short).percentile(50.0);
        let target = Target::AtMost(1.25);
        let page = ratio(|reader| &reader.pages);
        section.figures.push(Figure::against("newest page, longest ÷ shortest", "×", page, target));
        let recent = ratio(|reader| &reader.recent);
        section.figures.push(Figure::against("rooms.since, longest ÷ shortest", "×", recent, target));
    }
    Ok(())
}

impl Reader {
    async fn of(server: &Server, stored: u64) -> anyhow::Result<Self> {
        let (_, mut link) = come_on_line(server, &[0]).await?.pop().context("nobody came on line")?;
        let card = link.rooms().await?.into_iter().next().context("the bench world has no room")?;
        let (pages, recent) = (Latency::new()?, Latency::new()?);
        Ok(Self { stored, link, room: card.id, head: card.change, pages, recent })
    }

    async fn look(&mut self, counts: bool, section: &mut Section) -> anyhow::Result<()> {
        let limit = u32::try_from(PAGE).ok();
        let began = Instant::now();
        let ask = AskPage { room: self.room, at: PageAt::End, limit };
        let page: Page = self.link.ask(&Command::PageRoom(ask)).await?;
        let page_time = began.elapsed();
        let began = Instant::now();
        let ask = AskSince { room: self.room, change: Change(self.head.0 - PAGE as i64), limit };
        let since: Since = self.link.ask(&Command::RoomSince(ask)).await?;
        if counts {
            self.pages.add(page_time);
            self.recent.add(began.elapsed());
        }
        let is_whole = page.posts.len() == PAGE && since.posts.len() == PAGE && !since.more;
        section.faults.wrong_pages += u64::from(!is_whole);
        Ok(())
    }
}
