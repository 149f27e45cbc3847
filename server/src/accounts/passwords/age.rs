//! How long a password lasts: calendar months in Japan, counted from the day it was set (c-22).

use crate::policy::{KindName, PasswordRules};
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};
use tsumugi_protocol::{Millis, PasswordEnd};

/// The last moment in which a password set then is good: the same time of day on the same day of a later month, or on
/// that month's last. Japan has no summer time.
#[must_use]
pub fn end_after(set: Millis, months: u32) -> Millis {
    let Ok(from) = Timestamp::from_millisecond(set.0) else { return Millis(i64::MAX) };
    let months = i64::from(months).months();
    let end = from.to_zoned(TimeZone::fixed(tz::offset(9))).checked_add(months);
    end.map_or(Millis(i64::MAX), |end| Millis(end.timestamp().as_millisecond()))
}

/// When a password of that kind ends or is to be changed, by the rules in force.
#[must_use]
pub fn end_of(rules: &PasswordRules, kind: KindName, set: Millis) -> Option<PasswordEnd> {
    let kind = rules.kind(kind)?;
    let remind_days = rules.remind_days.iter().rev().copied().collect();
    match (kind.expires_months, kind.reminds_months) {
        (Some(months), _) => Some(PasswordEnd { at: end_after(set, months), must: true, remind_days }),
        (None, Some(months)) => Some(PasswordEnd { at: end_after(set, months), must: false, remind_days }),
        (None, None) => None,
    }
}

/// Whether it is over: at its last moment it is not.
#[must_use]
pub fn is_over(end: Option<&PasswordEnd>, now: Millis) -> bool {
    end.is_some_and(|end| end.must && now > end.at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{floor, months_for_all};
    use super::*;
    use crate::policy::EndOfLong;

    fn at(text: &str) -> Millis {
        Millis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn months_are_those_of_the_calendar_in_japan() {
        for (set, months, end) in [
            ("2026-01-15T10:00:00+09:00", 2, "2026-03-15T10:00:00+09:00"),
            ("2025-12-31T23:59:59+09:00", 2, "2026-02-28T23:59:59+09:00"),
            ("2023-12-31T00:00:00+09:00", 2, "2024-02-29T00:00:00+09:00"),
            // The evening of the 30th in Greenwich is the 31st in Japan.
            ("2025-12-30T20:00:00Z", 2, "2026-02-27T20:00:00Z"),
            ("2026-08-31T12:00:00+09:00", 3, "2026-11-30T12:00:00+09:00"),
        ] {
            assert_eq!(end_after(at(set), months), at(end), "{set}");
        }
        assert_eq!(end_after(Millis(i64::MAX), 2), Millis(i64::MAX));
    }

    // clause("002-2.1M6", "000§11(3)b", "001§18-3b")
    #[test]
    fn at_the_last_moment_it_works_and_a_second_later_it_does_not() {
        let set = at("2026-01-15T10:00:00+09:00");
        let end = end_of(&floor(), KindName::Short, set);
        assert!(!is_over(end.as_ref(), at("2026-03-15T10:00:00+09:00")));
        assert!(is_over(end.as_ref(), at("2026-03-15T10:00:01+09:00")));
        assert_eq!(end.unwrap().remind_days, [14, 3]);
        assert_eq!(end_of(&floor(), KindName::Long, set), None, "a long one has no end in the floor");
        assert!(!is_over(None, Millis(i64::MAX)));
    }

    #[test]
    fn a_region_ends_or_reminds_long_ones_too() {
        let set = at("2026-01-15T10:00:00+09:00");
        let must = end_of(&months_for_all(2, EndOfLong::Must), KindName::Long, set).unwrap();
        assert!(must.must && is_over(Some(&must), at("2026-03-15T10:00:01+09:00")));
        let months = end_of(&months_for_all(3, EndOfLong::Must), KindName::Long, set).unwrap();
        assert_eq!(months.at, at("2026-04-15T10:00:00+09:00"), "every few months");
        let asked = end_of(&months_for_all(2, EndOfLong::Recommended), KindName::Long, set).unwrap();
        assert!(!asked.must && !is_over(Some(&asked), at("2027-03-15T10:00:01+09:00")));
        let local = end_of(&floor(), KindName::Local, set).unwrap();
        assert_eq!(
            local.at,
            at("2026-03-15T10:00:00+09:00"),
            "a kind that is no more lasts as the shortest-lived"
        );
    }
}
