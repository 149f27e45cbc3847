//! `loadtest guard`: whether a delivery costs clearly more CPU beside the floor than was recorded.
//!
//! Pairs of short cells, ours and the floor in turns, so that a busy neighbour meets both. It fails only when even the
//! lower 95 % bound of their ratio is beyond 1.25 × the recorded one, twice: noise alone does not turn it red.

use crate::{
    beside::{Beside, Must},
    crowd::{Act, Found},
    machine::Machine,
    places::{places, profile},
    recorded::{Record, Recorded},
    scenario::arena::{Arena, lane_for_each},
    server::Home,
    settings::{Asked, Other, Settings},
    shape::Shape,
    stats::Bounds,
};
use anyhow::Context;
use std::path::PathBuf;

/// Rooms and their members.
const TEAMS: (usize, usize) = (25, 8);
/// Pairs.
const PAIRS: usize = 7;
/// Seconds that each cell counts.
const SECONDS: u64 = 4;
/// The lower bound may be so many times the recorded ratio.
const FACTOR: f64 = 1.25;
/// The same on a processor that the record is not of.
const ELSEWHERE: f64 = 1.5;

/// Arguments of `loadtest guard`.
#[derive(Debug, clap::Args)]
pub struct Guard {
    /// Write the file instead of comparing with it.
    #[arg(long)]
    record: bool,
    /// The file with the recorded ratios.
    #[arg(long, value_name = "FILE", default_value = "loadtest/recorded.toml")]
    recorded: PathBuf,
    #[command(flatten)]
    asked: Asked,
}

/// Measures, prints, and says whether all is well.
pub async fn run(guard: &Guard) -> anyhow::Result<bool> {
    let recorded = Recorded::read(&guard.recorded)?;
    let profile = profile();
    if !guard.record {
        let missing = || format!("{} has no record of the {profile} profile", guard.recorded.display());
        recorded.of(profile).with_context(missing)?;
    }
    let asked = Asked {
        peer: Some(Other::Floor),
        rounds: guard.asked.rounds.or(Some(PAIRS)),
        seconds: guard.asked.seconds.or(Some(SECONDS)),
        ..guard.asked.clone()
    };
    let (bounds, machine) = sitting(&asked).await?;
    if guard.record {
        recorded.write(&guard.recorded, profile, Record::new(bounds, &machine))?;
        println!("recorded in {}", guard.recorded.display());
        return Ok(true);
    }
    let Some(record) = recorded.of(profile) else { return Ok(false) };
    let factor = if record.is_of(&machine.cpu) { FACTOR } else { ELSEWHERE };
    let mut failed = record.is_exceeded_by(bounds, factor);
    if failed {
        println!("that is much: once more");
        failed = record.is_exceeded_by(sitting(&asked).await?.0, factor);
    }
    let verdict = if failed { "✗ clearly worse than" } else { "✓ not clearly worse than" };
    println!(
        "{verdict} {factor} × the recorded {:.3} ({} profile, {}, {})",
        record.ratio, profile, record.date, record.machine
    );
    Ok(!failed)
}

/// One measuring, told.
async fn sitting(asked: &Asked) -> anyhow::Result<(Bounds, Machine)> {
    let (bounds, machine) = measure(asked).await?;
    let Bounds { ratio, lower, upper } = bounds;
    println!("CPU a delivery, ours ÷ floor: {ratio:.3} (95 %: {lower:.3}–{upper:.3}), {}", machine.cpu);
    Ok((bounds, machine))
}

async fn measure(asked: &Asked) -> anyhow::Result<(Bounds, Machine)> {
    let (binary, folder) = places(asked)?;
    let machine = Machine::of(folder.path())?;
    let home = Home::new(&binary, folder.path(), "guard")?;
    let shape = Shape::of([TEAMS]);
    let mut arena = Arena::open(&home, folder.path(), shape, &Settings::of(asked)).await?;
    let rooms = arena.shape.rooms_of(TEAMS.1);
    let spec = arena.closed("guard", rooms.clone(), lane_for_each(&rooms), Act::Post);
    let rounds = arena.rounds(&spec).await?;
    arena.close().await?;
    for found in rounds.all() {
        anyhow::ensure!(found.faults.total() == 0, "the run is not correct: {}", found.faults.words());
    }
    let cost = rounds.beside("", "CPU a delivery", "µs", Must::NOTHING, Found::cpu_per_delivery);
    println!("{}\n{cost}", Beside::heading(std::slice::from_ref(&cost)));
    let pairs = rounds.ours.iter().zip(&rounds.theirs);
    let ratios: Vec<f64> =
        pairs.map(|(ours, floor)| ours.cpu_per_delivery() / floor.cpu_per_delivery()).collect();
    let bounds = Bounds::of(&ratios).context("too few pairs, or one that measured nothing")?;
    Ok((bounds, machine))
}
