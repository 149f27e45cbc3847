//! What staff pledge before a room opens to them (000§9a, 001§15a, 003§9a, 004§3(1)b), and what a place still owes.

mod give;
mod mine;
mod of_office;
mod record;
mod settle;
pub(crate) mod store;

pub use give::give;
pub use mine::{Waiting, mine};
pub use of_office::of_office;
pub use record::record;
pub use settle::settle;

use crate::bodies::body_of;
use crate::policy::{Form, PledgeTo, Profile};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Pledger;
use tsumugi_protocol::{Addressee, Code, Millis, PledgeId, Refusal};

/// The sealed part of a pledge: frozen as it was given.
#[derive(Serialize, Deserialize)]
pub struct PledgeBody {
    /// Format of this object.
    pub v: u8,
    /// What was pledged, point by point.
    pub points: Vec<String>,
    /// What was said of damages.
    pub damages: String,
    /// To whom.
    pub to: String,
    /// Her name as it was then.
    pub name: String,
    /// Her address as it was then.
    pub email: String,
    /// Who keeps the original.
    pub original_with: Option<String>,
    /// Who keeps a copy.
    pub copy_with: Option<String>,
    /// What stands for it, where it was waived.
    pub document: Option<String>,
}

body_of!(PledgeBody, "pledges", PledgeId);

/// What a place still owes before its rooms open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asks {
    /// A pledge.
    pub pledge: bool,
    /// A training (001§12-3).
    pub training: bool,
}

impl Asks {
    const PLEDGE: i64 = 1;
    const TRAINING: i64 = 2;

    /// As it is stored.
    #[must_use]
    pub const fn of_row(bits: i64) -> Self {
        Self { pledge: bits & Self::PLEDGE != 0, training: bits & Self::TRAINING != 0 }
    }

    const fn row(self) -> i64 {
        let pledge = if self.pledge { Self::PLEDGE } else { 0 };
        let training = if self.training { Self::TRAINING } else { 0 };
        pledge | training
    }

    /// What a place owes under its region's rules at that moment.
    #[must_use]
    pub fn of(place: &Pledger, rules: &Profile, now: Millis) -> Self {
        let grace = days(rules.training_grace_days.0);
        let is_asked = rules.forms_user_add.contains(&Form::StaffPledge);
        Self {
            pledge: is_asked && place.pledged.as_deref() != Some(rules.pledge_version.as_str()),
            training: rules.training_gate && place.trained_on.is_none() && now.since(place.since) >= grace,
        }
    }

    /// Lets whoever owes nothing go on.
    ///
    /// # Errors
    /// `pledge_missing`, `training_missing`.
    pub const fn let_open(self) -> Result<(), Code> {
        match self {
            Self { pledge: true, .. } => Err(Code::PledgeMissing),
            Self { training: true, .. } => Err(Code::TrainingMissing),
            Self { .. } => Ok(()),
        }
    }

    /// Whether it owes anything.
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.pledge || self.training
    }
}

impl Pledger {
    /// Whether her latest training, or her first day where none was written down, is longer ago than the rules let it be (K-23).
    #[must_use]
    pub fn is_training_overdue(&self, rules: &Profile, now: Millis) -> bool {
        let last = self.trained_on.as_deref().and_then(|day| day.parse::<Date>().ok());
        let since = last.or_else(|| Day::today(self.since).map(|day| day.0));
        let months = Span::new().try_months(rules.training_period.0).ok();
        let due = since.zip(months).map(|(day, months)| day.saturating_add(months));
        due.zip(Day::today(now)).is_some_and(|(due, today)| today.0 >= due)
    }

    /// The day of her latest training, where it was written down here.
    #[must_use]
    pub fn training_day(&self) -> Option<String> {
        self.trained_on.clone().filter(|day| day.parse::<Date>().is_ok())
    }
}

