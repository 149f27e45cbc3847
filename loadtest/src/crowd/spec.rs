//! What a cell should be: rooms, who writes when, and for how long.

use crate::shape::Room;
use std::time::Duration;

/// What a cell should be.
#[derive(Debug, Clone)]
pub struct Spec {
    /// For the progress bar.
    pub what: &'static str,
    /// Rooms that are written in.
    pub rooms: Vec<Room>,
    /// Who writes when.
    pub load: Load,
    /// Time before anything counts.
    pub warm_up: Duration,
    /// Time that counts.
    pub length: Duration,
}

/// Who writes when.
#[derive(Debug, Clone)]
pub enum Load {
    /// Closed loop: each lane has one thing under way; when it is answered, the lane's next seat has the next.
    Lanes(Vec<Lane>, Act),
    /// Open loop: by the clock, whatever the answers do. Offsets from the beginning of the warm-up, ascending.
    Clock(Vec<Due>),
}

/// People of one room who take turns.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Index of the room in the cell.
    pub room: usize,
    /// Numbers of people, in turn.
    pub seats: Vec<usize>,
}

/// Something that is due.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// When, after the beginning.
    pub at: Duration,
    /// Index of the room in the cell.
    pub room: usize,
    /// Number of the person.
    pub person: usize,
    /// What she does.
    pub act: Act,
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Posts.
    Post,
    /// Asks for the preview and posts with its token.
    Confirm,
    /// Loads the newest page of the room.
    Page,
    /// Says that she has read what she has heard.
    MarkRead,
    /// Loads her list of rooms.
    List,
}
