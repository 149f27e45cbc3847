//! The rules of a region as people read them: the page, who acknowledged which version, and that a later one is read before
//! anything else (F-01 to F-03).

mod acknowledge;
mod begin;
mod known;
mod read;
mod standing;
pub(crate) mod store;

pub use acknowledge::acknowledge;
pub use begin::begin;
pub use known::KnownRules;
pub use read::read;
pub use standing::standing;
