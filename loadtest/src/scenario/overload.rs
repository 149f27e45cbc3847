//! More than the server can do: the highest rate with quick deliveries is looked for, then a little less and twice as much
//! is asked. What is accepted must stay quick, what is refused must be told with a time to try again.

use super::Ground;
use crate::{
    company::{Clocked, Company, Pace},
    progress,
    report::{Figure, Section, Target},
    script,
    server::World,
};
use std::time::Duration;

/// Members of every room.
const ROOM_OF: usize = 8;
/// Rooms.
const ROOMS: usize = 25;
/// Slowest delivery, 99 of 100, at which the server still keeps up.
const QUICK_MS: f64 = 100.0;
/// Rates between which capacity is looked for.
const RATES: (u64, u64) = (50, 51_200);
/// Steps between the last rate that was quick and the first that was not.
const STEPS: u32 = 3;
/// So many times the capacity for a moment: far more than may wait.
const FLOOD: u64 = 10;
/// One try at a rate.
const TRY: Duration = Duration::from_secs(3);

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let about = format!("{ROOMS} rooms of {ROOM_OF}; capacity is the highest rate with p99 ≤ {QUICK_MS} ms");
    let mut section = Section::of("overload", about);
    let world = World::of(ROOMS, ROOM_OF, 0);
    let server = ground.home("overload")?.behind_the_tool().make(&world).await?;
    let mut company = Company::gather(&server, 0..ROOMS * ROOM_OF, ROOM_OF).await?;
    let capacity = capacity(&mut company, &mut section).await?;
    let length = ground.settings.phase();
    let _line = progress::line("a little less, then twice the capacity");
    let below = at(&mut company, capacity * 8 / 10, length).await?;
    let above = at(&mut company, capacity * 2, length).await?;
    let again = at(&mut company, capacity * 8 / 10, length).await?;
    let drowned = at(&mut company, capacity * FLOOD, TRY).await?;
    let (quick, slow) = (below.deliveries.percentile(99.0), above.deliveries.percentile(99.0));
    section.figures = vec![
        Figure::plain("capacity", "posts/s", capacity as f64),
        Figure::plain("server at 0.8 × capacity", "cores", below.used.cores()),
        Figure::plain("this tool at 0.8 × capacity", "cores", below.used.tool_cores()),
        Figure::plain("delivered at 0.8 × capacity, p99", "ms", quick),
        Figure::plain("delivered at 2 × capacity, p99", "ms", slow),
        Figure::plain("sent at 2 × capacity: this tool's own delay, p99", "ms", above.sends.percentile(99.0)),
        Figure::against("the one ÷ the other", "×", slow / quick, Target::AtMost(5.0)),
        Figure::plain("acknowledged at 2 × capacity", "posts/s", accepted_a_second(&above)),
        Figure::plain("refused at 2 × capacity", "%", refused_percent(&above)),
        Figure::against(
            "refused without a time to try again",
            "",
            above.without_retry as f64,
            Target::AtMost(0.0),
        ),
        Figure::plain("0.8 × capacity afterwards, p99", "ms", again.deliveries.percentile(99.0)),
    ];
    for (name, clocked) in [
        ("0.8 × capacity", &below),
        ("2 × capacity", &above),
        ("0.8 × afterwards", &again),
        ("drowned", &drowned),
    ] {
        section.spreads.push(clocked.deliveries.spread(format!("delivered, {name}")));
        section.spreads.push(clocked.acks.spread(format!("acknowledged, {name}")));
        section.spreads.push(clocked.sends.spread(format!("sent by this tool, {name}")));
        section.faults.add(&clocked.faults);
        section.notes.extend(clocked.refusals(name));
    }
    if below.used.tool_cores() > below.used.cores() {
        section.notes.push(
            "this tool took more CPU than the server: capacity is the machine's, not the server's".into(),
        );
    }
    drop(company);
    server.stop().await?;
    Ok(section)
}

/// Doubles the rate until deliveries are no longer quick, then halves the step.
async fn capacity(company: &mut Company, section: &mut Section) -> anyhow::Result<u64> {
    let bar = progress::line("looks for the capacity");
    let mut rate = RATES.0;
    while is_quick(company, rate, section).await? && rate < RATES.1 {
        bar.set_message(format!("looks for the capacity: {rate} posts/s are quick"));
        rate *= 2;
    }
    let (mut quick, mut slow) = (rate / 2, rate);
    for _ in 0..STEPS {
        let middle = u64::midpoint(quick, slow);
        if is_quick(company, middle, section).await? {
            quick = middle;
        } else {
            slow = middle;
        }
    }
    bar.finish_and_clear();
    Ok(quick)
}

/// Whether deliveries are quick at a rate; one stall of the machine is forgiven.
async fn is_quick(company: &mut Company, rate: u64, section: &mut Section) -> anyhow::Result<bool> {
    Ok(try_at(company, rate, section).await? || try_at(company, rate, section).await?)
}

async fn try_at(company: &mut Company, rate: u64, section: &mut Section) -> anyhow::Result<bool> {
    let tried = at(company, rate, TRY).await?;
    section.faults.add(&tried.faults);
    let p99 = tried.deliveries.percentile(99.0);
    section
        .notes
        .push(format!("{rate} posts/s: delivered p99 {p99:.1} ms, server {:.2} cores", tried.used.cores()));
    Ok(p99 <= QUICK_MS && tried.refused.is_empty())
}

async fn at(company: &mut Company, rate: u64, length: Duration) -> anyhow::Result<Clocked> {
    let pace = Pace { rate, warm_up: Duration::from_secs(1), length, text: script::text };
    company.post_by_clock(pace).await
}

fn refused_percent(clocked: &Clocked) -> f64 {
    100.0 * clocked.refused.values().sum::<u64>() as f64 / clocked.posts.max(1) as f64
}

fn accepted_a_second(clocked: &Clocked) -> f64 {
    let refused: u64 = clocked.refused.values().sum();
    (clocked.posts - refused) as f64 / clocked.used.time.as_secs_f64()
}
