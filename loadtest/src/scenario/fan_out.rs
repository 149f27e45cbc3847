//! The scenarios about fan-out, one after the other on the same servers.

use super::{
    Name, arena::Arena, big_room, care_teams, disaster, growth, lone_sender, mixed, shift_change, steady_day,
};
use crate::{
    report::{Figure, Section, Target},
    settings::Settings,
};

/// Runs those that were chosen and closes the arena; one that breaks does not end the others.
pub async fn run(mut arena: Arena, chosen: &[Name], settings: &Settings) -> Vec<Section> {
    let Settings { room_of, big, .. } = *settings;
    let mut sections = Vec::new();
    for name in chosen {
        let found = match name {
            Name::LoneSender => lone_sender::run(&mut arena).await,
            Name::CareTeams => care_teams::run(&mut arena, room_of).await,
            Name::BigRoom => big_room::run(&mut arena, big).await,
            Name::Growth => growth::run(&mut arena, big).await,
            Name::Mixed => mixed::run(&mut arena, room_of).await,
            Name::ShiftChange => shift_change::run(&mut arena, room_of).await,
            Name::SteadyDay => steady_day::run(&mut arena, room_of).await,
            Name::Disaster => disaster::run(&mut arena, room_of).await,
            Name::Lone
            | Name::Writers
            | Name::OpenRoom
            | Name::RoomList
            | Name::Idle
            | Name::Links
            | Name::IdleLinks
            | Name::ReconnectStorm
            | Name::SlowReaders
            | Name::CatchUp
            | Name::Overload
            | Name::Receipts
            | Name::Hostile => continue,
        };
        sections.push(found.map_or_else(|error| Section::broken(name.as_str(), &error), with_faults));
    }
    sections.extend(arena.close().await.err().map(|error| Section::broken("stop", &error)));
    sections
}

/// S13: what must not happen, as a figure of the scenario.
fn with_faults(mut section: Section) -> Section {
    let faults = section.faults.total() as f64;
    let name = "S13 lost, doubled, reordered, differing, strangers'";
    section.figures.push(Figure::against(name, "", faults, Target::AtMost(0.0)));
    section
}
