//! Some links never read, some read a byte a second, while others post: what the server keeps for them, whether the others
//! notice, and whether the slow ones are told that they are behind (T12).

use super::{Ground, long_text, sign_in_all, since};
use crate::{
    client::{Address, Closed, Link, Session},
    company::{Clocked, Company, Pace},
    frame::Frame,
    machine,
    report::{Figure, Section, Target},
    server::{Server, World},
    stream::{Dripping, Tap},
};
use std::time::Duration;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tsumugi_protocol::{Change, Event, RoomId};

/// Rooms, and in each those who read and those who do not.
const ROOMS: usize = 4;
const READING: usize = 10;
const SLOW: usize = 5;
/// Posts a second in all rooms together, each of some 14 KiB: the kernel keeps several MiB for each link before the server feels it.
const RATE: u64 = 200;
/// Each run lasts at least so long.
const LENGTH: Duration = Duration::from_secs(16);
/// What the kernel may keep for a slow client, so that the server feels it soon.
const RECEIVE: u32 = 4_096;
/// When slow links read again: what is there for them comes in this time.
const AGAIN: Duration = Duration::from_secs(10);

/// Somebody who does not read.
struct Slow {
    session: Session,
    link: Link<Dripping<TcpStream>>,
    tap: Tap,
    room: RoomId,
    known: Change,
}

/// What a slow link got when it read again.
#[derive(Default)]
struct Told {
    behind: bool,
    closed: Option<u16>,
    missing: u64,
}

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let (of, slow) = (READING + SLOW, ROOMS * SLOW);
    let about = format!(
        "{RATE} posts/s of 14 KiB into {ROOMS} rooms; {slow} links do not read, half of them a byte a second"
    );
    let mut section = Section::of("slow-readers", about);
    let world = World::of(ROOMS, of, 0);
    let server = ground.home("slow-readers")?.make(&world).await?;
    let reading = (0..ROOMS * of).filter(|person| person % of < READING);
    let mut company = Company::gather(&server, reading, READING).await?;
    let pace = Pace {
        rate: RATE,
        warm_up: ground.settings.warm_up(),
        length: LENGTH.max(2 * ground.settings.phase()),
        text: long_text,
    };
    let before = company.post_by_clock(pace).await?;
    let others: Vec<usize> = (0..ROOMS * of).filter(|person| person % of >= READING).collect();
    let sessions = sign_in_all(&server, &others).await?;
    let mut slow = Vec::new();
    for session in sessions {
        slow.push(Slow::come(&server, session).await?);
    }
    let resident = machine::resident_mib(server.process())?;
    let (slow, during, most) = beside(&server, slow, &mut company, pace).await?;
    let told = read_again(&server, slow).await?;
    let after = company.post_by_clock(pace).await?;
    let calm = (before.deliveries.percentile(99.0) + after.deliveries.percentile(99.0)) / 2.0;
    let ratio = during.deliveries.percentile(99.0) / calm;
    let count = |what: fn(&Told) -> bool| told.iter().filter(|told| what(told)).count() as f64;
    let known = count(|told| told.behind || told.closed.is_some());
    section.figures = vec![
        Figure::against("server memory, growth", "MiB", most - resident, Target::AtMost(64.0)),
        Figure::against("delivered to the others, p99 beside ÷ without", "×", ratio, Target::AtMost(2.0)),
        Figure::against(
            "told that they are behind, or closed",
            "links",
            known,
            Target::AtLeast(told.len() as f64),
        ),
        Figure::plain("told `behind`", "links", count(|told| told.behind)),
        Figure::plain("closed with a code", "links", count(|told| told.closed.is_some())),
    ];
    section.faults.lost += told.iter().map(|told| told.missing).sum::<u64>();
    for (name, clocked) in [("before", &before), ("beside slow readers", &during), ("after", &after)] {
        section.spreads.push(clocked.deliveries.spread(format!("delivered, {name}")));
        section.faults.add(&clocked.faults);
    }
    drop(company);
    server.stop().await?;
    Ok(section)
}

/// Posts while the slow ones are slow; the most memory that the server took.
async fn beside(
    server: &Server,
    slow: Vec<Slow>,
    company: &mut Company,
    pace: Pace,
) -> anyhow::Result<(Vec<Slow>, Clocked, f64)> {
    let mut kept = Vec::new();
    let mut dripping = JoinSet::new();
    let (stop, stopped) = tokio::sync::watch::channel(());
    for (place, mut slow) in slow.into_iter().enumerate() {
        if place % 2 == 0 {
            kept.push(slow);
            continue;
        }
        slow.tap.drip();
        let mut stopped = stopped.clone();
        dripping.spawn(async move {
            tokio::select! {
                _ = slow.link.hear() => {}
                _ = stopped.changed() => {}
            }
            slow
        });
    }
    let peak = machine::Peak::of(server.process());
    let during = company.post_by_clock(pace).await?;
    let most = peak.mib();
    drop(stop);
    while let Some(slow) = dripping.join_next().await {
        kept.push(slow?);
    }
    Ok((kept, during, most))
}

/// The slow ones read again, all at once, and then ask for what they missed.
async fn read_again(server: &Server, slow: Vec<Slow>) -> anyhow::Result<Vec<Told>> {
    let mut reading = JoinSet::new();
    for slow in slow {
        let address = server.address.clone();
        reading.spawn(async move {
            slow.tap.open();
            slow.read(&address).await
        });
    }
    let mut all = Vec::new();
    while let Some(told) = reading.join_next().await {
        all.push(told??);
    }
    Ok(all)
}

impl Slow {
    async fn come(server: &Server, session: Session) -> anyhow::Result<Self> {
        let stream = server.address.connect(Some(RECEIVE)).await?;
        let (stream, tap) = Dripping::over(stream);
        let mut link = server.address.link_over(stream, &session, Vec::new()).await?;
        let rooms = link.rooms().await?;
        let card = rooms.first().ok_or_else(|| anyhow::anyhow!("a slow reader has no room"))?;
        Ok(Self { session, tap, room: card.id, known: card.change, link })
    }

    /// Reads what waits, then catches up: on this link, or on a new one when it was closed.
    async fn read(mut self, address: &Address) -> anyhow::Result<Told> {
        let mut told = Told::default();
        let began = self.known;
        let hearing = async {
            loop {
                match self.link.hear_or_closed().await {
                    Ok(Frame::Event(event)) if matches!(*event, Event::Behind) => break told.behind = true,
                    Ok(_) => {}
                    Err(Closed { code, .. }) => break told.closed = Some(code.unwrap_or_default()),
                }
            }
        };
        // Who was not told in time never will be.
        timeout(AGAIN, hearing).await.ok();
        let (posts, upto) = match told.closed {
            None => since::catch_up(&mut self.link, self.room, began).await?,
            Some(_) => {
                let mut link = address.link(&self.session).await?;
                since::catch_up(&mut link, self.room, began).await?
            }
        };
        told.missing = upto.0.abs_diff(began.0).saturating_sub(posts.len() as u64);
        Ok(told)
    }
}
