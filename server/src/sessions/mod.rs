//! Signed-in devices: what they have shown, until when they stand, and how they end.

mod at_once;
mod end;
mod ending;
mod held;
mod list;
mod lookups;
mod opening;
mod session;
pub(crate) mod store;
mod sweep;

pub use at_once::{AtOnce, tell_of_two};
pub use end::{end, end_others};
pub use held::{Sessions, Which};
pub use list::list;
pub use lookups::Lookups;
pub use opening::{NewSession, Opening, Origin, SessionRow};
pub use session::{Bound, Over, Session, SessionParts};
pub use sweep::{end_overdue, write_last_acts};
