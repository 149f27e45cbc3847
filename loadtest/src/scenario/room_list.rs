//! The list of somebody who is in many rooms: what opens on her screen first.

use super::{Ground, come_on_line};
use crate::{
    company::Meter,
    latency::Latency,
    progress,
    report::{Figure, Section, Target},
    server::World,
    shape::{Group, Shape},
};
use anyhow::Context;
use std::time::Instant;

/// Rooms she is in.
const ROOMS: usize = 300;
/// Members of every room: the same people in all of them.
const ROOM_OF: usize = 8;
/// Lists asked for, after a tenth as many that warm the caches up.
const TIMES: usize = 1_000;
/// Slowest that may be.
const P99_MS: f64 = 30.0;

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let mut section =
        Section::of("room-list", format!("rooms.list of a person in {ROOMS} rooms, {TIMES} times"));
    let groups = vec![Group { rooms: ROOMS, members: ROOM_OF }];
    let world = World::shaped(Shape { people: ROOM_OF, groups });
    let server = ground.home("room-list")?.make(&world).await?;
    let (_session, mut link) = come_on_line(&server, &[0]).await?.pop().context("nobody came on line")?;
    for _ in 0..TIMES / 10 {
        link.rooms().await?;
    }
    let bar = progress::bar("room lists", TIMES as u64);
    let mut spread = Latency::new()?;
    let meter = Meter::start(server.process())?;
    for _ in 0..TIMES {
        let began = Instant::now();
        let rooms = link.rooms().await?;
        spread.add(began.elapsed());
        section.faults.wrong_pages += u64::from(rooms.len() != ROOMS);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let each = meter.used()?.each_us(TIMES as u64);
    let p99 = spread.percentile(99.0);
    section.figures.push(Figure::against(format!("{ROOMS} rooms, p99"), "ms", p99, Target::AtMost(P99_MS)));
    section.figures.push(Figure::plain(format!("{ROOMS} rooms, CPU"), "µs", each));
    section.spreads.push(spread.spread(format!("{ROOMS} rooms")));
    server.stop().await?;
    Ok(section)
}
