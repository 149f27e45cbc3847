//! Bringing a region in from files: its offices, people, patients and rooms, and what was said in them.
//!
//! A folder holds `world.toml` and `posts.jsonl`. Ids are derived from the keys in the files and a secret of the data
//! folder, so an import that was interrupted goes on where it stopped, and one that runs again changes nothing.

mod check;
mod flaws;
mod ids;
mod people;
mod posts;
mod world;

pub use flaws::{Flaw, Flaws};
pub use ids::Ids;
pub use people::{WaysIn, addresses_taken, settle, without_sign_in};
pub use posts::{mark_old_as_read, replay};
pub use world::{Said, World};
