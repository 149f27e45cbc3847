//! The scenarios, by name, and what they share. A new one is a file, a name here and a line in `fan_out.rs` or `bench.rs`.

pub mod arena;
pub mod big_room;
pub mod care_teams;
pub mod catch_up;
pub mod disaster;
pub mod fan_out;
pub mod growth;
pub mod hostile;
pub mod idle;
pub mod idle_links;
pub mod links;
pub mod lone;
pub mod lone_sender;
pub mod mixed;
pub mod open_room;
pub mod overload;
pub mod receipts;
pub mod reconnect_storm;
pub mod room_list;
pub mod shift_change;
mod since;
pub mod slow_readers;
pub mod steady_day;
pub mod writers;

use crate::{
    client::{Link, Session},
    progress,
    report::Section,
    server::{Home, Server},
    settings::Settings,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::path::Path;
use tsumugi_protocol::{Command, Draft, PostId, RoomId, SendPost};

/// Sign-ins that are under way at once: each costs the server a password hash.
const AT_ONCE: usize = 4;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// One writer alone: how long an acknowledgement takes beside one sync of the disk.
    Lone,
    /// Many writers at once: how many posts are acknowledged a second.
    Writers,
    /// 200 rooms of 8 with everybody on line: as fast as they can, by the clock, and with preview and confirmation.
    CareTeams,
    /// One room of 1,000 with everybody on line: as fast as they can, and by the clock.
    BigRoom,
    /// One sender alone in a room, 1 and 64 posts in flight.
    LoneSender,
    /// What a post costs in rooms of 2 to 1,000.
    Growth,
    /// Posts with preview and confirmation, marks of reading, pages and lists, in the proportions of a care team.
    Mixed,
    /// Bursts: everybody of a shift posts within seconds.
    ShiftChange,
    /// A day of a prefecture, an hour a second, at its real rates.
    SteadyDay,
    /// Twenty times the peak, a roll call, and everybody reconnecting within a minute.
    Disaster,
    /// Opening short and long rooms, at the end and anywhere.
    OpenRoom,
    /// The list of somebody who is in 300 rooms.
    RoomList,
    /// What the server takes while nothing happens, and how fast it starts.
    Idle,
    /// Thousands of links on which nothing happens: memory and CPU of each, and what they do to others.
    Links,
    /// What an idle link takes: memory, one more room, CPU of the way in; beside ejabberd with `--peer ejabberd`.
    IdleLinks,
    /// Everybody is cut off at once, and once more by a restart: how soon all are back and know everything.
    ReconnectStorm,
    /// Some never read, some read a byte a second, while others post.
    SlowReaders,
    /// Coming back after few and after many missed posts.
    CatchUp,
    /// Twice what the server can do: what is accepted stays quick, what is refused is told.
    Overload,
    /// What read marks cost.
    Receipts,
    /// Bad clients of five kinds beside a steady stream of posts.
    Hostile,
}

/// Where scenarios with servers of their own make them.
pub struct Ground<'a> {
    /// The server's binary.
    pub binary: &'a Path,
    /// The folder of the run.
    pub folder: &'a Path,
    /// How long and how large.
    pub settings: &'a Settings,
}

impl Ground<'_> {
    /// A fresh data folder.
    pub fn home(&self, name: &str) -> anyhow::Result<Home> {
        Home::new(self.binary, self.folder, name)
    }
}

/// Runs a scenario that starts servers of its own; nothing for the others.
pub async fn on_own_servers(name: Name, ground: &Ground<'_>) -> Option<anyhow::Result<Section>> {
    Some(match name {
        Name::Links => links::run(ground).await,
        Name::IdleLinks => idle_links::run(ground).await,
        Name::ReconnectStorm => reconnect_storm::run(ground).await,
        Name::SlowReaders => slow_readers::run(ground).await,
        Name::CatchUp => catch_up::run(ground).await,
        Name::RoomList => room_list::run(ground).await,
        Name::Overload => overload::run(ground).await,
        Name::Receipts => receipts::run(ground).await,
        Name::Hostile => hostile::run(ground).await,
        Name::Lone
        | Name::Writers
        | Name::CareTeams
        | Name::BigRoom
        | Name::LoneSender
        | Name::Growth
        | Name::Mixed
        | Name::ShiftChange
        | Name::SteadyDay
        | Name::Disaster
        | Name::OpenRoom
        | Name::Idle => return None,
    })
}

