//! Rooms: timelines, free groups and connections; who belongs to them, and the one door to what is inside.

mod accept;
mod agreements;
mod archive;
mod barring;
mod bodies;
mod connect;
mod create_free;
mod decline;
mod enter;
mod focus;
mod leave;
mod list;
mod list_members;
mod mark_read;
mod marks;
mod open;
pub(crate) mod openings;
mod page;
mod parting;
mod release;
mod rosters;
mod since;
mod standing;
mod steering;
pub(crate) mod store;
mod wear;

pub use accept::accept;
pub use agreements::{acknowledge as acknowledge_agreement, set as set_agreement, show as show_agreement};
pub use archive::{archive, restore};
pub use bodies::RoomBody;
pub use connect::connect;
pub use create_free::create_free;
pub use decline::decline;
pub use enter::enter;
pub use focus::focus;
pub use leave::leave;
pub use list::list;
pub use list_members::list_members;
pub use mark_read::{flush_marks, mark_read};
pub use marks::Marks;
pub use open::open;
pub use openings::{
    approve_opening, ask_physician, open_timeline, openings, pause, reject_opening, resume, take_control,
};
pub use page::page;
pub use parting::{By, Parting};
pub use release::release;
pub use rosters::Rosters;
pub use since::since;
pub use standing::{Act, Head, Membership, Standing};
pub use steering::{Acting, Steering};
