//! Who opens a timeline, and from which state it comes to which.

use crate::policy::{PatientGroupCreate, PhysicianMustJoin, RecipientParticipation};
use tsumugi_protocol::{Code, RoomKind, RoomState, WaitsFor};

/// What is known when somebody opens a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opener {
    /// Whether the patient is one of those she may have to do with: of her office, or she was instructed.
    pub is_concerned: bool,
    /// She works for the patient's steward.
    pub is_of_office: bool,
    /// She administers it.
    pub is_admin: bool,
    /// She is a physician there.
    pub is_physician: bool,
    /// A physician instructed her.
    pub is_instructed: bool,
    /// She names a physician to be asked.
    pub names_physician: bool,
    /// The patient has a timeline of that kind.
    pub stands: bool,
}

/// What the region asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// K-52.
    pub by: PatientGroupCreate,
    /// K-53.
    pub must_join: PhysicianMustJoin,
    /// K-59.
    pub recipients: RecipientParticipation,
}

/// In which way it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// On her own account.
    Own,
    /// As a physician instructed her (001-guide§29-1).
    Instructed,
    /// With the yes of the physician whom she asks (001-guide§29-2).
    Asking,
}

/// Whether she may open it, and how (K-52, K-53, K-59).
///
/// # Errors
/// `not_found` for patients she has nothing to do with, there or not; `bad_field` for rooms that are no timelines;
/// `group_admin_only`; `physician_required`; `staff_timeline` where patients and families take part in nothing;
/// `timeline_exists`.
pub(super) fn open(kind: RoomKind, asked: Asked, opener: Opener) -> Result<Way, Code> {
    if !opener.is_concerned {
        return Err(Code::NotFound);
    }
    let has_physician = opener.is_physician || opener.is_instructed || opener.names_physician;
    let way = match asked.by {
        PatientGroupCreate::StewardAdmin if opener.is_admin => Way::Own,
        PatientGroupCreate::StewardAdmin => return Err(Code::GroupAdminOnly),
        PatientGroupCreate::AnyStaff if opener.is_of_office => Way::Own,
        PatientGroupCreate::AnyStaff => return Err(Code::NotFound),
        PatientGroupCreate::PhysicianOrInstructed if opener.is_physician => Way::Own,
        PatientGroupCreate::PhysicianOrInstructed if opener.is_instructed => Way::Instructed,
        PatientGroupCreate::PhysicianOrInstructed if opener.names_physician => Way::Asking,
        PatientGroupCreate::PhysicianOrInstructed => return Err(Code::PhysicianRequired),
    };
    let takes_physician = match (kind, asked.recipients) {
        (RoomKind::TimelineStaff, _) => asked.must_join == PhysicianMustJoin::Gate,
        (RoomKind::TimelineWithRecipient, RecipientParticipation::PhysicianControlled) => true,
        (RoomKind::TimelineWithRecipient, RecipientParticipation::None) => return Err(Code::StaffTimeline),
        (RoomKind::FreeGroup | RoomKind::Connection, _) => return Err(Code::BadField),
    };
    match (takes_physician && !has_physician, opener.stands) {
        (true, _) => Err(Code::PhysicianRequired),
        (false, true) => Err(Code::TimelineExists),
        (false, false) => Ok(way),
    }
}

/// What a physician said of a timeline that she was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Nobody had to.
    NotNeeded,
    /// Nothing yet.
    Asked,
    /// Yes.
    Given,
    /// No.
    Refused,
}

impl Approval {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Asked => "asked",
            Self::Given => "given",
            Self::Refused => "refused",
        }
    }

    /// What has that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "not_needed" => Some(Self::NotNeeded),
            "asked" => Some(Self::Asked),
            "given" => Some(Self::Given),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }
}

/// What decides where a timeline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conditions {
    /// Kind.
    pub kind: RoomKind,
    /// What the physician said.
    pub approval: Approval,
    /// Whether it waits for a physician to take part (K-53).
    pub must_join: bool,
    /// Whether its physician takes part.
    pub has_physician: bool,
    /// Whether it was ever written in.
    pub has_begun: bool,
    /// Whether its physician paused it.
    pub is_paused: bool,
}

