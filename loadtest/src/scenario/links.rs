//! Thousands of signed-in links on which nothing happens: what each takes, and what they do to a small room elsewhere.

use super::{Ground, sign_in_all};
use crate::{
    client::{Address, Link, Session},
    company::{Company, Marks, Meter, Rounds},
    latency::Latency,
    machine, open_files, progress,
    report::{Figure, Section, Target},
    server::{Server, World},
    shape::{Group, Shape},
    stats::median,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;
use tokio::task::JoinSet;

/// Links of one session, as many as it may have.
const OF_SESSION: usize = tsumugi_protocol::limits::LINKS_OF_SESSION;
/// Links that are opened to see what one costs, each way.
const TIMED: usize = 1_000;
/// Handshakes under way at once.
const AT_ONCE: usize = 8;
/// Members of every room.
const ROOM_OF: usize = 8;
/// People in the rooms where posts go round.
const LOOP_PEOPLE: usize = 80;
/// Rooms that each person of the second server is in.
const MANY: usize = 21;
/// Pairs of runs with and without idle links.
const PAIRS: usize = 3;
/// After signing in, until the server has given back what hashing took.
const SETTLING: Duration = Duration::from_secs(12);

/// Links that are heard, so that they answer pings, and otherwise left alone.
#[derive(Default)]
pub(super) struct Idle(JoinSet<()>);

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let links = ground.settings.scaled(10_000).min(open_files::connections());
    let mut section = Section::of("links", format!("{links} idle links with TLS, {OF_SESSION} of a session"));
    let one = of_one_room(ground, links, &mut section).await?;
    let half = links / 2;
    let many = of_many_rooms(ground, half).await?;
    section.figures.push(Figure::plain(format!("the same in {MANY} rooms"), "KiB", many));
    let each = (many - one) / (MANY - 1) as f64;
    section.figures.push(Figure::against("one more room of a link", "KiB", each, Target::AtMost(0.5)));
    Ok(section)
}

/// Everything that is measured with everybody in one room; the answer is the memory of a link.
async fn of_one_room(ground: &Ground<'_>, links: usize, section: &mut Section) -> anyhow::Result<f64> {
    let idle_people = links.div_ceil(OF_SESSION).next_multiple_of(ROOM_OF);
    let people = LOOP_PEOPLE + idle_people;
    let world = World::of(people / ROOM_OF, ROOM_OF, 0);
    let server = ground.home("links")?.make(&world).await?;
    let sessions = sign_in_all(&server, &(LOOP_PEOPLE..people).collect::<Vec<_>>()).await?;
    settle().await;
    let (mut idle, before) = (Idle::default(), machine::resident_mib(server.process())?);
    let timed = TIMED.min(links / 3);
    let afresh = server.address.without_resumption();
    let full = idle.open(&server, &afresh, &sessions, 0..timed).await?;
    // One more, so that this client has a ticket before resumption is timed.
    idle.open(&server, &server.address, &sessions, timed..timed + 1).await?;
    let resumed = idle.open(&server, &server.address, &sessions, timed + 1..2 * timed + 1).await?;
    idle.open(&server, &server.address, &sessions, 2 * timed + 1..links).await?;
    let resting = Meter::start(server.process())?;
    settle().await;
    let resting = resting.used()?.cores();
    let each = (machine::resident_mib(server.process())? - before) * 1_024.0 / links as f64;
    section.figures = vec![
        Figure::against("server memory of a link", "KiB", each, Target::AtMost(20.0)),
        Figure::against("connect, session, hello: full handshake", "ms CPU", full.0, Target::AtMost(1.5)),
        Figure::against("the same, TLS session resumed", "ms CPU", resumed.0, Target::AtMost(0.8)),
        Figure::plain("of these resumed", "%", 100.0 * resumed.1),
        Figure::plain("server while nobody posts", "cores", resting),
    ];
    beside_others(ground, &server, section).await?;
    section.faults.lost += idle.ended() as u64;
    drop(idle);
    server.stop().await?;
    Ok(each)
}

