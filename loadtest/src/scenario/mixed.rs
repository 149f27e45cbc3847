//! What care teams do together: posts with preview and confirmation, marks of reading, pages, lists of rooms.

use super::arena::{Arena, note};
use crate::{
    crowd::{Act, Found, steady, together},
    report::{Figure, Section, Target},
};

/// Confirmed posts a second.
const POSTS: u64 = 50;
/// Reads a post: 1,511,429 reads of 628,162 messages in two weeks of an 880-bed hospital.
const READS_A_POST: f64 = 2.4;
/// Of ten reads, so many load a page; the others only mark what was heard.
const PAGES_OF_TEN: u64 = 3;
/// Lists of rooms loaded a second: one for five posts, somebody opens the app.
const LISTS: u64 = POSTS / 5;

/// Measures it.
pub async fn run(arena: &mut Arena, members: usize) -> anyhow::Result<Section> {
    let rooms = arena.shape.rooms_of(members);
    let reads = (POSTS as f64 * READS_A_POST) as u64;
    let pages = reads * PAGES_OF_TEN / 10;
    let about = format!(
        "{POSTS} confirmed posts, {} marks of reading, {pages} pages and {LISTS} lists a second, {} rooms of {members}",
        reads - pages,
        rooms.len()
    );
    let mut section = Section::of("mixed", about);
    let length = arena.length() * 2;
    let stream = |rate, act| steady(&rooms, rate, length, act);
    let dues = together([
        stream(POSTS, Act::Confirm),
        stream(reads - pages, Act::MarkRead),
        stream(pages, Act::Page),
        stream(LISTS, Act::List),
    ]);
    let rounds = arena.once(&Arena::by_the_clock("a care team's mixture", rooms, dues, length)).await?;
    for found in &rounds.ours {
        section.spreads.extend([
            found.delivered.spread("due to socket, preview and confirmation included"),
            found.acked.spread("due to acknowledgement"),
            found.read.spread("due to the answer of a page, a list or a mark"),
        ]);
    }
    let p99 = |of: fn(&Found) -> f64| rounds.ours(of);
    section.figures.extend([
        Figure::against(
            "delivered, p99",
            "ms",
            p99(|found| found.delivered.percentile(99.0)),
            Target::AtMost(30.0),
        ),
        Figure::plain("pages, lists and marks, p99", "ms", p99(|found| found.read.percentile(99.0))),
        Figure::plain("CPU a post, everything included", "µs", p99(Found::cpu_per_post)),
        Figure::plain("server", "cores", p99(Found::cores)),
    ]);
    note(&mut section, "mixed", &rounds);
    Ok(section)
}
