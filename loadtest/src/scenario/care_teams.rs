//! 200 care teams of 8, 1,600 links: as fast as they can, by the clock, and with preview and confirmation.

use super::arena::{Arena, Turn, lane_for_each, note};
use crate::{
    beside::Rounds,
    crowd::{Act, Found},
    report::{Figure, Section, Target},
    stats::median,
};

/// Posts a second in all rooms together.
const RATE: u64 = 200;

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let about = format!("{} rooms of {members}, everybody on line", rooms.len());
    let mut section = Section::of("care-teams", about);
    let plain = arena.closed("care teams post", rooms.clone(), lane_for_each(&rooms), Act::Post);
    let confirm = arena.closed("care teams confirm", rooms.clone(), lane_for_each(&rooms), Act::Confirm);
    let turns = [Turn::Ours(&plain), Turn::Floor(&plain), Turn::Ours(&confirm)];
    let mut found = arena.turns(&turns).await?.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let (closed, confirmed) = (Rounds { ours: next(), floor: next() }, next());
    tell_closed(&mut section, &closed);
    tell_confirmed(&mut section, &closed, &confirmed);
    note(&mut section, "closed loop", &closed);
    note(&mut section, "with confirmation", &Rounds { ours: confirmed, floor: Vec::new() });

    let spec = arena.open_loop("care teams, 200 posts/s", rooms, RATE, 1);
    let open = arena.rounds(&spec).await?;
    tell_open(&mut section, &open)?;
    note(&mut section, "open loop", &open);
    Ok(section)
}

fn tell_closed(section: &mut Section, closed: &Rounds) {
    let (least, most) = (|ratio| Some(Target::AtLeast(ratio)), |ratio| Some(Target::AtMost(ratio)));
    let name = "closed loop: deliveries per CPU-second";
    section.beside.extend([
        closed.beside("S1", name, "1/s", least(0.67), Found::deliveries_per_cpu_second),
        closed.beside("", "CPU a delivery", "µs", None, Found::cpu_per_delivery),
        closed.beside("", "posts a second", "1/s", None, Found::posts_per_second),
        closed.beside("", "delivered, p50", "ms", None, |found| found.delivered.percentile(50.0)),
        closed.beside("S7", "delivered, p99", "ms", most(1.5), |found| found.delivered.percentile(99.0)),
    ]);
    section.figures.push(Figure::plain("this tool beside ours", "cores", closed.ours(Found::cores_here)));
}

/// The same with preview and confirmation, each round beside the plain one of its round.
fn tell_confirmed(section: &mut Section, plain: &Rounds, confirmed: &[Found]) {
    let pairs = plain.ours.iter().zip(confirmed);
    let ratios = pairs.map(|(plain, confirmed)| confirmed.cpu_per_delivery() / plain.cpu_per_delivery());
    let ratio = median(ratios.collect()).unwrap_or(f64::NAN);
    let cost = median(confirmed.iter().map(Found::cpu_per_delivery).collect()).unwrap_or(f64::NAN);
    section.figures.extend([
        Figure::plain("with preview and confirmation, CPU a delivery", "µs", cost),
        Figure::against("the same ÷ without", "×", ratio, Target::AtMost(1.6)),
    ]);
}

fn tell_open(section: &mut Section, open: &Rounds) -> anyhow::Result<()> {
    let most = |ratio| Some(Target::AtMost(ratio));
    let name = "200 posts/s by the clock: CPU a delivery";
    section.beside.extend([
        open.beside("S3", name, "µs", most(1.5), Found::cpu_per_delivery),
        open.beside("", "delivered, p50", "ms", None, |found| found.delivered.percentile(50.0)),
        open.beside("S6", "delivered, p99", "ms", most(1.5), |found| found.delivered.percentile(99.0)),
        open.beside("S6", "delivered, p99.9", "ms", most(2.0), |found| found.delivered.percentile(99.9)),
    ]);
    let p99 = open.ours(|found| found.delivered.percentile(99.0));
    section.figures.push(Figure::against("200 posts/s: delivered, p99", "ms", p99, Target::AtMost(30.0)));
    section.spreads.push(Found::all_delivered(&open.ours)?.spread("200 posts/s: due to socket, ours"));
    section.spreads.push(Found::all_delivered(&open.floor)?.spread("200 posts/s: due to socket, floor"));
    Ok(())
}
