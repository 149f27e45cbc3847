//! From which state an invitation comes to which, and who brings it there.

use crate::policy::InviteProposer;
use tsumugi_protocol::{Code, InvitationState, Millis, PersonKind, RoomKind};

/// Who proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asker {
    /// She is in the room, as staff.
    pub is_member: bool,
    /// She works for the office that answers for it.
    pub is_of_office: bool,
    /// She decides who belongs to it.
    pub runs_it: bool,
}

/// Who is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invitee {
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Whether her place is beside the patient of this timeline.
    pub is_beside_the_patient: bool,
    /// Whether it is whoever proposes.
    pub is_asker: bool,
    /// Whether the steward keeps her out of its timelines.
    pub is_barred: bool,
    /// Whether an invitation of hers waits.
    pub is_waiting: bool,
}

/// Whether somebody may be proposed (K-60).
///
/// # Errors
/// `not_steward`; `not_for_yourself`; `staff_timeline`, `staff_only`; `not_found`; `approval_pending`.
pub(super) fn may_propose(
    by: InviteProposer,
    room: RoomKind,
    asker: Asker,
    invitee: Invitee,
) -> Result<(), Code> {
    let lets = match by {
        // Of a managed timeline those who run it are the manager and the physician; of any other, the steward's administrators.
        InviteProposer::Approver | InviteProposer::Manager => asker.runs_it,
        InviteProposer::StewardMember => asker.runs_it || (asker.is_member && asker.is_of_office),
        InviteProposer::AnyMember => asker.runs_it || asker.is_member,
    };
    if !lets || room == RoomKind::Connection {
        return Err(Code::NotSteward);
    }
    if invitee.is_asker {
        return Err(Code::NotForYourself);
    }
    match (room, invitee.kind) {
        (RoomKind::TimelineStaff, PersonKind::Patient | PersonKind::Family) => {
            return Err(Code::StaffTimeline);
        }
        (RoomKind::FreeGroup, PersonKind::Patient | PersonKind::Family) => return Err(Code::StaffOnly),
        (RoomKind::TimelineWithRecipient, PersonKind::Patient | PersonKind::Family)
            if !invitee.is_beside_the_patient =>
        {
            return Err(Code::NotFound);
        }
        (_, _) => {}
    }
    match invitee {
        Invitee { is_barred: true, .. } => Err(Code::NotFound),
        Invitee { is_waiting: true, .. } => Err(Code::ApprovalPending),
        Invitee { .. } => Ok(()),
    }
}

/// What an administrator or whoever proposed her does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Approve,
    Reject,
    Withdraw,
}

/// What is known when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// How far it has come.
    pub state: InvitationState,
    /// Until when it counts.
    pub until: Millis,
    /// Whether who does it decides who belongs to the room.
    pub runs_it: bool,
    /// Whether it was she who proposed.
    pub is_hers: bool,
}

