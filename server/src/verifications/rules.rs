//! From which state a verification comes to which, and who brings it there.

use tsumugi_protocol::{Code, Verdict, VerificationState};

/// What is known when a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// Where it stands.
    pub state: VerificationState,
    /// Whether she is of the desk of the region that it is for.
    pub is_desk: bool,
    /// Whether it is her own.
    pub is_own: bool,
    /// Whether it was she who decided it.
    pub is_hers: bool,
}

/// The state that a decision leads to; none where the same was decided before by the same person.
///
/// # Errors
/// `not_found` for whoever does not review there; `not_for_yourself`; `verification_decided`.
pub(super) fn decide(facts: Facts, verdict: Verdict) -> Result<Option<VerificationState>, Code> {
    use VerificationState::{Approved, Asked, Lapsed, Rejected};
    if !facts.is_desk {
        return Err(Code::NotFound);
    }
    if facts.is_own {
        return Err(Code::NotForYourself);
    }
    match (facts.state, verdict) {
        (Asked, Verdict::Approve) => Ok(Some(Approved)),
        (Asked, Verdict::Reject) => Ok(Some(Rejected)),
        (Approved, Verdict::Approve) | (Rejected, Verdict::Reject) if facts.is_hers => Ok(None),
        (Approved | Rejected | Lapsed, Verdict::Approve | Verdict::Reject) => Err(Code::VerificationDecided),
    }
}

/// What is known when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asking {
    /// What stands under the id: whether it is just this.
    pub stands: Option<bool>,
    /// Whether another one of hers waits.
    pub is_waiting: bool,
    /// Whether the mark stands there already.
    pub is_verified: bool,
    /// Whether her occupation is said.
    pub has_occupation: bool,
}

/// Whether it may be asked for; nothing to do where it was.
///
/// # Errors
/// `id_taken`; `profile_incomplete`; `verification_waiting`; `verification_decided` where the mark stands.
pub(super) fn may_ask(asking: Asking) -> Result<bool, Code> {
    match asking {
        Asking { stands: Some(true), .. } => Ok(false),
        Asking { stands: Some(false), .. } => Err(Code::IdTaken),
        Asking { has_occupation: false, .. } => Err(Code::ProfileIncomplete),
        Asking { is_waiting: true, .. } => Err(Code::VerificationWaiting),
        Asking { is_verified: true, .. } => Err(Code::VerificationDecided),
        Asking { .. } => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VerificationState::{Approved, Asked, Lapsed, Rejected};

    #[test]
    fn who_decides_what_by_table() {
        let desk = Facts { state: Asked, is_desk: true, is_own: false, is_hers: false };
        let hers = |state| Facts { state, is_hers: true, ..desk };
        let of_another = |state| Facts { state, ..desk };
        for (facts, verdict, expected) in [
            (desk, Verdict::Approve, Ok(Some(Approved))),
            (desk, Verdict::Reject, Ok(Some(Rejected))),
            (Facts { is_desk: false, ..desk }, Verdict::Approve, Err(Code::NotFound)),
            (Facts { is_desk: false, is_own: true, ..desk }, Verdict::Approve, Err(Code::NotFound)),
            (Facts { is_own: true, ..desk }, Verdict::Approve, Err(Code::NotForYourself)),
            (Facts { is_own: true, ..desk }, Verdict::Reject, Err(Code::NotForYourself)),
            (hers(Approved), Verdict::Approve, Ok(None)),
            (hers(Rejected), Verdict::Reject, Ok(None)),
            (hers(Approved), Verdict::Reject, Err(Code::VerificationDecided)),
            (hers(Rejected), Verdict::Approve, Err(Code::VerificationDecided)),
            (of_another(Approved), Verdict::Approve, Err(Code::VerificationDecided)),
            (of_another(Rejected), Verdict::Reject, Err(Code::VerificationDecided)),
            (of_another(Lapsed), Verdict::Approve, Err(Code::VerificationDecided)),
            (hers(Lapsed), Verdict::Reject, Err(Code::VerificationDecided)),
        ] {
            assert_eq!(decide(facts, verdict), expected, "{facts:?} {verdict:?}");
        }
    }

    #[test]
    fn who_may_ask_by_table() {
        let fresh = Asking { stands: None, is_waiting: false, is_verified: false, has_occupation: true };
        for (asking, expected) in [
            (fresh, Ok(true)),
            (Asking { stands: Some(true), is_waiting: true, ..fresh }, Ok(false)),
            (Asking { stands: Some(false), ..fresh }, Err(Code::IdTaken)),
            (Asking { has_occupation: false, ..fresh }, Err(Code::ProfileIncomplete)),
            (Asking { is_waiting: true, ..fresh }, Err(Code::VerificationWaiting)),
            (Asking { is_verified: true, ..fresh }, Err(Code::VerificationDecided)),
        ] {
            assert_eq!(may_ask(asking), expected, "{asking:?}");
        }
    }
}
