//! What read marks cost: posts go round in rooms with and without a mark after every delivery, in turns.

use super::Ground;
use crate::{
    company::{Company, Marks, Rounds},
    latency::Latency,
    progress,
    report::{Figure, Section, Target},
    server::World,
    stats::median,
};

/// Members of every room.
const ROOM_OF: usize = 8;
/// Rooms.
const ROOMS: usize = 25;
/// Times each way.
const TURNS: usize = 3;

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let about =
        format!("{ROOMS} rooms of {ROOM_OF}, one post in flight each, every reader has the room on screen");
    let mut section = Section::of("receipts", about);
    let world = World::of(ROOMS, ROOM_OF, 0);
    let server = ground.home("receipts")?.make(&world).await?;
    let mut company = Company::gather(&server, 0..ROOMS * ROOM_OF, ROOM_OF).await?;
    let ways = [
        ("no marks", Marks::None),
        ("marks gathered as by our client", Marks::Gathered),
        ("each post marked", Marks::EveryPost),
    ];
    let mut found = [const { Vec::new() }; 3];
    let bar = progress::bar("posts with and without read marks", TURNS as u64);
    for turn in 0..TURNS {
        // Who comes first changes, so that nobody always has the better weather.
        for place in 0..ways.len() {
            let place = (place + turn) % ways.len();
            let (Some((_, marks)), Some(into)) = (ways.get(place), found.get_mut(place)) else { continue };
            let (warm_up, length) = (ground.settings.warm_up(), ground.settings.phase());
            into.push(company.post_in_turns(*marks, warm_up, length).await?);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let plain: Vec<f64> = found.first().into_iter().flatten().map(Rounds::each_us).collect();
    for ((name, marks), all) in ways.iter().zip(&found) {
        let each: Vec<f64> = all.iter().map(Rounds::each_us).collect();
        // Neighbours in time are compared, so that weather common to both cancels.
        let ratios = each.iter().zip(&plain).map(|(each, plain)| each / plain).collect();
        let (each, ratio) = (median(each), median(ratios).unwrap_or(f64::NAN));
        section.figures.push(Figure::plain(
            format!("CPU a delivery, {name}"),
            "µs",
            each.unwrap_or(f64::NAN),
        ));
        if *marks != Marks::None {
            let added = 100.0 * (ratio - 1.0);
            let name = format!("added, {name}");
            // Our client gathers; whoever marks every post alone is told what that costs.
            section.figures.push(match marks {
                Marks::Gathered => Figure::against(name, "%", added, Target::AtMost(10.0)),
                Marks::None | Marks::EveryPost => Figure::plain(name, "%", added),
            });
        }
        section.figures.push(Figure::plain(format!("delivered, {name}"), "1/s", a_second(all)));
        let mut times = Latency::new()?;
        all.iter().try_for_each(|rounds| times.merge(&rounds.times))?;
        section.spreads.push(times.spread(format!("delivered, {name}")));
        let refused = all.iter().flat_map(|rounds| &rounds.refused);
        section.notes.extend(refused.map(|(code, count)| format!("{name}: refused {count} ×: {code}")));
    }
    drop(company);
    server.stop().await?;
    Ok(section)
}

fn a_second(all: &[Rounds]) -> f64 {
    let time: f64 = all.iter().map(|rounds| rounds.used.time.as_secs_f64()).sum();
    all.iter().map(|rounds| rounds.deliveries).sum::<u64>() as f64 / time
}
