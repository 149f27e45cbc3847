//! One writer with nobody else about: the time to a durable acknowledgement, beside one sync of the same disk.
//!
//! Syncs and posts take turns, so that both see the same weather on a shared disk.

use super::{come_on_line, post};
use crate::{
    disk::Disk,
    latency::Latency,
    machine, progress,
    report::{Figure, Section, Target},
    script::{self, Ids},
    server::Server,
    settings::Settings,
};
use anyhow::Context;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tsumugi_protocol::{Position, Sent};

/// Measures it; the disk is that of the folder of the run.
pub async fn run(server: &Server, settings: &Settings, run: &Path) -> anyhow::Result<Section> {
    let mut section =
        Section::of("lone", "one writer, one post in flight; syncs of the same disk taken in turns with it");
    let (_, mut link) = come_on_line(server, &[0]).await?.pop().context("nobody came on line")?;
    let room = link.only_room().await?;
    let ids = Ids::new();
    let mut disk = Disk::in_folder(run)?;
    let (mut syncs, mut acks) = (Latency::new()?, Latency::new()?);
    let (mut used, mut number) = (Duration::ZERO, 0);
    let mut last: Option<Position> = None;
    let bar = progress::bar("one writer alone", settings.lone_rounds as u64);
    for round in 0..=settings.lone_rounds {
        let mut round_syncs = Latency::new()?;
        let times = settings.lone_posts / 2;
        (disk, round_syncs) = tokio::task::spawn_blocking(move || {
            disk.sync(times, &mut round_syncs)?;
            anyhow::Ok((disk, round_syncs))
        })
        .await??;
        let mut round_acks = Latency::new()?;
        let before = machine::cpu_time(server.process())?;
        for _ in 0..settings.lone_posts {
            let command = post(room, ids.id(number), script::text(number));
            let started = Instant::now();
            let Sent::Saved { position, .. } = link.ask(&command).await?;
            round_acks.add(started.elapsed());
            section.faults.gaps += u64::from(last.is_some_and(|last| last.next() != position));
            last = Some(position);
            number += 1;
        }
        link.heard.clear();
        // The first round warms up.
        if round > 0 {
            used += machine::cpu_time(server.process())? - before;
            syncs.merge(&round_syncs)?;
            acks.merge(&round_acks)?;
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let ratio = acks.percentile(50.0) / syncs.percentile(50.0);
    section.figures = vec![
        Figure::plain("acknowledged, p50", "ms", acks.percentile(50.0)),
        Figure::plain("acknowledged, p99", "ms", acks.percentile(99.0)),
        Figure::plain("one sync, p50", "ms", syncs.percentile(50.0)),
        Figure::against("acknowledged ÷ one sync, p50", "×", ratio, Target::AtMost(3.0)),
        Figure::against("the same against the issue's wish", "×", ratio, Target::AtMost(2.0)),
        Figure::plain("server CPU a post", "µs", used.as_secs_f64() * 1e6 / acks.count() as f64),
    ];
    section.spreads = vec![acks.spread("post to acknowledgement"), syncs.spread("4 KiB appended and synced")];
    Ok(section)
}
