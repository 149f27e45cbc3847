//! Newtype ids over UUID, and the three numbers that order things: position, change, milliseconds.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// One association's network with its own policy profile (地域).
    RegionId,
    /// A workplace that signs for its staff (事業所).
    OfficeId,
    /// One person's sign-in.
    AccountId,
    /// An account's place in an office, or beside a patient; a membership is held for one.
    AffiliationId,
    /// The person cared for.
    PatientId,
    /// Anything with members and posts.
    RoomId,
    /// One post; chosen by the client, unique in its room.
    PostId,
    /// One signed-in device.
    SessionId,
    /// A person's name, office and occupation as they were when something was written.
    CardId,
    /// Something a person is told about her account.
    NoticeId,
    /// A registered passkey.
    PasskeyId,
    /// A device of the ledger.
    DeviceId,
    /// One of the people who share an account.
    RosterPersonId,
    /// Something that went wrong and is dealt with: a loss, somebody else's access, trouble.
    IncidentId,
    /// That a physician has somebody open a timeline.
    InstructionId,
    /// One look at who somebody is.
    VerificationId,
    /// Somebody proposed for a room, or invited to it.
    InvitationId,
    /// That an account was seen to be its holder's own.
    ConfirmationId,
    /// One correction of what is kept of a patient.
    CorrectionId,
    /// A role that was offered to somebody.
    AppointmentId,
    /// That a patient's data may go through a connection for a while.
    PermitId,
    /// An exception from the rule of devices.
    ExceptionId,
    /// A pledge that was given, recorded or waived; chosen by the client.
    PledgeId,
    /// A training that was held, or that somebody says she attended; chosen by the client.
    TrainingId,
    /// Something that changed in an office's staff.
    StaffChangeId,
    /// One request to erase a room completely.
    ErasureId,
    /// What a patient consented to.
    ConsentId,
    /// A scan of the paper of a consent.
    ScanId,
    /// That another office is to answer for a patient.
    TransferId,
    /// That another office acts for the steward.
    DelegationId,
    /// One look at who is in a timeline.
    ReviewId,
    /// The case of an office that comes in.
    EnrolmentId,
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($inner:ty)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS, ToSchema)]
        #[serde(transparent)]
        #[ts(type = "number")]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbers! {
    /// Numbers the posts of a room from 1, gap-free and in commit order: the order everybody sees.
    Position(i64),
    /// Numbers everything a member may see change in a room (post, correction, member, title), gap-free from 1.
    Change(i64),
    /// UTC milliseconds since 1970; shown in Asia/Tokyo.
    Millis(i64),
}

impl Position {
    /// The position that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Change {
    /// The change that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Millis {
    /// The moment that lies this much later; it stops at the end of time instead of wrapping.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment that lies this much earlier; it stops at the beginning of time instead of wrapping.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The time that has gone by since an earlier moment; zero when that moment is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}
