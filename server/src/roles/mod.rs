//! Roles: who signs for an office, who runs the service inside it, and who serves the region. A role is a duty in the service and
//! opens no content; whoever is to hold one is told what it is and takes it on herself (002-3.2(1)e).

mod accept;
mod decline;
mod end;
mod governance;
mod mine;
mod of_office;
mod of_region;
mod offer;
mod operator;
mod propose;
mod record_head;
mod standing;
pub(crate) mod store;
mod telling;
mod withdraw;

pub use accept::accept;
pub use decline::decline;
pub use end::end;
pub use governance::set_governance;
pub use mine::mine;
pub use of_office::of_office;
pub use of_region::of_region;
pub use operator::{RoleSeen, all, end_as_operator, grant_as_operator};
pub use propose::propose;
pub use record_head::record_head;
pub use withdraw::withdraw;

use crate::error::Result;
use jiff::civil::Date;
use store::AppointmentRow;
use tsumugi_protocol::{AccountId, Code, Millis, Refusal};

/// How an offer was answered, or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Declined,
    Withdrawn,
}

impl Answer {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Whether an offer may be answered so by whoever it is for; nothing to do where it was.
///
/// # Errors
/// `not_found`, the same for one that is not there, somebody else's, too old, or answered otherwise.
fn decide(row: Option<&AppointmentRow>, who: AccountId, answer: Answer, now: Millis) -> Result<bool, Code> {
    let hidden = Code::NotFound;
    let row = row.filter(|row| row.account == who).ok_or(hidden)?;
    match row.answer.as_deref() {
        Some(given) if given == answer.as_str() => Ok(false),
        Some(_) => Err(hidden),
        None if now < row.until => Ok(true),
        None => Err(hidden),
    }
}

/// A day as it was typed; none that is still to come.
///
/// # Errors
/// `bad_field`.
fn day(typed: Option<&str>, field: &str, now: Millis) -> Result<Option<Date>, Refusal> {
    let Some(typed) = typed else { return Ok(None) };
    let day = typed.parse::<Date>().ok().filter(|day| today(now).is_some_and(|today| *day <= today));
    day.map(Some).ok_or_else(|| Refusal::new(Code::BadField).with("field", field))
}

fn today(now: Millis) -> Option<Date> {
    let now = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(now.in_tz("Asia/Tokyo").ok()?.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AffiliationId, AppointmentId};
    use uuid::Uuid;

    #[test]
    fn who_answers_an_offer_until_when() {
        let her = AccountId(Uuid::from_u128(1));
        let row = |answer: Option<&str>| AppointmentRow {
            id: AppointmentId(Uuid::nil()),
            affiliation: AffiliationId(Uuid::nil()),
            account: her,
            role: "office_admin".to_owned(),
            offered_by: None,
            explained_on: None,
            holds: None,
            offered_at: Millis(0),
            until: Millis(100),
            answer: answer.map(str::to_owned),
        };
        let hidden = Err(Code::NotFound);
        for (answer, who, wanted, at, expected) in [
            (None, her, Answer::Accepted, 99, Ok(true)),
            (None, her, Answer::Declined, 99, Ok(true)),
            (None, her, Answer::Accepted, 100, hidden),
            (Some("accepted"), her, Answer::Accepted, 500, Ok(false)),
            (Some("accepted"), her, Answer::Declined, 50, hidden),
            (Some("withdrawn"), her, Answer::Accepted, 50, hidden),
            (None, AccountId(Uuid::from_u128(2)), Answer::Accepted, 50, hidden),
        ] {
            let found = decide(Some(&row(answer)), who, wanted, Millis(at));
            assert_eq!(found, expected, "{answer:?} {wanted:?} {at}");
        }
        assert_eq!(decide(None, her, Answer::Accepted, Millis(0)), hidden);
    }

    #[test]
    fn a_day_is_one_that_has_begun_in_japan() {
        // 2026-03-01 00:00 in Tokyo.
        let now = Millis(1_772_290_800_000);
        for (typed, is_one) in [
            ("2026-03-01", true),
            ("2026-03-02", false),
            ("2025-12-31", true),
            ("1.3.2026", false),
            ("", false),
        ] {
            assert_eq!(day(Some(typed), "explained_on", now).is_ok(), is_one, "{typed}");
        }
        assert!(day(Some("2026-03-01"), "explained_on", Millis(now.0 - 1)).is_err());
        assert_eq!(day(None, "explained_on", now), Ok(None));
    }
}
