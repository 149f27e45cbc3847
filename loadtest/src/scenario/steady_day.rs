//! A day of a prefecture, an hour a second, each second at the real rate of its hour.
//!
//! 170,000 people writing 2.1 messages a day are 360,000 a day; with a tenth of them in the top hour, that hour has
//! 10 posts/s. (Volumes: published figures of 14 hospitals and 263 clinics; the shape of the day is our reading.)

use super::arena::{Arena, note};
use crate::{
    crowd::{Act, Found, scattered, together},
    report::{Figure, Section, Target},
};
use std::time::Duration;

/// Posts a second in each hour from midnight: its percent of the day's 360,000.
const HOURS: [u64; 24] = [1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 8, 7, 5, 6, 7, 7, 8, 8, 5, 3, 2, 2, 1, 1];
/// Reads a post, rounded.
const READS_A_POST: u64 = 2;

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let posts: u64 = HOURS.iter().sum();
    let mut section =
        Section::of("steady-day", format!("{posts} posts in {} s, an hour a second", HOURS.len()));
    let second = Duration::from_secs(1);
    let (mut start, mut first) = (Duration::ZERO, 0);
    let mut parts = Vec::new();
    for posts in HOURS {
        let reads = first * READS_A_POST..(first + posts) * READS_A_POST;
        parts.push(scattered(&rooms, first..first + posts, start, second, Act::Confirm));
        parts.push(scattered(&rooms, reads, start, second, Act::MarkRead));
        (start, first) = (start + second, first + posts);
    }
    let spec = Arena::by_the_clock("a steady day", rooms, together(parts), start);
    let rounds = arena.once(&spec).await?;
    for found in &rounds.ours {
        section.spreads.push(found.delivered.spread("due to socket, preview and confirmation included"));
    }
    let p99 = rounds.ours(|found| found.delivered.percentile(99.0));
    section.figures.extend([
        Figure::against("delivered, p99", "ms", p99, Target::AtMost(30.0)),
        Figure::plain("server", "cores", rounds.ours(Found::cores)),
    ]);
    note(&mut section, "steady day", &rounds);
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::HOURS;

    #[test]
    fn the_hours_make_a_day_whose_top_hour_has_a_tenth() {
        assert_eq!(HOURS.iter().sum::<u64>(), 100);
        assert_eq!(HOURS.iter().max(), Some(&10));
    }
}
