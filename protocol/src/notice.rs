//! Wire shapes of notices: what a person is told about her own account.

use crate::{Millis, NoticeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What a notice is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum NoticeKind { $($(#[$doc])* $name),+ }

        impl NoticeKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The kind of that word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// Too many wrong passwords: nobody signs in with it for a while.
    Locked = "locked",
    /// The lock was taken off.
    Unlocked = "unlocked",
    /// To an administrator: somebody of the office is locked.
    StaffLocked = "staff_locked",
    /// Somebody signed in on a device that was not seen before.
    SignedInNewDevice = "signed_in_new_device",
    /// The password was changed.
    PasswordChanged = "password_changed",
    /// A new password was asked for.
    PasswordResetAsked = "password_reset_asked",
    /// The e-mail address was changed.
    EmailChanged = "email_changed",
    /// Another e-mail address was asked for.
    EmailChangeAsked = "email_change_asked",
    /// The account was suspended.
    Suspended = "suspended",
    /// The account may only read.
    Restricted = "restricted",
    /// The account may be used again.
    Restored = "restored",
    /// The account was closed.
    Closed = "closed",
    /// To the desk: an office handed in its application.
    EnrolmentSubmitted = "enrolment_submitted",
    /// To the applicant: the office may use the service.
    EnrolmentAccepted = "enrolment_accepted",
    /// A place in an office, or beside a patient, has ended.
    AffiliationEnded = "affiliation_ended",
    /// To the region's desk and the office's admins: somebody has left the job.
    Retired = "retired",
    /// An office keeps the reader out of its timelines.
    Barred = "barred",
    /// It does so no longer.
    BarLifted = "bar_lifted",
    /// The support desk opened a case: an administrator may close the account in its holder's stead.
    SupportCase = "support_case",
    /// To an administrator: the same, about somebody of the office.
    StaffSupportCase = "staff_support_case",
    /// To the region's desk and the admins of the office she left: her account is not closed.
    LeftUnclosed = "left_unclosed",
    /// An office asks the reader to work for it.
    AdmissionAsked = "admission_asked",
    /// To an administrator: somebody accepted to work for the office.
    AdmissionAccepted = "admission_accepted",
    /// To an administrator: somebody declined.
    AdmissionDeclined = "admission_declined",
    /// A way to sign in was added.
    FactorAdded = "factor_added",
    /// A way to sign in was removed.
    FactorRemoved = "factor_removed",
    /// A device was stopped.
    DeviceStopped = "device_stopped",
    /// A device was reported lost.
    LossReported = "loss_reported",
    /// Somebody else's use of the account was reported.
    AccessReported = "access_reported",
    /// Somebody who has not shown who she is says that the account is used by somebody else.
    AccessSuspected = "access_suspected",
    /// To those who deal with it: somebody reported a loss, somebody else's access or trouble.
    IncidentRaised = "incident_raised",
    /// To the office's admins: nobody has seen an incident, or passed it on, for a day.
    IncidentWaits = "incident_waits",
    /// To whoever reported it: an incident was seen, and there may be an instruction.
    IncidentSeen = "incident_seen",
    /// An incident about the account was dealt with.
    IncidentClosed = "incident_closed",
    /// The account was secured after a report.
    Secured = "secured",
    /// To an administrator: somebody's account was secured.
    StaffSecured = "staff_secured",
    /// The account was used from two networks at once.
    TwoAtOnce = "two_at_once",
    /// To the region's desk: somebody asks to be verified.
    VerificationAsked = "verification_asked",
    /// The mark of a verified professional was given.
    Verified = "verified",
    /// It was not given.
    VerificationRejected = "verification_rejected",
    /// A mark fell, since what it stood for has changed.
    MarkFallen = "mark_fallen",
    /// To the administrators of the office that answers for a room: somebody is proposed for it.
    InvitationProposed = "invitation_proposed",
    /// An invitation waits for the reader's own judgement.
    Invited = "invited",
    /// To whoever proposed somebody: the administrator said no.
    InvitationRejected = "invitation_rejected",
    /// To whoever proposed somebody: she herself said no.
    InvitationDeclined = "invitation_declined",
    /// To those who may be the second person: a complete erasure waits.
    ErasureAsked = "erasure_asked",
    /// To those who were in a room: it was completely erased.
    RoomErased = "room_erased",
    /// To those who decided it: it is done, and certified.
    ErasureCertified = "erasure_certified",
    /// To the region's desk: no backup could be made.
    BackupFailed = "backup_failed",
    /// The reader was taken out of a room.
    Released = "released",
    /// To the administrators of the office that answers for a room: somebody left the job and with it the room.
    MemberRetired = "member_retired",
    /// To the administrators of an office: another one asks it to answer for a patient.
    TransferProposed = "transfer_proposed",
    /// To the administrators of the steward: the other office accepted.
    TransferAccepted = "transfer_accepted",
    /// To the administrators of the steward: the other office said no.
    TransferDeclined = "transfer_declined",
    /// To the administrators of the other office, or of both: it was taken back, or its time was over.
    TransferEnded = "transfer_ended",
    /// To the members, and the administrators of both offices: another office answers for a timeline.
    StewardChanged = "steward_changed",
    /// To the administrators of an office: it is asked to act for another one.
    DelegationGiven = "delegation_given",
    /// To the members, and the administrators of both offices: an office acts for the steward.
    DelegationBegun = "delegation_begun",
    /// The same: it does so no longer.
    DelegationEnded = "delegation_ended",
    /// To the administrators of the steward: who is in a timeline is to be looked at.
    ReviewDue = "review_due",
    /// To them and the office's head: that has not been done for too long.
    ReviewOverdue = "review_overdue",
    /// To a patient or her family: staff have seen that the account is the reader's own.
    AccountConfirmed = "account_confirmed",
    /// To a patient or her family: that is no longer said.
    ConfirmationEnded = "confirmation_ended",
    /// To an administrator: somebody of the office tried again and again what she may not do.
    PrivilegeAttempts = "privilege_attempts",
    /// A patient's data goes through a connection; a timeline is due (001§16-2).
    TimelineDue = "timeline_due",
    /// To the steward's administrators: somebody outside their timeline has a consent and writes of its patient (c-51).
    TimelineWanted = "timeline_wanted",
    /// A role is offered to the reader.
    RoleOffered = "role_offered",
    /// To those who run the office, or to the region's desk: somebody took on a role.
    RoleTaken = "role_taken",
    /// To whoever offered it: somebody declined a role.
    RoleDeclined = "role_declined",
    /// It was written down that the reader signs for her office.
    HeadRecorded = "head_recorded",
    /// A role of the reader's has ended.
    RoleEnded = "role_ended",
    /// To those who run the office, or to the region's desk: somebody's role has ended.
    StaffRoleEnded = "staff_role_ended",
    /// To a physician: somebody asks for her yes to a timeline.
    OpeningAsked = "opening_asked",
    /// To whoever opened a timeline: the physician said yes.
    OpeningApproved = "opening_approved",
    /// To whoever opened a timeline: the physician said no.
    OpeningRejected = "opening_rejected",
    /// A physician has the reader open and manage a timeline.
    Instructed = "instructed",
    /// To those who run the steward of a patient: another office opens a timeline of somebody who may be the same.
    TimelineExists = "timeline_exists",
    /// To those who run its steward and to the region's desk: no physician is in charge of a timeline.
    PhysicianGone = "physician_gone",
    /// An exception from the rule of devices was declared: by the reader herself, or for an office that she runs.
    ExceptionDeclared = "exception_declared",
    /// To those who look after it: an exception is over and waits to be looked at.
    ExceptionOver = "exception_over",
    /// To the region's desk: an office's staff changed.
    StaffChanged = "staff_changed",
    /// To an administrator: somebody says that she attended a training.
    TrainingDeclared = "training_declared",
}

/// One notice, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Notice {
    /// The notice.
    pub id: NoticeId,
    /// What it is about.
    pub kind: NoticeKind,
    /// When it happened.
    pub at: Millis,
    /// What happened.
    pub sentence: String,
    /// What to do if that is not right.
    pub next: String,
    /// Whether its reader has seen it.
    pub seen: bool,
}

/// `notices.list`: the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskNotices {
    /// Only those before this one; without it, from the newest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<NoticeId>,
    /// At most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
}

/// Answer to `notices.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NoticeList {
    /// The notices, newest first.
    pub notices: Vec<Notice>,
    /// How many of all were not seen yet.
    pub unseen: u32,
    /// Whether there are older ones.
    pub more: bool,
}

/// `notices.seen`: this one and all before it were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticesSeen {
    /// The newest one that was on screen.
    pub upto: NoticeId,
}
