//! When a review is due, and whether one is whole.

use jiff::ToSpan;
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{AccountId, Code, Millis, Refusal};

/// From when on it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    /// The room was made.
    pub made: Millis,
    /// The office became its steward, where it was another one's before.
    pub taken_over: Option<Millis>,
    /// The office signed one off.
    pub signed: Option<Millis>,
}

impl Since {
    /// When the next one is due: so many months after the last one, or after the room was made; at once for an office that took
    /// the room over and has not looked yet.
    pub(super) fn due(self, months: u32) -> Millis {
        match (self.signed, self.taken_over) {
            (Some(signed), Some(taken)) if signed < taken => taken,
            (Some(signed), _) => later(signed, months),
            (None, Some(taken)) => taken,
            (None, None) => later(self.made, months),
        }
    }
}

/// So many months of the calendar later.
fn later(from: Millis, months: u32) -> Millis {
    // † Where the calendar ends, a month has thirty-one days.
    let roughly = from.plus(Duration::from_secs(u64::from(months) * 31 * 24 * 60 * 60));
    let exact = || {
        let from = jiff::Timestamp::from_millisecond(from.0).ok()?.in_tz("Asia/Tokyo").ok()?;
        let span = 0.months().try_months(i64::from(months)).ok()?;
        Some(Millis(from.checked_add(span).ok()?.timestamp().as_millisecond()))
    };
    exact().unwrap_or(roughly)
}

/// Whether everybody who is in the room now, and nobody else, is said to stay or to go.
///
/// # Errors
/// `review_incomplete` with how many are wrong; `not_for_yourself`.
pub(super) fn decide(
    members: &BTreeSet<AccountId>,
    (kept, released): (&BTreeSet<AccountId>, &BTreeSet<AccountId>),
    who: AccountId,
) -> Result<(), Refusal> {
    let said: BTreeSet<AccountId> = kept | released;
    let wrong = (members ^ &said).len() + (kept & released).len();
    match (wrong, released.contains(&who)) {
        (0, false) => Ok(()),
        (0, true) => Err(Code::NotForYourself.into()),
        (wrong, _) => Err(Refusal::new(Code::ReviewIncomplete).with("count", wrong)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    // 2026-01-31 00:00, 2026-02-28 00:00 and 2026-04-30 00:00 in Tokyo.
    const JANUARY: Millis = Millis(1_769_785_200_000);
    const FEBRUARY: Millis = Millis(1_772_204_400_000);
    const APRIL: Millis = Millis(1_777_474_800_000);

    #[test]
    fn the_next_review_is_months_after_the_last_and_at_once_after_a_transfer() {
        let made = Since { made: JANUARY, taken_over: None, signed: None };
        assert_eq!(made.due(1), FEBRUARY, "the last day of a shorter month");
        assert_eq!(made.due(3), APRIL);
        let signed = Since { signed: Some(FEBRUARY), ..made };
        assert_eq!(signed.due(0), FEBRUARY);
        assert!(signed.due(3) > APRIL);
        let taken = Since { taken_over: Some(APRIL), ..signed };
        assert_eq!(taken.due(3), APRIL, "what was signed before is another office's");
        assert_eq!(Since { signed: Some(APRIL), ..taken }.due(0), APRIL);
        assert_eq!(Since { signed: None, ..taken }.due(3), APRIL);
        assert!(later(Millis(i64::MAX / 2), 3) > Millis(i64::MAX / 2));
    }

    #[test]
    fn everybody_stays_or_goes() {
        let set =
            |ids: &[u128]| ids.iter().map(|id| AccountId(Uuid::from_u128(*id))).collect::<BTreeSet<_>>();
        let who = AccountId(Uuid::from_u128(9));
        let there = set(&[1, 2, 9]);
        for (kept, released, expected) in [
            (set(&[1, 2, 9]), set(&[]), None),
            (set(&[1, 9]), set(&[2]), None),
            (set(&[1]), set(&[2]), Some("review_incomplete")),
            (set(&[1, 2, 9]), set(&[2]), Some("review_incomplete")),
            (set(&[1, 2, 9, 4]), set(&[]), Some("review_incomplete")),
            (set(&[1, 9]), set(&[2, 4]), Some("review_incomplete")),
            (set(&[1, 2]), set(&[9]), Some("not_for_yourself")),
            (set(&[]), set(&[]), Some("review_incomplete")),
        ] {
            let code = decide(&there, (&kept, &released), who).err().map(|refusal| refusal.code.as_str());
            assert_eq!(code, expected, "{kept:?} {released:?}");
        }
        let half = decide(&there, (&set(&[1]), &set(&[])), who).err().map(|no| no.params["count"].clone());
        assert_eq!(half.as_deref(), Some("2"));
    }
}
