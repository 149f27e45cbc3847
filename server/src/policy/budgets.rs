//! How much may be asked, how often guessed, and how long a session stands.

use std::time::Duration;

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
