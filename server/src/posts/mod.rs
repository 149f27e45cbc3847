//! Posts: what is said in a room. Confirmed by its author, numbered, sealed, and the same for everybody.

mod about;
mod body;
mod confirm;
mod facts;
mod guard;
mod history;
mod preview;
mod send;
pub(crate) mod store;
mod text;

pub use body::PostBody;
pub use confirm::Confirmed;
pub use history::History;
pub use preview::preview;
pub use send::send;
pub use text::Text;