/// Where it comes to; nothing where it is there already.
///
/// # Errors
/// `not_steward`; `invitation_decided`; `invitation_expired` for an approval that comes too late.
pub(super) fn decide(facts: Facts, step: Step, now: Millis) -> Result<Option<InvitationState>, Code> {
    use InvitationState::{Accepted, Approved, Declined, Lapsed, Proposed, Rejected, Withdrawn};
    let lets = match step {
        Step::Approve | Step::Reject => facts.runs_it,
        Step::Withdraw => facts.runs_it || facts.is_hers,
    };
    if !lets {
        return Err(Code::NotSteward);
    }
    match (step, facts.state) {
        (Step::Approve, Proposed) if now < facts.until => Ok(Some(Approved)),
        (Step::Approve, Proposed) => Err(Code::InvitationExpired),
        (Step::Reject, Proposed) => Ok(Some(Rejected)),
        (Step::Withdraw, Proposed | Approved) => Ok(Some(Withdrawn)),
        (Step::Approve, Approved) | (Step::Reject, Rejected) | (Step::Withdraw, Withdrawn) => Ok(None),
        (Step::Approve | Step::Reject, Accepted | Declined | Withdrawn | Lapsed)
        | (Step::Approve, Rejected)
        | (Step::Reject, Approved)
        | (Step::Withdraw, Accepted | Rejected | Declined | Lapsed) => Err(Code::InvitationDecided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBER: Asker = Asker { is_member: true, is_of_office: false, runs_it: false };
    const NURSE: Invitee = Invitee {
        kind: PersonKind::Staff,
        is_beside_the_patient: false,
        is_asker: false,
        is_barred: false,
        is_waiting: false,
    };

    #[test]
    fn who_proposes_by_the_regions_rule() {
        use InviteProposer::{AnyMember, Approver, StewardMember};
        let colleague = Asker { is_of_office: true, ..MEMBER };
        let outside = Asker { is_member: false, is_of_office: true, ..MEMBER };
        let admin = Asker { runs_it: true, ..outside };
        let refused = Err(Code::NotSteward);
        for (rule, asker, expected) in [
            (Approver, admin, Ok(())),
            (Approver, colleague, refused),
            (StewardMember, admin, Ok(())),
            (StewardMember, colleague, Ok(())),
            (StewardMember, MEMBER, refused),
            (StewardMember, outside, refused),
            (AnyMember, admin, Ok(())),
            (AnyMember, MEMBER, Ok(())),
            (AnyMember, outside, refused),
        ] {
            for room in [RoomKind::TimelineStaff, RoomKind::TimelineWithRecipient, RoomKind::FreeGroup] {
                assert_eq!(may_propose(rule, room, asker, NURSE), expected, "{rule:?} {room:?} {asker:?}");
            }
            assert_eq!(may_propose(rule, RoomKind::Connection, asker, NURSE), refused, "two are two");
        }
    }

    #[test]
    fn who_is_proposed_for_what() {
        use RoomKind::{FreeGroup, TimelineStaff, TimelineWithRecipient};
        let admin = Asker { runs_it: true, ..MEMBER };
        let stranger = Invitee { kind: PersonKind::Family, ..NURSE };
        let daughter = Invitee { is_beside_the_patient: true, ..stranger };
        let patient = Invitee { kind: PersonKind::Patient, ..daughter };
        for (room, invitee, expected) in [
            (TimelineStaff, NURSE, Ok(())),
            (TimelineStaff, daughter, Err(Code::StaffTimeline)),
            (TimelineStaff, patient, Err(Code::StaffTimeline)),
            (TimelineWithRecipient, NURSE, Ok(())),
            (TimelineWithRecipient, daughter, Ok(())),
            (TimelineWithRecipient, patient, Ok(())),
            (TimelineWithRecipient, stranger, Err(Code::NotFound)),
            (FreeGroup, NURSE, Ok(())),
            (FreeGroup, daughter, Err(Code::StaffOnly)),
            (TimelineStaff, Invitee { is_asker: true, ..NURSE }, Err(Code::NotForYourself)),
            (TimelineStaff, Invitee { is_barred: true, ..NURSE }, Err(Code::NotFound)),
            (TimelineStaff, Invitee { is_waiting: true, ..NURSE }, Err(Code::ApprovalPending)),
            (TimelineStaff, Invitee { is_barred: true, is_waiting: true, ..NURSE }, Err(Code::NotFound)),
        ] {
            let said = may_propose(InviteProposer::StewardMember, room, admin, invitee);
            assert_eq!(said, expected, "{room:?} {invitee:?}");
        }
    }

    #[test]
    fn the_steps_by_table() {
        use InvitationState::{Accepted, Approved, Declined, Lapsed, Proposed, Rejected, Withdrawn};
        use Step::{Approve, Reject, Withdraw};
        let decided = Err(Code::InvitationDecided);
        let facts = |state| Facts { state, until: Millis(100), runs_it: true, is_hers: false };
        for (state, step, expected) in [
            (Proposed, Approve, Ok(Some(Approved))),
            (Approved, Approve, Ok(None)),
            (Accepted, Approve, decided),
            (Rejected, Approve, decided),
            (Withdrawn, Approve, decided),
            (Declined, Approve, decided),
            (Lapsed, Approve, decided),
            (Proposed, Reject, Ok(Some(Rejected))),
            (Rejected, Reject, Ok(None)),
            (Approved, Reject, decided),
            (Accepted, Reject, decided),
            (Withdrawn, Reject, decided),
            (Proposed, Withdraw, Ok(Some(Withdrawn))),
            (Approved, Withdraw, Ok(Some(Withdrawn))),
            (Withdrawn, Withdraw, Ok(None)),
            (Accepted, Withdraw, decided),
            (Rejected, Withdraw, decided),
            (Declined, Withdraw, decided),
        ] {
            assert_eq!(decide(facts(state), step, Millis(99)), expected, "{state:?} {step:?}");
            let stranger = Facts { runs_it: false, ..facts(state) };
            assert_eq!(decide(stranger, step, Millis(99)), Err(Code::NotSteward), "{state:?} {step:?}");
        }
        assert_eq!(decide(facts(Proposed), Approve, Millis(100)), Err(Code::InvitationExpired));
        let hers = Facts { runs_it: false, is_hers: true, ..facts(Proposed) };
        assert_eq!(decide(hers, Withdraw, Millis(99)), Ok(Some(Withdrawn)), "her own proposal");
        assert_eq!(decide(hers, Approve, Millis(99)), Err(Code::NotSteward));
    }
}
