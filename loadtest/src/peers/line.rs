//! One person's link to a peer: what the load may ask of each, and what it hears, in the same words.

use super::{ejabberd::EjabberdLine, floor::wire, floor_line::FloorLine, our_line::OurLine};
use crate::script::{self, Ids};
use std::time::Duration;
use tsumugi_protocol::{AccountId, Position, PostId, RoomId};

/// What one person asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Post, with the token of its preview where there was one.
    Post(Option<String>),
    /// See who would read it.
    Preview,
    /// Load the newest page of the room.
    Page,
    /// Say that the room is read up to here.
    MarkRead(Position),
    /// Load the list of rooms.
    List,
}

/// How something was answered.
#[derive(Debug)]
pub enum Answer {
    /// The post is on the disk, at this place.
    Saved(Position),
    /// The preview's token.
    Previewed(String),
    /// Anything else that went well.
    Done,
    /// Refused with this code; to be tried again after that time at the earliest.
    Refused(String, Duration),
}

/// A post that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    /// Which.
    pub post: PostId,
    /// Where.
    pub room: RoomId,
    /// Its place.
    pub position: Position,
    /// By whom.
    pub author: AccountId,
    /// What its text tells of itself; none when it is not one of ours, unchanged.
    pub told: Option<script::Told>,
}

/// What one person hears.
#[derive(Debug)]
pub enum Heard {
    /// The answer to the ask of that number.
    Answer(u64, Answer),
    /// A post.
    Posted(Sight),
    /// Events were dropped; the server said so.
    Behind,
    /// Something else.
    Other,
}

/// An open link to a peer.
pub enum Line {
    /// To ours.
    Ours(Box<OurLine>),
    /// To the floor.
    Floor(Box<FloorLine>),
    /// To ejabberd.
    Ejabberd(Box<EjabberdLine>),
}

impl Line {
    /// Who this is.
    pub fn account(&self) -> AccountId {
        match self {
            Self::Ours(line) => line.account,
            Self::Floor(line) => wire::account_id(line.person),
            Self::Ejabberd(line) => wire::account_id(line.person),
        }
    }

    /// The id of a room, by its number in the world.
    pub fn room(&self, number: usize) -> Option<RoomId> {
        match self {
            Self::Ours(line) => line.room(number),
            Self::Floor(_) | Self::Ejabberd(_) => u32::try_from(number).ok().map(wire::room_id),
        }
    }

    /// Asks. The number comes back with the answer; a post's id and text tell it too.
    pub async fn ask(&mut self, ask: &Ask, post: &Outgoing) -> anyhow::Result<()> {
        match self {
            Self::Ours(line) => line.ask(ask, post).await,
            Self::Floor(line) => line.ask(ask, post).await,
            Self::Ejabberd(line) => line.ask(ask, post).await,
        }
    }

    /// The next thing heard. May be dropped and called again without losing one.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        match self {
            Self::Ours(line) => line.hear().await,
            Self::Floor(line) => line.hear().await,
            Self::Ejabberd(line) => line.hear().await,
        }
    }
}

/// A post on its way out, or what is asked about one.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// Ids of the cell.
    pub ids: Ids,
    /// What its text tells.
    pub told: script::Told,
    /// Number of its room.
    pub room: usize,
}
