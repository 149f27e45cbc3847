//! What a post costs in rooms of 2 to 1,000, with as many posts in flight everywhere: a + b·M, and how far from it.

use super::arena::{Arena, Turn, lane_for_each, lanes_of_senders, note};
use crate::{
    beside::Rounds,
    crowd::{Act, Found, Spec},
    report::{Figure, Section, Target},
    stats::Line,
};
use anyhow::Context;

/// Posts in flight at every size.
const IN_FLIGHT: usize = 8;
/// A point may be so many percent off the line.
const DEVIATION: f64 = 20.0;

/// Measures it.
pub async fn run(arena: &mut Arena, big: usize) -> anyhow::Result<Section> {
    let mut section = Section::of("growth", format!("CPU a post by members, {IN_FLIGHT} posts in flight"));
    let specs: Vec<(usize, Spec)> =
        [2, 8, 32, 128, big].map(|members| (members, spec(arena, members))).into();
    let turns: Vec<Turn<'_>> = specs.iter().map(|(_, spec)| Turn::Ours(spec)).collect();
    let mut points = Vec::new();
    for ((members, _), ours) in specs.iter().zip(arena.turns(&turns).await?) {
        let rounds = Rounds::alone(ours);
        let cost = rounds.ours(Found::cpu_per_post);
        points.push((*members as f64, cost));
        section.figures.push(Figure::plain(format!("{members} members: CPU a post"), "µs", cost));
        note(&mut section, &format!("{members} members"), &rounds);
    }
    let line = Line::fit(&points).context("the points lie on no line")?;
    section.figures.extend([
        Figure::plain("a, for each post", "µs", line.a),
        Figure::plain("b, for each member", "µs", line.b),
    ]);
    for (members, cost) in points {
        let off = (cost / line.at(members) - 1.0).abs() * 100.0;
        let name = format!("{members} members: off the line");
        section.figures.push(Figure::against(name, "%", off, Target::AtMost(DEVIATION)));
    }
    Ok(section)
}

fn spec(arena: &Arena, members: usize) -> Spec {
    let mut rooms = arena.shape.rooms_of(members);
    rooms.truncate(IN_FLIGHT);
    let lanes =
        if rooms.len() < IN_FLIGHT { lanes_of_senders(&rooms, IN_FLIGHT, 1) } else { lane_for_each(&rooms) };
    arena.closed("growth", rooms, lanes, Act::Post)
}
