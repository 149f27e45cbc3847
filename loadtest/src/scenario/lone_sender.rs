//! One sender alone in a room: 1 and 64 posts in flight.

use super::arena::{Arena, lanes_of_senders, note};
use crate::{
    beside::Must,
    crowd::{Act, Found},
    report::{Section, Target},
};

/// Posts in flight when there are many: as many as a link may have.
const MANY: usize = 64;

/// Measures it.
pub async fn run(arena: &mut Arena) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(1);
    let mut section =
        Section::of("lone-sender", "one sender, alone in a room; everybody else on line and silent");
    let spec = |arena: &Arena, in_flight| {
        arena.closed("one sender", rooms.clone(), lanes_of_senders(&rooms, 1, in_flight), Act::Post)
    };
    let one = arena.rounds(&spec(arena, 1)).await?;
    let most = |ratio| Must::floor(Target::AtMost(ratio));
    let acked = most(3.0).ejabberd(Target::AtMost(0.5));
    section.beside.extend([
        one.beside("S4", "1 in flight: acknowledged, p50", "ms", acked, |found| found.acked.percentile(50.0)),
        one.beside("", "acknowledged, p99", "ms", Must::NOTHING, |found| found.acked.percentile(99.0)),
        one.beside("S4", "CPU a post", "µs", most(3.0), Found::cpu_per_post),
    ]);
    note(&mut section, "1 in flight", &one);
    let many = arena.rounds(&spec(arena, MANY)).await?;
    let least = Must::floor(Target::AtLeast(0.4)).ejabberd(Target::AtLeast(8.0));
    section.beside.extend([
        many.beside("S5", "64 in flight: posts a second", "1/s", least, Found::posts_per_second),
        many.beside("", "CPU a post", "µs", Must::NOTHING, Found::cpu_per_post),
        many.beside("", "acknowledged, p99", "ms", Must::NOTHING, |found| found.acked.percentile(99.0)),
    ]);
    note(&mut section, "64 in flight", &many);
    Ok(section)
}
