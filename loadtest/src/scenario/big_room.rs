//! One big room with everybody on line: ten senders in turn as fast as they can, and five posts a second by the clock.

use super::arena::{Arena, lanes_of_senders, note};
use crate::{
    beside::Must,
    crowd::{Act, Found},
    report::{Section, Target},
};

/// People who write in turn in the closed loop.
const SENDERS: usize = 10;
/// Posts they have in flight, all together: what the peers' published figures had (4 ÷ their posts/s is their latency).
const IN_FLIGHT: usize = 4;
/// Posts a second in the open loop.
const RATE: u64 = 5;

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let mut section = Section::of("big-room", format!("one room of {members}, everybody on line"));
    let lanes = lanes_of_senders(&rooms, SENDERS, IN_FLIGHT);
    let spec = arena.closed("the big room posts", rooms.clone(), lanes, Act::Post);
    let closed = arena.rounds(&spec).await?;
    let name = "closed loop: deliveries per CPU-second";
    let must = Must::floor(Target::AtLeast(0.74)).ejabberd(Target::AtLeast(4.5));
    section.beside.extend([
        closed.beside("S2", name, "1/s", must, Found::deliveries_per_cpu_second),
        closed.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery),
        closed.beside("", "posts a second", "1/s", Must::NOTHING, Found::posts_per_second),
        closed.beside("", "delivered, p99", "ms", Must::NOTHING, |found| found.delivered.percentile(99.0)),
    ]);
    note(&mut section, "closed loop", &closed);

    let spec = arena.open_loop("the big room, 5 posts/s", rooms, RATE, 2);
    let open = arena.rounds(&spec).await?;
    let must = |ratio| Must::floor(Target::AtMost(1.5)).ejabberd(Target::AtMost(ratio));
    section.beside.extend([
        open.beside("S8", "5 posts/s by the clock: delivered, p50", "ms", must(0.7), |found| {
            found.delivered.percentile(50.0)
        }),
        open.beside("S8", "delivered, p99", "ms", must(1.0), |found| found.delivered.percentile(99.0)),
        open.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery),
    ]);
    note(&mut section, "open loop", &open);
    Ok(section)
}