/// Where it stands, and what it waits for. One that the family takes part in rests without a physician in charge (001§29-5);
/// staff go on when theirs is gone, since the patient still needs it (c-33).
pub(super) fn stands(now: Conditions) -> (RoomState, Option<WaitsFor>) {
    let is_for_family = now.kind == RoomKind::TimelineWithRecipient;
    let is_unanswered = match now.approval {
        Approval::Asked | Approval::Refused => true,
        Approval::NotNeeded | Approval::Given => false,
    };
    match (now.has_begun, now.has_physician) {
        (false, _) if is_unanswered => (RoomState::Draft, Some(WaitsFor::Approval)),
        (false, false) if is_for_family || now.must_join => (RoomState::Draft, Some(WaitsFor::Physician)),
        (true, false) if is_for_family => (RoomState::Paused, Some(WaitsFor::Control)),
        (_, true) if is_for_family && now.is_paused => (RoomState::Paused, Some(WaitsFor::Pause)),
        (_, _) => (RoomState::Active, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PatientGroupCreate::{AnyStaff, PhysicianOrInstructed, StewardAdmin};
    use RoomKind::{Connection, FreeGroup, TimelineStaff, TimelineWithRecipient};

    const STAFF: Opener = Opener {
        is_concerned: true,
        is_of_office: true,
        is_admin: false,
        is_physician: false,
        is_instructed: false,
        names_physician: false,
        stands: false,
    };

    const fn asked(by: PatientGroupCreate) -> Asked {
        Asked {
            by,
            must_join: PhysicianMustJoin::No,
            recipients: RecipientParticipation::PhysicianControlled,
        }
    }

    #[test]
    fn who_opens_a_staff_timeline_by_the_regions_rule() {
        let admin = Opener { is_admin: true, ..STAFF };
        let physician = Opener { is_physician: true, ..STAFF };
        let instructed = Opener { is_of_office: false, is_instructed: true, ..STAFF };
        let asking = Opener { names_physician: true, ..STAFF };
        for (by, opener, expected) in [
            (StewardAdmin, admin, Ok(Way::Own)),
            (StewardAdmin, STAFF, Err(Code::GroupAdminOnly)),
            (StewardAdmin, physician, Err(Code::GroupAdminOnly)),
            (AnyStaff, STAFF, Ok(Way::Own)),
            (AnyStaff, instructed, Err(Code::NotFound)),
            (PhysicianOrInstructed, physician, Ok(Way::Own)),
            (PhysicianOrInstructed, instructed, Ok(Way::Instructed)),
            (PhysicianOrInstructed, asking, Ok(Way::Asking)),
            (PhysicianOrInstructed, admin, Err(Code::PhysicianRequired)),
            (PhysicianOrInstructed, STAFF, Err(Code::PhysicianRequired)),
        ] {
            assert_eq!(open(TimelineStaff, asked(by), opener), expected, "{by:?} {opener:?}");
            let stranger = Opener { is_concerned: false, ..opener };
            assert_eq!(open(TimelineStaff, asked(by), stranger), Err(Code::NotFound), "{by:?} {opener:?}");
            let second = Opener { stands: true, ..opener };
            let twice = expected.and(Err(Code::TimelineExists));
            assert_eq!(open(TimelineStaff, asked(by), second), twice, "{by:?} {opener:?}");
            for other in [FreeGroup, Connection] {
                assert_eq!(open(other, asked(by), opener), expected.and(Err(Code::BadField)), "{by:?}");
            }
        }
    }

    #[test]
    fn one_for_the_family_takes_a_physician_and_so_does_the_gate() {
        let gate = Asked { must_join: PhysicianMustJoin::Gate, ..asked(AnyStaff) };
        let escalate = Asked { must_join: PhysicianMustJoin::Escalate, ..gate };
        let nobody = Asked { recipients: RecipientParticipation::None, ..asked(AnyStaff) };
        let physician = Opener { is_physician: true, ..STAFF };
        let naming = Opener { names_physician: true, ..STAFF };
        for (kind, rule, opener, expected) in [
            (TimelineWithRecipient, asked(AnyStaff), STAFF, Err(Code::PhysicianRequired)),
            (TimelineWithRecipient, asked(AnyStaff), naming, Ok(Way::Own)),
            (TimelineWithRecipient, asked(AnyStaff), physician, Ok(Way::Own)),
            (TimelineWithRecipient, nobody, physician, Err(Code::StaffTimeline)),
            (TimelineStaff, nobody, STAFF, Ok(Way::Own)),
            (TimelineStaff, gate, STAFF, Err(Code::PhysicianRequired)),
            (TimelineStaff, gate, naming, Ok(Way::Own)),
            (TimelineStaff, escalate, STAFF, Ok(Way::Own)),
        ] {
            assert_eq!(open(kind, rule, opener), expected, "{kind:?} {rule:?} {opener:?}");
        }
    }

    #[test]
    fn where_a_timeline_stands_by_table() {
        use RoomState::{Active, Draft, Paused};
        use WaitsFor::{Control, Pause, Physician};
        let unanswered = Some(WaitsFor::Approval);
        let staff = Conditions {
            kind: TimelineStaff,
            approval: Approval::NotNeeded,
            must_join: true,
            has_physician: false,
            has_begun: false,
            is_paused: false,
        };
        let with = Conditions { kind: TimelineWithRecipient, must_join: false, ..staff };
        let begun = Conditions { has_begun: true, has_physician: true, ..with };
        for (now, expected) in [
            (staff, (Draft, Some(Physician))),
            (Conditions { must_join: false, ..staff }, (Active, None)),
            (Conditions { has_physician: true, ..staff }, (Active, None)),
            (Conditions { has_begun: true, ..staff }, (Active, None)),
            (Conditions { approval: Approval::Asked, ..staff }, (Draft, unanswered)),
            (Conditions { approval: Approval::Asked, has_physician: true, ..staff }, (Draft, unanswered)),
            (Conditions { approval: Approval::Refused, has_physician: true, ..staff }, (Draft, unanswered)),
            (Conditions { approval: Approval::Given, ..staff }, (Draft, Some(Physician))),
            (Conditions { approval: Approval::Given, has_physician: true, ..staff }, (Active, None)),
            (with, (Draft, Some(Physician))),
            (Conditions { has_physician: true, ..with }, (Active, None)),
            (begun, (Active, None)),
            (Conditions { is_paused: true, ..begun }, (Paused, Some(Pause))),
            (Conditions { has_physician: false, ..begun }, (Paused, Some(Control))),
            (Conditions { has_physician: false, is_paused: true, ..begun }, (Paused, Some(Control))),
        ] {
            assert_eq!(stands(now), expected, "{now:?}");
        }
    }
}
