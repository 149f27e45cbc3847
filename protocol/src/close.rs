//! Close codes of a link. The range says what the client does next.
//!
//! 4400–4419: stay away, the client is wrong · 4420–4439: sign in again · 4440–4499: come back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why the server closed a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The first frame was not `hello`, or a second `hello` came.
    BadHello,
    /// Frames that cannot be read: not UTF-8, not JSON, too large, or too many refused as `bad_frame`.
    BadFrame,
    /// The client speaks a version this server no longer knows.
    ProtocolTooOld,
    /// The session opened more links than it may have: the oldest goes.
    Displaced,
    /// The session ended: signed out, revoked or expired.
    SignedOut,
    /// Nobody did anything for so long that the session ended.
    SessionIdle,
    /// The server is stopping; come back after `retry_after_ms`.
    GoingAway,
    /// Nothing was heard for two pings.
    Silent,
    /// The client did not read for so long that even `behind` could not be written.
    NotReading,
    /// Pings came faster than any client needs them.
    TooFast,
    /// A message was begun and not complete in its time.
    TooSlow,
    /// Something failed on our side.
    Fault,
}

/// What a client does after a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// Do not come back by yourself.
    StayAway,
    /// Sign in first.
    SignIn,
    /// Come back, jittered.
    Reconnect,
}

impl Close {
    /// All codes, for documentation and tests.
    pub const ALL: [Self; 12] = [
        Self::BadHello,
        Self::BadFrame,
        Self::ProtocolTooOld,
        Self::Displaced,
        Self::SignedOut,
        Self::SessionIdle,
        Self::GoingAway,
        Self::Silent,
        Self::NotReading,
        Self::TooFast,
        Self::TooSlow,
        Self::Fault,
    ];

    /// The number in the close frame.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::BadHello => 4400,
            Self::BadFrame => 4401,
            Self::ProtocolTooOld => 4402,
            Self::Displaced => 4403,
            Self::TooFast => 4404,
            Self::SignedOut => 4420,
            Self::SessionIdle => 4421,
            Self::GoingAway => 4440,
            Self::Silent => 4441,
            Self::NotReading => 4442,
            Self::Fault => 4443,
            Self::TooSlow => 4444,
        }
    }

    /// What the client does next, by range.
    #[must_use]
    pub const fn afterwards(code: u16) -> Afterwards {
        match code {
            4400..=4419 => Afterwards::StayAway,
            4420..=4439 => Afterwards::SignIn,
            _ => Afterwards::Reconnect,
        }
    }
}

/// The close frame's reason, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CloseReason {
    /// Milliseconds to wait before coming back, already jittered by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub retry_after_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_says_what_to_do_next() {
        for close in Close::ALL {
            let expected = match close {
                Close::BadHello
                | Close::BadFrame
                | Close::ProtocolTooOld
                | Close::Displaced
                | Close::TooFast => Afterwards::StayAway,
                Close::SignedOut | Close::SessionIdle => Afterwards::SignIn,
                Close::GoingAway | Close::Silent | Close::NotReading | Close::TooSlow | Close::Fault => {
                    Afterwards::Reconnect
                }
            };
            assert_eq!(Close::afterwards(close.code()), expected, "{close:?}");
        }
    }
}
