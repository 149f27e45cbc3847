//! When things are due in an open loop: evenly by the clock, or scattered over a stretch of time.

use super::spec::{Act, Due};
use crate::shape::Room;
use std::{ops::Range, time::Duration};

/// So many acts a second for so long, round and round the rooms, and in each round the rooms' members.
pub fn steady(rooms: &[Room], rate: u64, length: Duration, act: Act) -> Vec<Due> {
    let total = u64::try_from(length.as_nanos() * u128::from(rate) / 1_000_000_000).unwrap_or_default();
    let at = |number: u64| Duration::from_nanos(number * 1_000_000_000 / rate.max(1));
    (0..total).filter_map(|number| due(rooms, number, at(number), act)).collect()
}

/// The acts of these numbers within a stretch of time, in no rhythm, each by the next room's next member.
pub fn scattered(rooms: &[Room], numbers: Range<u64>, from: Duration, width: Duration, act: Act) -> Vec<Due> {
    // The golden ratio fills the stretch evenly without a beat, and the same way in every run.
    let share = |number: u64| u128::from(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let offset = |number| u64::try_from((share(number) * width.as_nanos()) >> 64).unwrap_or_default();
    let at = |number| from + Duration::from_nanos(offset(number));
    numbers.filter_map(|number| due(rooms, number, at(number), act)).collect()
}

/// Several of them as one.
pub fn together(parts: impl IntoIterator<Item = Vec<Due>>) -> Vec<Due> {
    let mut all: Vec<Due> = parts.into_iter().flatten().collect();
    all.sort_by_key(|due| due.at);
    all
}

fn due(rooms: &[Room], number: u64, at: Duration, act: Act) -> Option<Due> {
    let turn = usize::try_from(number).ok()?;
    let room = turn.checked_rem(rooms.len())?;
    let people = &rooms.get(room)?.people;
    let person = *people.get((turn / rooms.len()).checked_rem(people.len())?)?;
    Some(Due { at, room, person, act })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    fn teams() -> Vec<Room> {
        Shape::of([(25, 8)]).rooms_of(8)
    }

    #[test]
    fn a_steady_stream_is_by_the_clock_and_everybody_writes_in_her_own_room() {
        let rooms = teams();
        let dues = steady(&rooms, 200, Duration::from_secs(5), Act::Post);
        assert_eq!(dues.len(), 1_000);
        assert_eq!(dues[200].at, Duration::from_secs(1));
        assert!(dues.iter().all(|due| rooms[due.room].people.contains(&due.person)));
        assert_eq!(dues.iter().filter(|due| due.person == 0).count(), 5);
        assert!(steady(&[], 200, Duration::from_secs(5), Act::Post).is_empty());
    }

    #[test]
    fn a_burst_stays_in_its_stretch_and_fills_it() {
        let (from, width) = (Duration::from_secs(3), Duration::from_secs(2));
        let dues = scattered(&teams(), 300..500, from, width, Act::Post);
        assert_eq!(dues.len(), 200);
        assert!(dues.iter().all(|due| from <= due.at && due.at < from + width));
        for tenth in 0..10 {
            let part = from + width * tenth / 10..from + width * (tenth + 1) / 10;
            let inside = dues.iter().filter(|due| part.contains(&due.at)).count();
            assert!((18..=22).contains(&inside), "{inside} in part {tenth}");
        }
    }

    #[test]
    fn several_together_are_in_order() {
        let (second, rooms) = (Duration::from_secs(1), teams());
        let all = together([
            scattered(&rooms, 0..10, second, second, Act::Page),
            steady(&rooms, 5, second * 3, Act::Post),
        ]);
        assert_eq!(all.len(), 25);
        assert!(all.is_sorted_by_key(|due| due.at));
    }
}
