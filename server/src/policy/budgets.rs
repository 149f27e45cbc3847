//! How much may be asked, how often guessed, and how long things stand.

use super::{Asked, Profile};
use std::time::Duration;
use tsumugi_protocol::ProfilePart;
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
    /// People proposed for rooms of a region.
    pub proposals: u32,
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
            proposals: self.proposals.min(other.proposals),
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

impl Profile {
    /// How long one reading of a room counts as the same.
    #[must_use]
    pub fn read_window(&self) -> Duration {
        minutes(self.read_audit_minutes.0)
    }

    /// How long a session stands under these rules.
    #[must_use]
    pub fn session_span(&self) -> SessionSpan {
        SessionSpan {
            idle: minutes(self.idle_minutes.0),
            whole: minutes(self.session_hours.0.saturating_mul(60)),
            blank: minutes(self.blank_minutes.0),
        }
    }

    /// What may be done in a day under these rules.
    #[must_use]
    pub fn daily(&self) -> Daily {
        Daily {
            reports: self.reports_a_day.0,
            own_reports: self.own_reports_a_day.0,
            instructions: self.instructions_a_day.0,
            profile_changes: self.profile_changes_a_day.0,
            verifications: self.verifications_a_day.0,
            proposals: self.proposals_a_day.0,
        }
    }

    /// How long nobody may have used an account before its admin is asked about it.
    #[must_use]
    pub fn unused_for(&self) -> Duration {
        minutes(self.unused_days.0.saturating_mul(24 * 60))
    }

    /// How long a role that is offered waits for an answer.
    #[must_use]
    pub fn appointment_span(&self) -> Duration {
        minutes(self.appointment_days.0.saturating_mul(24 * 60))
    }

    /// How long somebody who left has to close her account before others are told that it is not.
    #[must_use]
    pub fn leaver_span(&self) -> Duration {
        minutes(self.leaver_days.0.saturating_mul(24 * 60))
    }

    /// After which time it is told again that a timeline is due.
    #[must_use]
    pub fn timeline_due_span(&self) -> Duration {
        minutes(self.timeline_due_days.0.saturating_mul(24 * 60))
    }

    /// How strongly a part of a profile is asked for.
    #[must_use]
    pub fn asks_for(&self, part: ProfilePart) -> Asked {
        match part {
            ProfilePart::Name | ProfilePart::Office | ProfilePart::Occupation => self.profile,
            ProfilePart::Photo => self.photo,
            ProfilePart::Verified => self.professional_verification,
            ProfilePart::Confirmed => self.patient_confirmation,
        }
    }

    /// How long nothing may be written in a timeline before the vault is suggested.
    #[must_use]
    pub fn silent_span(&self) -> Duration {
        minutes(self.silent_days.0.saturating_mul(24 * 60))
    }

    /// How long a proposal or an invitation waits.
    #[must_use]
    pub fn invitation_span(&self) -> Duration {
        minutes(self.invitation_days.0.saturating_mul(24 * 60))
    }

    /// How long a transfer waits for each of its steps.
    #[must_use]
    pub fn transfer_span(&self) -> Duration {
        minutes(self.transfer_days.0.saturating_mul(24 * 60))
    }

    /// How long a review may be due before the office's head is told.
    #[must_use]
    pub fn review_grace(&self) -> Duration {
        minutes(self.review_grace_days.0.saturating_mul(24 * 60))
    }

    /// How long the link to an application, and the invitation of a new office's people, are good.
    #[must_use]
    pub fn enrolment_span(&self) -> Duration {
        minutes(self.enrolment_days.0.saturating_mul(24 * 60))
    }

    /// `vendor-floor v1`: what an audit row says about which rules decided.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// How long a preview may be sent.
    #[must_use]
    pub fn confirm_for(&self) -> Duration {
        minutes(self.confirm_minutes.0)
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}
