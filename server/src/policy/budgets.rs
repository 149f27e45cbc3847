//! How much may be asked, how often guessed, and how long a session stands.

use std::time::Duration;
use tsumugi_protocol::{Code, Refusal};

/// † How fast one account may send commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At once.
    pub burst: u32,
    /// In every second after that.
    pub a_second: u32,
}

impl Budget {
    /// The time in which one command is refilled.
    #[must_use]
    pub fn one(self) -> Duration {
        Duration::from_secs(1) / self.a_second.max(1)
    }
}

/// † Failed sign-ins of one place in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guessing {
    /// Different names.
    pub names: usize,
    /// Altogether.
    pub failures: u32,
}

/// † How often something that others are told of may be asked for in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Daily {
    /// Reports about an account from who has not shown that it is hers.
    pub reports: u32,
    /// Reports of trouble by its holder.
    pub own_reports: u32,
    /// Instructions about one incident.
    pub instructions: u32,
    /// Changes of name or occupation.
    pub profile_changes: u32,
    /// Verifications.
    pub verifications: u32,
}

impl Daily {
    /// What a day is here: so long an act counts after it was done.
    pub const SPAN: Duration = Duration::from_secs(24 * 60 * 60);

    /// The fewer of each: an account may belong to several regions (c-15).
    #[must_use]
    pub(super) fn stricter(self, other: Self) -> Self {
        Self {
            reports: self.reports.min(other.reports),
            own_reports: self.own_reports.min(other.own_reports),
            instructions: self.instructions.min(other.instructions),
            profile_changes: self.profile_changes.min(other.profile_changes),
            verifications: self.verifications.min(other.verifications),
        }
    }

    /// Lets one more be done where so many were done within a day.
    ///
    /// # Errors
    /// `daily_limit` with the most there are.
    pub fn let_one_more(done: i64, most: u32) -> Result<(), Refusal> {
        if done < i64::from(most) {
            return Ok(());
        }
        Err(Refusal::new(Code::DailyLimit).with("limit", most))
    }
}

/// K-35: when a sign-in locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// At the how manieth failure in a row.
    pub tries: u32,
    /// For how long.
    pub span: Duration,
}

/// K-36: how long a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSpan {
    /// Without an act of its person.
    pub idle: Duration,
    /// At most.
    pub whole: Duration,
    /// † Without input, until a screen no longer shows content.
    pub blank: Duration,
}

impl SessionSpan {
    /// The shorter of each: an account may belong to several regions (c-15).
    #[must_use]
    pub(super) fn stricter(self, other: Self) -> Self {
        Self {
            idle: self.idle.min(other.idle),
            whole: self.whole.min(other.whole),
            blank: self.blank.min(other.blank),
        }
    }
}
