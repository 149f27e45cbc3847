//! Bad clients of five kinds, one kind after the other, beside a steady stream of posts: the others must not notice.
//!
//! They come from another address of this machine, so that limits by source meet them alone.

mod attack;
mod by_byte;
mod handshakes;
mod sign_ins;
mod signed_in;

use super::Ground;
use crate::{
    company::{Clocked, Company, Pace},
    machine, progress,
    report::{Figure, Section, Target},
    script,
    server::{Server, World},
};
use attack::{Attack, Field};
use std::{collections::BTreeMap, net::IpAddr};

/// Members of every room.
const ROOM_OF: usize = 8;
/// Rooms where posts go on; one more is the attacker's.
const ROOMS: usize = 25;
/// Posts a second, as in S6.
const RATE: u64 = 200;
/// Where bad clients come from.
const SOURCE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let about = format!("{RATE} posts/s into {ROOMS} rooms of {ROOM_OF}, beside one attack after the other");
    let mut section = Section::of("hostile", about);
    let world = World::of(ROOMS + 1, ROOM_OF, 0);
    let server = ground.home("hostile")?.with_budget().make(&world).await?;
    let mut company = Company::gather(&server, 0..ROOMS * ROOM_OF, ROOM_OF).await?;
    let bad = server.person(ROOMS * ROOM_OF)?;
    let field = Field {
        session: server.address.sign_in(&bad).await?,
        address: server.address.from(SOURCE)?,
        attempts: ground.settings.scaled(10_000),
    };
    let pace = Pace {
        rate: RATE,
        warm_up: ground.settings.warm_up(),
        length: ground.settings.phase(),
        text: script::text,
    };
    let line = progress::line("nobody attacks");
    let mut before = company.post_by_clock(pace).await?;
    for attack in Attack::ALL {
        line.set_message(format!("attack: {}", attack.words()));
        let during = beside(&server, attack, &field, &mut company, pace, &mut section).await?;
        line.set_message("nobody attacks");
        let after = company.post_by_clock(pace).await?;
        tell(attack, [&before, &during, &after], &mut section);
        before = after;
    }
    line.finish_and_clear();
    drop(company);
    server.stop().await?;
    Ok(section)
}

/// One attack beside the posts, for as long as they go on.
async fn beside(
    server: &Server,
    attack: Attack,
    field: &Field,
    company: &mut Company,
    pace: Pace,
    section: &mut Section,
) -> anyhow::Result<Clocked> {
    let peak = machine::Peak::of(server.process());
    let attacking = attack.begin(field)?;
    let clocked = company.post_by_clock(pace).await?;
    let met: BTreeMap<String, u64> = attacking.end().await?;
    let (words, most) = (attack.words(), peak.mib());
    section.figures.push(Figure::plain(format!("{words}: server memory, most"), "MiB", most));
    section.figures.push(Figure::plain(format!("{words}: server"), "cores", clocked.used.cores()));
    let met: Vec<String> = met.iter().map(|(what, count)| format!("{what} {count}")).collect();
    section.notes.push(format!("{words} met: {}", met.join(", ")));
    Ok(clocked)
}

/// One attack against the calm before and after it.
fn tell(attack: Attack, [before, during, after]: [&Clocked; 3], section: &mut Section) {
    let p99 = |clocked: &Clocked| clocked.deliveries.percentile(99.0);
    let ratio = p99(during) / f64::midpoint(p99(before), p99(after));
    let words = attack.words();
    section.figures.push(Figure::against(format!("{words}: p99 ÷ without"), "×", ratio, Target::AtMost(2.0)));
    for (name, clocked) in [("calm before ", before), ("", during)] {
        section.spreads.push(clocked.deliveries.spread(format!("delivered, {name}{words}")));
    }
    // The calm after is the next attack's calm before, or the end.
    for clocked in [during, after] {
        section.faults.add(&clocked.faults);
        section.notes.extend(clocked.refusals(words));
    }
}
