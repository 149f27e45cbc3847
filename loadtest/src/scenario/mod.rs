//! The scenarios, by name, and what they share. A new one is a file, a name here and a line in `bench.rs`.

pub mod delivery;
pub mod idle;
pub mod lone;
pub mod open_room;
pub mod writers;

use crate::{
    client::{Link, Session},
    progress,
    server::Server,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use tsumugi_protocol::{Command, Draft, PostId, RoomId, SendPost};

/// Sign-ins that are under way at once: each costs the server a password hash.
const AT_ONCE: usize = 4;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// One writer alone: how long an acknowledgement takes beside one sync of the disk.
    Lone,
    /// A steady stream of posts into rooms where everybody is on line: how long until the others have them.
    Delivery,
    /// Many writers at once: how many posts are acknowledged a second.
    Writers,
    /// Opening short and long rooms, at the end and anywhere.
    OpenRoom,
    /// What the server takes while nothing happens, and how fast it starts.
    Idle,
}

impl Name {
    /// Every scenario, in the order in which they are measured: quiet ones first.
    pub const ALL: [Self; 5] = [Self::Lone, Self::Delivery, Self::Writers, Self::OpenRoom, Self::Idle];

    /// Its name on the command line and in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lone => "lone",
            Self::Delivery => "delivery",
            Self::Writers => "writers",
            Self::OpenRoom => "open-room",
            Self::Idle => "idle",
        }
    }
}

/// Signs in the people with these numbers and opens a link for each, in their order.
pub async fn come_on_line(server: &Server, who: &[usize]) -> anyhow::Result<Vec<(Session, Link)>> {
    let bar = progress::bar("people sign in", who.len() as u64);
    let people: Vec<_> = who.iter().map(|i| server.person(*i)).collect::<anyhow::Result<_>>()?;
    let links = stream::iter(people).map(async |person| {
        let session = server.address.sign_in(&person).await?;
        let link = server.address.link(&session).await?;
        bar.inc(1);
        anyhow::Ok((session, link))
    });
    let links = links.buffered(AT_ONCE).try_collect().await;
    bar.finish_and_clear();
    links
}

/// The command that posts a text.
pub const fn post(room: RoomId, post: PostId, text: String) -> Command {
    Command::Send(SendPost {
        draft: Draft { room, post, text, reply_to: None },
        token: None,
        acknowledged: Vec::new(),
    })
}
