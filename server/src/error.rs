//! The two kinds of failure: a refusal (theirs, coded) and a fault (ours, logged once with a number).

use crate::crypto::keys::KeyFault;
use crate::crypto::passwords::PasswordFault;
use crate::crypto::seal::SealFault;
use crate::store::StoreFault;
use std::time::Duration;
use tsumugi_protocol::{Code, Refusal, limits};

/// What a verb answers.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a verb did not do what was asked. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Their side: a rule says no.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Refusal),
    /// Our side: something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Something broke on our side. Its text names what we were doing and never carries content.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
pub struct Fault {
    doing: &'static str,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    /// A fault with its cause.
    pub fn new(doing: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { doing, source: Some(Box::new(source)) }
    }

    /// A fault that we noticed ourselves.
    #[must_use]
    pub fn noticed(doing: &'static str) -> Self {
        Self { doing, source: None }
    }

    /// What we were doing, and every cause below it, in one line for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.doing.to_owned();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            line.push_str(": ");
            line.push_str(&error.to_string());
            cause = error.source();
        }
        line
    }
}

/// `rate_limited`, with the time after which one more fits; a millisecond is added, so that it does fit then.
#[must_use]
pub fn rate_limited(wait: Duration) -> Refusal {
    let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
    Refusal::new(Code::RateLimited).retry_after(wait)
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<StoreFault> for Failure {
    fn from(fault: StoreFault) -> Self {
        let wait_ms = match fault {
            // Counted, not logged: at overload a line for each would be one more load.
            StoreFault::Overloaded { retry_after } => {
                u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX)
            }
            StoreFault::Closed | StoreFault::Full { .. } | StoreFault::Unreachable { .. } => {
                tracing::warn!(cause = %fault, "an act could not be stored");
                5_000
            }
            other => return Fault::new("keeping rows", other).into(),
        };
        Refusal::new(Code::Overloaded).retry_after(wait_ms).into()
    }
}

impl From<KeyFault> for Failure {
    fn from(fault: KeyFault) -> Self {
        Fault::new("opening a key", fault).into()
    }
}

impl From<SealFault> for Failure {
    fn from(fault: SealFault) -> Self {
        Fault::new("opening a sealed value", fault).into()
    }
}

impl From<PasswordFault> for Failure {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::TooLong => {
                Refusal::new(Code::TooLarge).with("limit", limits::PASSWORD_BYTES).into()
            }
            PasswordFault::Busy => {
                Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS).into()
            }
            other => Fault::new("hashing a password", other).into(),
        }
    }
}
