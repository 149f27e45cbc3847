//! What somebody takes who is on line and silent: her link, one more room of hers, and her way in; beside ejabberd, where
//! that is asked for.

use super::{Ground, links::Idle, sign_in_all};
use crate::{
    beside::{Beside, Must},
    machine, open_files,
    peers::ejabberd::{Ejabberd, Stream},
    places, progress,
    report::{Section, Target},
    server::World,
    settings::Other,
    shape::{Group, Shape},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;

/// Links, before they are scaled. Few of them say little: ejabberd's virtual machine takes memory in large pieces.
const LINKS: usize = 5_000;
/// Links of one session of ours.
const OF_SESSION: usize = tsumugi_protocol::limits::LINKS_OF_SESSION;
/// Members of every room.
const ROOM_OF: usize = 8;
/// Rooms that each person of our second server is in.
const MANY: usize = 21;
/// Ways in that are under way at once.
const AT_ONCE: usize = 8;
/// Until a server has given back what coming in took.
const SETTLING: Duration = Duration::from_secs(12);

/// What one round found.
#[derive(Debug, Clone, Copy)]
struct Costs {
    /// Memory of a link, in KiB.
    link: f64,
    /// Memory of one more room of it, its share of the room included, in KiB.
    room: f64,
    /// CPU of coming in: TLS afresh, who she is, and until she may ask; in milliseconds.
    way_in: f64,
}

/// Measures it.
pub async fn run(ground: &Ground<'_>) -> anyhow::Result<Section> {
    let links = ground.settings.scaled(LINKS).min(open_files::connections());
    let mut section = Section::of(
        "idle-links",
        format!("{links} idle links with TLS; ours {OF_SESSION} of a session, at ejabberd one of an account"),
    );
    let other = ground.settings.peer.filter(|other| *other == Other::Ejabberd);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ground.settings.rounds {
        // The order is reversed in every other round.
        let first = round % 2 == 0;
        if first {
            ours.push(of_ours(ground, links, round).await?);
        }
        if other.is_some() {
            theirs.push(of_ejabberd(ground, links).await?);
        }
        if !first {
            ours.push(of_ours(ground, links, round).await?);
        }
    }
    let beside = |about, ratio, of: fn(&Costs) -> f64| {
        let [ours, theirs] = [&ours, &theirs].map(|all| all.iter().map(of).collect::<Vec<f64>>());
        Beside::of(about, &ours, (other, &theirs), Must::NOTHING.ejabberd(Target::AtMost(ratio)))
    };
    section.beside = vec![
        beside(("S9", "server memory of a link", "KiB"), 0.45, |costs| costs.link),
        beside(("S10", "one more room of a link", "KiB"), 0.05, |costs| costs.room),
        beside(("S11", "way in, full handshake: CPU", "ms"), 0.55, |costs| costs.way_in),
    ];
    if other.is_some() && links < LINKS {
        section.notes.push(format!("below {LINKS} links, one at ejabberd seems to take less than it does"));
    }
    Ok(section)
}

async fn of_ours(ground: &Ground<'_>, links: usize, round: usize) -> anyhow::Result<Costs> {
    let (link, way_in) = of_ours_in(ground, links, round, 1).await?;
    let (in_many, _) = of_ours_in(ground, links, round, MANY).await?;
    Ok(Costs { link, room: (in_many - link) / (MANY - 1) as f64, way_in })
}

/// Memory of a link of somebody in so many rooms, and the CPU of its way in.
async fn of_ours_in(
    ground: &Ground<'_>,
    links: usize,
    round: usize,
    rooms: usize,
) -> anyhow::Result<(f64, f64)> {
    let people = links.div_ceil(OF_SESSION).next_multiple_of(ROOM_OF);
    let group = Group { rooms: people / ROOM_OF, members: ROOM_OF };
    let world = World::shaped(Shape { people, groups: vec![group; rooms] });
    let server = ground.home(&format!("idle-links-{round}-{rooms}"))?.make(&world).await?;
    let sessions = sign_in_all(&server, &(0..people).collect::<Vec<_>>()).await?;
    settle().await;
    let (mut idle, before) = (Idle::default(), machine::resident_mib(server.process())?);
    let afresh = server.address.without_resumption();
    let (way_in, _) = idle.open(&server, &afresh, &sessions, 0..links).await?;
    settle().await;
    let link = (machine::resident_mib(server.process())? - before) * 1_024.0 / links as f64;
    drop(idle);
    server.stop().await?;
    Ok((link, way_in))
}

async fn of_ejabberd(ground: &Ground<'_>, links: usize) -> anyhow::Result<Costs> {
    let ejabberd = Ejabberd::start(places::around(ground.folder)?, links).await?;
    settle().await;
    let each = |mib: f64| mib * 1_024.0 / links as f64;
    let (before, used) = (machine::resident_mib(ejabberd.process)?, ejabberd.cpu_time()?);
    let bar = progress::bar("links to ejabberd open", links as u64);
    let address = ejabberd.address.without_resumption();
    let streams = stream::iter(0..links).map(async |person| {
        bar.inc(1);
        Stream::open(&address, person).await
    });
    let mut streams: Vec<Stream> = streams.buffered(AT_ONCE).try_collect().await?;
    bar.finish_and_clear();
    let way_in = ejabberd.cpu_time()?.saturating_sub(used).as_secs_f64() * 1e3 / links as f64;
    settle().await;
    let in_none = machine::resident_mib(ejabberd.process)?;
    for (person, stream) in streams.iter_mut().enumerate() {
        stream.enter(person / ROOM_OF).await?;
    }
    settle().await;
    let in_one = machine::resident_mib(ejabberd.process)?;
    drop(streams);
    ejabberd.stop().await?;
    Ok(Costs { link: each(in_none - before), room: each(in_one - in_none), way_in })
}

async fn settle() {
    let _clock = progress::clock("nothing happens", SETTLING);
    tokio::time::sleep(SETTLING).await;
}
