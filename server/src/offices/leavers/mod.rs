//! Who left an office: what is still to be done, and that it is told when an account is left behind (002-2.1M9).

mod list;
mod remind;
mod store;

pub use list::list_leavers;
pub use remind::remind_of_leavers;

use std::time::Duration;
use tsumugi_protocol::Millis;

/// Whether an account whose holder left then is unclosed for too long.
fn is_overdue(left_at: Millis, now: Millis, longest: Duration) -> bool {
    now.since(left_at) >= longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_is_told_to_the_millisecond() {
        let days = Duration::from_secs(7 * 24 * 60 * 60);
        let end = Millis(5).plus(days);
        assert!(!is_overdue(Millis(5), Millis(end.0 - 1), days));
        assert!(is_overdue(Millis(5), end, days));
        assert!(!is_overdue(end, Millis(5), days), "a clock that was put back");
    }
}