/// The memory of a link of somebody in many rooms.
async fn of_many_rooms(ground: &Ground<'_>, links: usize) -> anyhow::Result<f64> {
    let people = links.div_ceil(OF_SESSION).next_multiple_of(ROOM_OF);
    let world = World::shaped(Shape {
        people,
        groups: vec![Group { rooms: people / ROOM_OF, members: ROOM_OF }; MANY],
    });
    let server = ground.home("links-many-rooms")?.make(&world).await?;
    let sessions = sign_in_all(&server, &(0..people).collect::<Vec<_>>()).await?;
    settle().await;
    let (mut idle, before) = (Idle::default(), machine::resident_mib(server.process())?);
    idle.open(&server, &server.address, &sessions, 0..links).await?;
    settle().await;
    let each = (machine::resident_mib(server.process())? - before) * 1_024.0 / links as f64;
    drop(idle);
    server.stop().await?;
    Ok(each)
}

/// Posts go round on this server and on one without idle links, in turns: both see the same weather.
async fn beside_others(ground: &Ground<'_>, server: &Server, section: &mut Section) -> anyhow::Result<()> {
    let other = ground.home("links-none")?.make(&World::of(LOOP_PEOPLE / ROOM_OF, ROOM_OF, 0)).await?;
    let mut lonely = Company::gather(&other, 0..LOOP_PEOPLE, ROOM_OF).await?;
    let mut company = Company::gather(server, 0..LOOP_PEOPLE, ROOM_OF).await?;
    let (mut alone, mut beside, mut ratios) = (Latency::new()?, Latency::new()?, Vec::new());
    let mut costs = Vec::new();
    for _ in 0..PAIRS {
        let pair = [turns(ground, &mut lonely).await?, turns(ground, &mut company).await?];
        let [one, other] = pair.each_ref().map(Rounds::each_us);
        ratios.push(other / one);
        costs.push(one);
        let [one, other] = pair;
        alone.merge(&one.times)?;
        beside.merge(&other.times)?;
    }
    drop((lonely, company));
    other.stop().await?;
    let added = 100.0 * (median(ratios.clone()).unwrap_or(f64::NAN) - 1.0);
    section.figures.push(Figure::plain(
        "CPU a delivery, no idle links",
        "µs",
        median(costs).unwrap_or(f64::NAN),
    ));
    section.figures.push(Figure::against("added by idle links", "%", added, Target::AtMost(10.0)));
    let pairs: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    section
        .notes
        .push(format!("CPU a delivery, beside ÷ without idle links, pair by pair: {}", pairs.join(", ")));
    section.spreads.push(alone.spread("delivered, no idle links"));
    section.spreads.push(beside.spread("delivered, beside idle links"));
    Ok(())
}

async fn turns(ground: &Ground<'_>, company: &mut Company) -> anyhow::Result<Rounds> {
    company.post_in_turns(Marks::None, Duration::from_secs(1), ground.settings.phase()).await
}

async fn settle() {
    let _clock = progress::clock("nothing happens", SETTLING);
    tokio::time::sleep(SETTLING).await;
}

impl Idle {
    /// Opens links with these numbers, round and round the sessions: the server's CPU for each in milliseconds, and
    /// the share whose TLS session continued an earlier one.
    pub(super) async fn open(
        &mut self,
        server: &Server,
        address: &Address,
        sessions: &[Session],
        numbers: std::ops::Range<usize>,
    ) -> anyhow::Result<(f64, f64)> {
        let count = numbers.len();
        let bar = progress::bar("links open", count as u64);
        let meter = Meter::start(server.process())?;
        let whose = sessions.iter().cycle().skip(numbers.start % sessions.len().max(1)).take(count);
        let links = stream::iter(whose).map(async |session| {
            bar.inc(1);
            address.link(session).await
        });
        let links: Vec<Link> = links.buffer_unordered(AT_ONCE).try_collect().await?;
        let used = meter.used()?;
        bar.finish_and_clear();
        let resumed = links.iter().filter(|link| link.is_resumed()).count();
        for mut link in links {
            self.0.spawn(async move { while link.hear().await.is_ok() {} });
        }
        let count = count.max(1) as f64;
        Ok((used.server.as_secs_f64() * 1e3 / count, resumed as f64 / count))
    }

    /// Links that the server ended.
    fn ended(&mut self) -> usize {
        let mut ended = 0;
        while self.0.try_join_next().is_some() {
            ended += 1;
        }
        ended
    }
}
