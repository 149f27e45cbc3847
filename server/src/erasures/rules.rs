//! Who may have a room erased, on whose wish, and who decides it with whom (K-63, K-64, c-9).

use super::Step;
use super::facts::Asker;
use crate::policy::{CompleteErasureBy, GroupDeleteBy};
use std::collections::BTreeSet;
use tsumugi_protocol::{AccountId, Code, Position, Refusal, RoomKind, RoomState, Wisher};

/// What the region says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    /// K-63.
    pub deleted_by: &'a BTreeSet<GroupDeleteBy>,
    /// K-64.
    pub erased_by: CompleteErasureBy,
}

/// The room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub kind: RoomKind,
    pub state: RoomState,
    pub last_position: Position,
}

/// How many decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deciders {
    /// Whoever asks: nothing was ever posted.
    Alone,
    /// A second person.
    Two,
}

/// Whether somebody may ask for it on that wish.
///
/// # Errors
/// `group_admin_only` for whoever is neither an administrator nor the head of the office that answers for it, nor of the desk;
/// `erasure_request_missing` for a room that held posts where the office's own wish is not enough; `bad_field` for a room of two
/// people, and for a patient's wish about a group without one.
pub(super) fn may_request(
    asker: Asker,
    room: Room,
    wisher: Wisher,
    rules: Rules<'_>,
) -> Result<Deciders, Refusal> {
    if !asker.is_entitled() {
        return Err(Code::GroupAdminOnly.into());
    }
    let is_timeline = match room.kind {
        RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient => true,
        RoomKind::FreeGroup => false,
        RoomKind::Connection => return Err(Refusal::new(Code::BadField).with("field", "room")),
    };
    let was_used = room.last_position > Position(0);
    match wisher {
        Wisher::Office if !was_used && asker.is_admin => Ok(Deciders::Alone),
        Wisher::Office if !was_used => Err(Code::GroupAdminOnly.into()),
        Wisher::Office => {
            let may_delete = rules.deleted_by.contains(&GroupDeleteBy::StewardAdmin);
            let is_put_away = !is_timeline || room.state == RoomState::Archived;
            if may_delete && is_put_away {
                Ok(Deciders::Two)
            } else {
                Err(Code::ErasureRequestMissing.into())
            }
        }
        Wisher::Patient | Wisher::Family | Wisher::Representative if is_timeline => Ok(Deciders::Two),
        Wisher::Patient | Wisher::Family | Wisher::Representative => {
            Err(Refusal::new(Code::BadField).with("field", "wisher"))
        }
    }
}

/// Whether somebody may decide it as the second person.
///
/// # Errors
/// `not_found` for whoever has no say in it; `erasure_decided`; `second_person_required` for whoever asked for it herself;
/// `erasure_executor_required` where neither of the two erases by the region's rules (001§29-7).
pub(super) fn may_second(
    step: Step,
    (asked_by, first): (AccountId, Option<Asker>),
    (account, second): (AccountId, Asker),
    rules: Rules<'_>,
) -> Result<(), Code> {
    if !second.is_entitled() {
        return Err(Code::NotFound);
    }
    match step {
        Step::Asked => {}
        Step::Cancelled
        | Step::Decided
        | Step::Listed
        | Step::Destroyed
        | Step::Cleared
        | Step::Certified => {
            return Err(Code::ErasureDecided);
        }
    }
    if asked_by == account {
        return Err(Code::SecondPersonRequired);
    }
    // Whoever asked and lost her role meanwhile is no longer one of the two.
    let first = first.filter(|first| first.is_entitled()).ok_or(Code::SecondPersonRequired)?;
    let executes = |asker: Asker| match rules.erased_by {
        CompleteErasureBy::StewardAdmin => asker.is_admin,
        CompleteErasureBy::Secretariat => asker.is_desk,
    };
    if executes(first) || executes(second) { Ok(()) } else { Err(Code::ErasureExecutorRequired) }
}