impl Name {
    /// What `bench` measures: every figure that has a target and needs no long run.
    pub const BENCH: [Self; 9] = [
        Self::Lone,
        Self::LoneSender,
        Self::CareTeams,
        Self::BigRoom,
        Self::Growth,
        Self::CatchUp,
        Self::Receipts,
        Self::Links,
        Self::ReconnectStorm,
    ];

    /// What only `soak` measures besides: days, bursts, floods, long histories.
    pub const LONG: [Self; 11] = [
        Self::Writers,
        Self::Mixed,
        Self::ShiftChange,
        Self::SteadyDay,
        Self::Disaster,
        Self::OpenRoom,
        Self::RoomList,
        Self::Idle,
        Self::SlowReaders,
        Self::Overload,
        Self::Hostile,
    ];

    /// Those about fan-out: everybody on line at one server of many rooms, and another peer beside it.
    pub const FAN_OUT: [Self; 8] = [
        Self::LoneSender,
        Self::CareTeams,
        Self::BigRoom,
        Self::Growth,
        Self::Mixed,
        Self::ShiftChange,
        Self::SteadyDay,
        Self::Disaster,
    ];

    /// Scenarios that start servers of their own and run when they are named.
    pub const ON_OWN_SERVERS: [Self; 9] = [
        Self::CatchUp,
        Self::RoomList,
        Self::Receipts,
        Self::Links,
        Self::IdleLinks,
        Self::ReconnectStorm,
        Self::SlowReaders,
        Self::Overload,
        Self::Hostile,
    ];

    /// Its name on the command line and in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lone => "lone",
            Self::Writers => "writers",
            Self::CareTeams => "care-teams",
            Self::BigRoom => "big-room",
            Self::LoneSender => "lone-sender",
            Self::Growth => "growth",
            Self::Mixed => "mixed",
            Self::ShiftChange => "shift-change",
            Self::SteadyDay => "steady-day",
            Self::Disaster => "disaster",
            Self::OpenRoom => "open-room",
            Self::RoomList => "room-list",
            Self::Idle => "idle",
            Self::Links => "links",
            Self::IdleLinks => "idle-links",
            Self::ReconnectStorm => "reconnect-storm",
            Self::SlowReaders => "slow-readers",
            Self::CatchUp => "catch-up",
            Self::Overload => "overload",
            Self::Receipts => "receipts",
            Self::Hostile => "hostile",
        }
    }
}

/// Signs in the people with these numbers, in their order.
pub async fn sign_in_all(server: &Server, who: &[usize]) -> anyhow::Result<Vec<Session>> {
    let bar = progress::bar("people sign in", who.len() as u64);
    let people: Vec<_> = who.iter().map(|i| server.person(*i)).collect::<anyhow::Result<_>>()?;
    let sessions = stream::iter(people).map(async |person| {
        let session = server.address.sign_in(&person).await?;
        bar.inc(1);
        anyhow::Ok(session)
    });
    let sessions = sessions.buffered(AT_ONCE).try_collect().await;
    bar.finish_and_clear();
    sessions
}

/// Signs in the people with these numbers and opens a link for each, in their order.
pub async fn come_on_line(server: &Server, who: &[usize]) -> anyhow::Result<Vec<(Session, Link)>> {
    let sessions = stream::iter(sign_in_all(server, who).await?);
    let links = sessions.map(async |session| {
        let link = server.address.link(&session).await?;
        anyhow::Ok((session, link))
    });
    links.buffered(AT_ONCE).try_collect().await
}

/// The command that posts a text.
pub const fn post(room: RoomId, post: PostId, text: String) -> Command {
    Command::Send(SendPost {
        draft: Draft { room, post, text, reply_to: None, about: None },
        token: None,
        acknowledged: Vec::new(),
        without_patient_data: true,
    })
}

/// A long text, some 14 KiB as JSON.
pub fn long_text(number: u64) -> String {
    crate::script::text(number).repeat(45)
}
