//! Reviews: again and again the steward looks at who is in each of its timelines, and says of everybody whether she stays
//! (000-note(1)b-ii, 002-3.2(1)c). Nobody goes out by herself for want of one.

mod due;
mod remind;
mod rules;
mod sign;
pub(crate) mod store;

pub use due::due;
pub use remind::remind;
pub use sign::sign;