/// Whether it may be taken back; nothing to do where it was.
///
/// # Errors
/// `not_found` for whoever has no say in it; `erasure_decided`.
pub(super) const fn may_cancel(step: Step, asker: Asker) -> Result<bool, Code> {
    if !asker.is_entitled() {
        return Err(Code::NotFound);
    }
    match step {
        Step::Asked => Ok(true),
        Step::Cancelled => Ok(false),
        Step::Decided | Step::Listed | Step::Destroyed | Step::Cleared | Step::Certified => {
            Err(Code::ErasureDecided)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::RoomState::{Active, Archived};
    use uuid::Uuid;

    const NOBODY: Asker = Asker { is_admin: false, is_head: false, is_desk: false };
    const ADMIN: Asker = Asker { is_admin: true, ..NOBODY };
    const HEAD: Asker = Asker { is_head: true, ..NOBODY };
    const DESK: Asker = Asker { is_desk: true, ..NOBODY };

    fn room(kind: RoomKind, state: RoomState, posts: i64) -> Room {
        Room { kind, state, last_position: Position(posts) }
    }

    #[test]
    fn who_asks_for_it_on_whose_wish() {
        use RoomKind::{Connection, FreeGroup, TimelineStaff, TimelineWithRecipient};
        let (deletes, stores) = (BTreeSet::from([GroupDeleteBy::StewardAdmin]), BTreeSet::new());
        let used = room(TimelineStaff, Active, 3);
        let stored = room(TimelineStaff, Archived, 3);
        let with_her = room(TimelineWithRecipient, Active, 1);
        let unused = room(TimelineStaff, Active, 0);
        let group = room(FreeGroup, Active, 3);
        let (alone, two) = (Ok(Deciders::Alone), Ok(Deciders::Two));
        let (missing, admins) = (Err(Code::ErasureRequestMissing), Err(Code::GroupAdminOnly));
        for (asker, room, wisher, in_one, in_other) in [
            (ADMIN, used, Wisher::Patient, two, two),
            (ADMIN, with_her, Wisher::Family, two, two),
            (HEAD, used, Wisher::Representative, two, two),
            (DESK, used, Wisher::Family, two, two),
            (NOBODY, used, Wisher::Family, admins, admins),
            (ADMIN, used, Wisher::Office, missing, missing),
            (ADMIN, stored, Wisher::Office, two, missing),
            (DESK, stored, Wisher::Office, two, missing),
            (ADMIN, unused, Wisher::Office, alone, alone),
            (HEAD, unused, Wisher::Office, admins, admins),
            (DESK, unused, Wisher::Office, admins, admins),
            (NOBODY, unused, Wisher::Office, admins, admins),
            (ADMIN, group, Wisher::Office, two, missing),
            (ADMIN, group, Wisher::Patient, Err(Code::BadField), Err(Code::BadField)),
            (ADMIN, room(FreeGroup, Active, 0), Wisher::Office, alone, alone),
            (ADMIN, room(Connection, Active, 0), Wisher::Office, Err(Code::BadField), Err(Code::BadField)),
        ] {
            for (deleted_by, expected) in [(&deletes, in_one), (&stores, in_other)] {
                let rules = Rules { deleted_by, erased_by: CompleteErasureBy::StewardAdmin };
                let said = may_request(asker, room, wisher, rules).map_err(|refusal| refusal.code);
                assert_eq!(said, expected, "{asker:?} {room:?} {wisher:?} {deleted_by:?}");
            }
        }
    }

    #[test]
    fn who_decides_it_with_whom() {
        let (one, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let none = BTreeSet::new();
        let executor = Err(Code::ErasureExecutorRequired);
        for (first, second, by_admin, by_desk) in [
            (ADMIN, ADMIN, Ok(()), executor),
            (ADMIN, HEAD, Ok(()), executor),
            (ADMIN, DESK, Ok(()), Ok(())),
            (HEAD, ADMIN, Ok(()), executor),
            (HEAD, DESK, executor, Ok(())),
            (DESK, DESK, executor, Ok(())),
            (DESK, ADMIN, Ok(()), Ok(())),
            (ADMIN, NOBODY, Err(Code::NotFound), Err(Code::NotFound)),
            (NOBODY, ADMIN, Err(Code::SecondPersonRequired), Err(Code::SecondPersonRequired)),
        ] {
            for (erased_by, expected) in
                [(CompleteErasureBy::StewardAdmin, by_admin), (CompleteErasureBy::Secretariat, by_desk)]
            {
                let rules = Rules { deleted_by: &none, erased_by };
                let said = may_second(Step::Asked, (one, Some(first)), (other, second), rules);
                assert_eq!(said, expected, "{first:?} {second:?} {erased_by:?}");
                let herself = may_second(Step::Asked, (one, Some(ADMIN)), (one, DESK), rules);
                assert_eq!(herself, Err(Code::SecondPersonRequired), "whatever roles she has");
                let gone = may_second(Step::Asked, (one, None), (other, ADMIN), rules);
                assert_eq!(gone, Err(Code::SecondPersonRequired), "who asked has nothing to do with it now");
            }
        }
    }

    #[test]
    fn only_what_waits_is_decided_or_taken_back() {
        let (one, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let none = BTreeSet::new();
        let rules = Rules { deleted_by: &none, erased_by: CompleteErasureBy::StewardAdmin };
        for (step, back) in [
            (Step::Asked, Ok(true)),
            (Step::Cancelled, Ok(false)),
            (Step::Decided, Err(Code::ErasureDecided)),
            (Step::Listed, Err(Code::ErasureDecided)),
            (Step::Destroyed, Err(Code::ErasureDecided)),
            (Step::Cleared, Err(Code::ErasureDecided)),
            (Step::Certified, Err(Code::ErasureDecided)),
        ] {
            assert_eq!(may_cancel(step, DESK), back, "{step:?}");
            assert_eq!(may_cancel(step, NOBODY), Err(Code::NotFound), "{step:?}");
            let said = may_second(step, (one, Some(ADMIN)), (other, HEAD), rules);
            let expected = if step == Step::Asked { Ok(()) } else { Err(Code::ErasureDecided) };
            assert_eq!(said, expected, "{step:?}");
        }
    }
}
