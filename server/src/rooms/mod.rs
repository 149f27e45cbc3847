//! Rooms: timelines, free groups and connections; who belongs to them, and the one door to what is inside.

mod accept;
mod barring;
mod bodies;
mod connect;
mod create_free;
mod enter;
mod focus;
mod leave;
mod list;
mod list_members;
mod mark_read;
mod marks;
mod open;
mod page;
mod rosters;
mod since;
mod standing;
pub(crate) mod store;
mod wear;

pub use accept::accept;
pub use bodies::RoomBody;
pub use connect::connect;
pub use create_free::create_free;
pub use enter::enter;
pub use focus::focus;
pub use leave::Parting;
pub use list::list;
pub use list_members::list_members;
pub use mark_read::{flush_marks, mark_read};
pub use marks::Marks;
pub use open::open;
pub use page::page;
pub use rosters::Rosters;
pub use since::since;
pub use standing::{Act, Head, Membership, Standing};