/// A calendar day in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// A day as it was typed (YYYY-MM-DD); none that is still to come.
    ///
    /// # Errors
    /// `bad_field`.
    pub fn read(typed: &str, field: &'static str, now: Millis) -> Result<Self, Refusal> {
        let day = typed.parse::<Date>().ok().map(Self);
        let day = day.filter(|day| Self::today(now).is_some_and(|today| *day <= today));
        day.ok_or_else(|| Refusal::new(Code::BadField).with("field", field))
    }

    /// The day of a moment.
    #[must_use]
    pub fn today(now: Millis) -> Option<Self> {
        let moment = jiff::Timestamp::from_millisecond(now.0).ok()?;
        Some(Self(moment.in_tz("Asia/Tokyo").ok()?.date()))
    }
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}

const fn addressee(to: PledgeTo) -> Addressee {
    match to {
        PledgeTo::OfficeHead => Addressee::OfficeHead,
        PledgeTo::Association => Addressee::Association,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{AtMost, Policies};
    use tsumugi_protocol::{AccountId, AffiliationId, CardId, OfficeId, RegionId};
    use uuid::Uuid;

    fn place(pledged: Option<&str>, trained_on: Option<&str>) -> Pledger {
        Pledger {
            id: AffiliationId(Uuid::nil()),
            account: AccountId(Uuid::nil()),
            region: RegionId(Uuid::nil()),
            office: OfficeId(Uuid::nil()),
            card: CardId(Uuid::nil()),
            profile: String::new(),
            pledged: pledged.map(str::to_owned),
            trained_on: trained_on.map(str::to_owned),
            asks: Asks::default(),
            // 2026-03-01 00:00 in Tokyo.
            since: Millis(1_772_290_800_000),
            has_ended: false,
        }
    }

    #[test]
    fn what_a_place_owes_by_table() {
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        let second = Profile { pledge_version: "2".to_owned(), ..(*floor).clone() };
        let none = Profile { forms_user_add: std::collections::BTreeSet::new(), ..(*floor).clone() };
        let gate = Profile { training_gate: true, ..(*floor).clone() };
        let grace = Profile { training_grace_days: AtMost(3), ..gate.clone() };
        let end = place(None, None).since.plus(days(3));
        let before = Millis(end.0 - 1);
        for (rules, pledged, trained_on, now, owes) in [
            (&*floor, Some("1"), None, end, Ok(())),
            (&*floor, None, None, end, Err(Code::PledgeMissing)),
            (&second, Some("1"), None, end, Err(Code::PledgeMissing)),
            (&second, Some("2"), None, end, Ok(())),
            (&none, None, None, end, Ok(())),
            (&gate, Some("1"), None, before, Err(Code::TrainingMissing)),
            (&gate, None, None, end, Err(Code::PledgeMissing)),
            (&gate, Some("1"), Some("before"), end, Ok(())),
            (&gate, Some("1"), Some("2026-03-01"), end, Ok(())),
            (&grace, Some("1"), None, before, Ok(())),
            (&grace, Some("1"), None, end, Err(Code::TrainingMissing)),
        ] {
            let asks = Asks::of(&place(pledged, trained_on), rules, now);
            assert_eq!(asks.let_open(), owes, "{pledged:?} {trained_on:?} {now:?}");
            assert_eq!(Asks::of_row(asks.row()), asks);
        }
    }

    #[test]
    fn a_training_is_due_again_to_the_day() {
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        assert_eq!(floor.training_period.0, 12);
        let hour = 60 * 60 * 1_000;
        // 2027-03-01 00:00 in Tokyo.
        let year = Millis(1_803_826_800_000);
        for (trained_on, now, is_due) in [
            (Some("before"), Millis(year.0 - 1), false),
            (Some("before"), year, true),
            (None, year, true),
            (Some("2026-03-02"), year, false),
            (Some("2026-03-02"), Millis(year.0 + 24 * hour), true),
        ] {
            assert_eq!(
                place(None, trained_on).is_training_overdue(&floor, now),
                is_due,
                "{trained_on:?} {now:?}"
            );
        }
    }
}
