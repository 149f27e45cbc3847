//! What the server takes while nothing happens, and how long it takes to be there.

use super::come_on_line;
use crate::{
    latency::Latency,
    machine, progress,
    report::{Figure, Section, Target},
    server::{Home, Server, World},
    settings::Settings,
};
use std::time::Duration;

/// Time in which memory is looked at; the largest value counts.
const LOOKING: Duration = Duration::from_secs(5);
/// After signing in, until the server is idle: it gives back what hashing took within 10 s.
const SETTLING: Duration = Duration::from_secs(12);
/// A start that takes longer has failed.
const STARTING: Duration = Duration::from_mins(2);
/// Time between two looks.
const STEP: Duration = Duration::from_millis(500);
/// Memory that an idle server may take, in MiB.
const RESIDENT_MIB: f64 = 60.0;

/// Measures memory on a small home, and starts on the home with the longest history.
pub async fn run(small: &Home, longest: (&Home, &World), settings: &Settings) -> anyhow::Result<Section> {
    let (home, world) = longest;
    let people = settings.idle_people;
    let about = format!("{people} accounts; restarts on a store of {} posts", world.posts);
    let mut section = Section::of("idle", about);
    let rooms = people.div_ceil(settings.room_of);
    let mut fresh = World::of(rooms, settings.room_of, 1_000);
    fresh.shape.people = people;
    small.make(&fresh).await?.stop().await?;
    // Started again, so that what making the world took is not counted.
    let server = small.again()?.ready().await?;
    let alone = resident(&server, "memory with nobody on line").await?;
    let links = come_on_line(&server, &(0..people).collect::<Vec<_>>()).await?;
    let _settling = progress::clock("nothing happens", SETTLING);
    tokio::time::sleep(SETTLING).await;
    let company = resident(&server, "memory with everybody on line").await?;
    drop(links);
    server.stop().await?;

    let (after_stop, after_kill) = restarts(home, world, settings.starts).await?;
    section.figures = vec![
        Figure::against("memory, nobody on line", "MiB", alone, Target::AtMost(RESIDENT_MIB)),
        Figure::against(format!("memory, {people} on line"), "MiB", company, Target::AtMost(RESIDENT_MIB)),
        Figure::against(
            format!("start on {} posts, slowest", world.posts),
            "s",
            after_stop.percentile(100.0) / 1e3,
            Target::AtMost(1.0),
        ),
        Figure::plain("the same after a kill, slowest", "s", after_kill.percentile(100.0) / 1e3),
    ];
    section.spreads = vec![
        after_stop.spread("start to /healthz, after a stop"),
        after_kill.spread("start to /healthz, after a kill"),
    ];
    Ok(section)
}

/// The most memory the server took in the time of looking.
async fn resident(server: &Server, what: &str) -> anyhow::Result<f64> {
    let _clock = progress::clock(what, LOOKING);
    let mut most: f64 = 0.0;
    for _ in 0..LOOKING.as_millis() / STEP.as_millis() {
        tokio::time::sleep(STEP).await;
        most = most.max(machine::resident_mib(server.process())?);
    }
    Ok(most)
}

/// Starts again and again: after a clean stop, and after a kill.
async fn restarts(home: &Home, world: &World, times: usize) -> anyhow::Result<(Latency, Latency)> {
    let mut server = home.open(world).await?;
    let (mut after_stop, mut after_kill) = (Latency::new()?, Latency::new()?);
    let bar = progress::bar("the server starts again", 2 * times as u64);
    for turn in 0..2 * times {
        let into = if turn % 2 == 0 { &mut after_stop } else { &mut after_kill };
        let address = server.address.clone();
        if turn % 2 == 0 {
            server.stop().await?
        } else {
            server.kill().await?
        }
        let mut started = home.again()?;
        while !address.is_well().await {
            anyhow::ensure!(!started.has_ended(), "the server ended while it started");
            anyhow::ensure!(started.since() < STARTING, "the server did not start in {STARTING:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        into.add(started.since());
        server = started.ready().await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    server.stop().await?;
    Ok((after_stop, after_kill))
}
