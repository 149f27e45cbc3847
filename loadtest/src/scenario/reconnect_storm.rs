//! Everybody is cut off at once, and once more by a restart of the server, while posts go on: how soon all are back and
//! know everything, and whether anything is lost or told twice.

mod authors;
mod reader;

use super::{Ground, sign_in_all};
use crate::{
    client::Session,
    company::{Meter, Used},
    latency::Latency,
    machine, open_files, progress,
    report::{Figure, Section, Target},
    server::{Server, World},
};
use authors::Authors;
use futures_util::{StreamExt, TryStreamExt, stream};
use reader::{Back, Reader};
use std::time::{Duration, Instant};
use tokio::{sync::watch, task::JoinSet};

/// Links of one session.
const OF_SESSION: usize = 4;
/// Members of every room.
const ROOM_OF: usize = 8;
/// Links that are opened at once to begin with.
const AT_ONCE: usize = 8;
/// How long everybody is away before she may come back.
const AWAY: Duration = Duration::from_secs(2);
/// Links that must be served in a second: 5,000 within 10 s.
const A_SECOND: f64 = 500.0;

/// How everybody is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Lines,
    Restart,
}

/// How it went.
struct Storm {
    back: Vec<Back>,
    /// From the moment in which everybody may come back, until she knows everything.
    times: Latency,
    used: Used,
    steady_mib: f64,
    most_mib: f64,
}

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let links = ground.settings.scaled(2_000).min(open_files::connections());
    let people = links.div_ceil(OF_SESSION).next_multiple_of(ROOM_OF);
    let mut section = Section::of("reconnect-storm", format!("{links} links of {people} people cut at once"));
    let world = World::of(people / ROOM_OF, ROOM_OF, 0);
    let home = ground.home("reconnect-storm")?;
    let server = home.make(&world).await?;
    let sessions = sign_in_all(&server, &(0..people).collect::<Vec<_>>()).await?;
    let readers = come(&server, &sessions, links).await?;

    let (storm, server) = cut(Cut::Lines, server, &home, readers).await?;
    told(Cut::Lines, &storm, &mut section)?;
    let readers = storm.back.into_iter().map(Back::into_reader).collect();
    let (storm, server) = cut(Cut::Restart, server, &home, readers).await?;
    told(Cut::Restart, &storm, &mut section)?;
    drop(storm);
    server.stop().await?;
    Ok(section)
}

async fn come(server: &Server, sessions: &[Session], links: usize) -> anyhow::Result<Vec<Reader>> {
    let bar = progress::bar("links open", links as u64);
    let whose = stream::iter(sessions.iter().cycle().take(links));
    let readers = whose.map(async |session| {
        bar.inc(1);
        Reader::come(&server.address, session).await
    });
    let readers = readers.buffered(AT_ONCE).try_collect().await;
    bar.finish_and_clear();
    readers
}

/// One storm: everybody goes, posts go on, everybody comes back.
async fn cut(
    how: Cut,
    server: Server,
    home: &crate::server::Home,
    readers: Vec<Reader>,
) -> anyhow::Result<(Storm, Server)> {
    let steady_mib = machine::resident_mib(server.process())?;
    let line = progress::line(if how == Cut::Lines { "all lines are cut" } else { "the server restarts" });
    let (go, gone) = watch::channel(false);
    let (finish, finished) = watch::channel(None);
    let address = server.address.clone();
    let authors = reader::one_of_each_room(&readers);
    let mut coming = JoinSet::new();
    for reader in readers {
        coming.spawn(reader.ride(how, address.clone(), gone.clone(), finished.clone()));
    }
    let authors = Authors::start(&address, &authors);
    let server = match how {
        Cut::Lines => {
            tokio::time::sleep(AWAY).await;
            server
        }
        Cut::Restart => {
            server.stop().await?;
            home.again()?.ready().await?
        }
    };
    let (peak, meter) = (machine::Peak::of(server.process()), Meter::start(server.process())?);
    let opened = Instant::now();
    go.send_replace(true);
    // Everybody says when she knows everything by dropping her end.
    reader::all_back(gone, &go).await;
    let used = meter.used()?;
    finish.send_replace(Some(authors.stop().await?));
    let (mut back, mut times) = (Vec::new(), Latency::new()?);
    while let Some(one) = coming.join_next().await {
        let one = one??;
        times.add(one.at.saturating_duration_since(opened));
        back.push(one);
    }
    line.finish_and_clear();
    Ok((Storm { back, times, used, steady_mib, most_mib: peak.mib() }, server))
}

fn told(how: Cut, storm: &Storm, section: &mut Section) -> anyhow::Result<()> {
    let (links, last) = (storm.back.len() as f64, storm.times.percentile(100.0) / 1e3);
    let (what, served) = match how {
        Cut::Lines => {
            ("cut", Figure::against("cut: served", "links/s", links / last, Target::AtLeast(A_SECOND)))
        }
        // The server itself asks everybody to wait for up to three seconds.
        Cut::Restart => ("restart", Figure::plain("restart: served", "links/s", links / last)),
    };
    let tries: u64 = storm.back.iter().map(|back| back.tries).sum();
    let figure = |name: &str| format!("{what}: {name}");
    section.figures.extend([
        Figure::against(figure("all back and caught up"), "s", last, Target::AtMost(30.0)),
        served,
        Figure::plain(
            figure("server CPU of coming back"),
            "ms",
            storm.used.each_us(storm.back.len() as u64) / 1e3,
        ),
        Figure::plain(figure("server"), "cores", storm.used.cores()),
        Figure::plain(figure("this tool"), "cores", storm.used.tool_cores()),
        Figure::plain(figure("tries of a link"), "", tries as f64 / links),
        Figure::plain(
            figure("posts made meanwhile, told"),
            "",
            storm.back.iter().map(Back::told).sum::<u64>() as f64,
        ),
        Figure::against(
            figure("memory, most ÷ steady"),
            "×",
            storm.most_mib / storm.steady_mib,
            Target::AtMost(2.0),
        ),
    ]);
    section.spreads.push(storm.times.spread(figure("back and caught up")));
    for back in &storm.back {
        section.faults.add(&back.faults);
    }
    Ok(())
}
