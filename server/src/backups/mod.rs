//! Backups (F-74): once a day, while people work, eight generations; and the list of destroyed keys that goes beside them.
//!
//! A generation is two folders: `content-<moment>` holds rows that stay sealed, `keys-<moment>` the wrapped keys, copied after them
//! and to be kept apart. Neither holds the master key. What is whole has its name; what a stop left has another.

mod daily;
mod make;
mod manifest;
mod places;
mod rotation;
mod sink;
pub(crate) mod store;

pub use daily::{Daily, when_due};
pub use make::{Made, make};
pub use manifest::{Manifest, Unfit};
pub use places::Places;
pub use rotation::{GENERATIONS, Generation};
