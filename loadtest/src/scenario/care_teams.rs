//! 200 care teams of 8, 1,600 links: as fast as they can, by the clock, and with preview and confirmation.

use super::arena::{Arena, Turn, lane_for_each, note};
use crate::{
    beside::{Must, Rounds},
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
    let turns = [Turn::Ours(&plain), Turn::Theirs(&plain), Turn::OnPostgres(&plain), Turn::Ours(&confirm)];
    let mut found = arena.turns(&turns).await?.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let other = arena.other();
    let closed = Rounds { ours: next(), theirs: next(), other };
    let (on_postgres, confirmed) = (next(), next());
    tell_closed(&mut section, &closed);
    note(&mut section, "closed loop", &closed);
    if !on_postgres.is_empty() {
        tell_on_postgres(&mut section, on_postgres, &closed);
    }
    tell_confirmed(&mut section, &closed, &confirmed);
    note(&mut section, "with confirmation", &Rounds::alone(confirmed));

    let spec = arena.open_loop("care teams, 200 posts/s", rooms, RATE, 1);
    let open = arena.rounds(&spec).await?;
    tell_open(&mut section, &open)?;
    note(&mut section, "open loop", &open);
    Ok(section)
}

fn tell_closed(section: &mut Section, closed: &Rounds) {
    let least = Must::floor(Target::AtLeast(0.67)).ejabberd(Target::AtLeast(5.0));
    let most = Must::floor(Target::AtMost(1.5)).ejabberd(Target::AtMost(0.25));
    let name = "closed loop: deliveries per CPU-second";
    section.beside.extend([
        closed.beside("S1", name, "1/s", least, Found::deliveries_per_cpu_second),
        closed.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery),
        closed.beside("", "posts a second", "1/s", Must::NOTHING, Found::posts_per_second),
        closed.beside("", "delivered, p50", "ms", Must::NOTHING, |found| found.delivered.percentile(50.0)),
        closed.beside("S7", "delivered, p99", "ms", most, |found| found.delivered.percentile(99.0)),
    ]);
    section.figures.push(Figure::plain("this tool beside ours", "cores", closed.ours(Found::cores_here)));
}

/// The same with our rows in PostgreSQL, its CPU included, beside what has its rows there as well.
fn tell_on_postgres(section: &mut Section, ours: Vec<Found>, closed: &Rounds) {
    let rounds = Rounds { ours, theirs: closed.theirs.clone(), other: closed.other };
    let must = Must::NOTHING.ejabberd(Target::AtLeast(3.5));
    section.beside.extend([
        rounds.beside(
            "S12",
            "on PostgreSQL: deliveries per CPU-second",
            "1/s",
            must,
            Found::deliveries_per_cpu_second,
        ),
        rounds.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery),
        rounds.beside("", "of it the database's", "µs", Must::NOTHING, Found::database_cpu_per_delivery),
        rounds.beside("", "posts a second", "1/s", Must::NOTHING, Found::posts_per_second),
    ]);
    note(section, "on PostgreSQL", &Rounds::alone(rounds.ours));
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
    let most = |ratio| Must::floor(Target::AtMost(ratio));
    let name = "200 posts/s by the clock: CPU a delivery";
    section.beside.extend([
        open.beside("S3", name, "µs", most(1.5).ejabberd(Target::AtMost(0.4)), Found::cpu_per_delivery),
        open.beside("", "delivered, p50", "ms", Must::NOTHING, |found| found.delivered.percentile(50.0)),
        open.beside("S6", "delivered, p99", "ms", most(1.5).ejabberd(Target::AtMost(0.7)), |found| {
            found.delivered.percentile(99.0)
        }),
        open.beside("S6", "delivered, p99.9", "ms", most(2.0), |found| found.delivered.percentile(99.9)),
    ]);
    let p99 = open.ours(|found| found.delivered.percentile(99.0));
    section.figures.push(Figure::against("200 posts/s: delivered, p99", "ms", p99, Target::AtMost(30.0)));
    section.spreads.push(Found::all_delivered(&open.ours)?.spread("200 posts/s: due to socket, ours"));
    if let Some(other) = open.other {
        let name = format!("200 posts/s: due to socket, {}", other.as_str());
        section.spreads.push(Found::all_delivered(&open.theirs)?.spread(name));
    }
    Ok(())
}
