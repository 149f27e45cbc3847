//! Bursts: at each change of shift, everybody of the shift hands over within seconds.

use super::arena::{Arena, note};
use crate::{
    beside::Must,
    crowd::{Act, Found, scattered, together},
    report::{Section, Target},
};
use std::time::Duration;

/// Changes of shift in a day.
const CHANGES: u32 = 3;
/// Members of each team who hand over.
const OF_EACH_TEAM: u64 = 2;
/// Time in which they all post.
const BURST: Duration = Duration::from_secs(2);
/// Time from one burst to the next.
const APART: Duration = Duration::from_secs(4);

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let people = rooms.len() as u64 * OF_EACH_TEAM;
    let about =
        format!("{CHANGES} bursts of {people} posts within {BURST:?}, {} rooms of {members}", rooms.len());
    let mut section = Section::of("shift-change", about);
    let burst = |change: u32| {
        let first = u64::from(change) * people;
        scattered(&rooms, first..first + people, APART * change, BURST, Act::Post)
    };
    let dues = together((0..CHANGES).map(burst));
    let spec = Arena::by_the_clock("shifts change", rooms, dues, APART * CHANGES);
    let rounds = arena.rounds(&spec).await?;
    let [p99, p999] = [1.5, 2.0].map(|most| Must::floor(Target::AtMost(most)));
    section.beside.extend([
        rounds.beside("", "delivered, p50", "ms", Must::NOTHING, |found| found.delivered.percentile(50.0)),
        rounds.beside("", "delivered, p99", "ms", p99, |found| found.delivered.percentile(99.0)),
        rounds.beside("", "delivered, p99.9", "ms", p999, |found| found.delivered.percentile(99.9)),
        rounds.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery),
    ]);
    note(&mut section, "bursts", &rounds);
    Ok(section)
}
