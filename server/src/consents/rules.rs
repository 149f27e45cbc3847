//! Who records, completes and withdraws a consent (K-65), and what is still open about one (K-68).

use super::ConsentBody;
use super::store::{CarerRow, ConsentRow, TowardsRow};
use crate::policy::{ConsentCopy, ConsentObtainer, Profile};
use tsumugi_protocol::{
    Code, ConsentBasis, ConsentState, ConsentTask, CopyHolder, PersonKind, SignatoryRole,
};

/// Who obtained it, and on whose request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Obtaining {
    /// The one who did.
    pub obtainer: Option<Carer>,
    /// The request: whether it says when and how, and who gave it.
    pub instructed: Option<(bool, Option<Carer>)>,
}

/// Somebody as to the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Carer {
    /// Whether she works for the office that answers for her.
    pub is_of_office: bool,
    /// Whether she is a physician who looks after her.
    pub is_physician: bool,
}

impl From<CarerRow> for Carer {
    fn from(row: CarerRow) -> Self {
        Self { is_of_office: row.is_of_office, is_physician: row.is_physician }
    }
}

/// What is known when somebody records a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recording {
    /// What is hers to do with the patient: in a timeline of hers, or running the office.
    pub is_of_concern: bool,
    /// Whether she is staff.
    pub is_staff: bool,
    /// Whether she works for the office that answers for the patient.
    pub is_of_office: bool,
    /// What stands under the id: whether it is just this.
    pub stands: Option<bool>,
    /// Who obtained it.
    pub obtaining: Obtaining,
}

/// Whether she may; nothing to do where she did.
///
/// # Errors
/// `not_found` for whoever has nothing to do with the patient; `staff_only`; `id_taken`; `not_steward`;
/// `consent_obtainer_not_entitled`, `physician_request_missing`.
pub(super) fn record(facts: Recording, rule: ConsentObtainer) -> Result<bool, Code> {
    match facts {
        Recording { is_of_concern: false, .. } => Err(Code::NotFound),
        Recording { is_staff: false, .. } => Err(Code::StaffOnly),
        Recording { stands: Some(true), .. } => Ok(false),
        Recording { stands: Some(false), .. } => Err(Code::IdTaken),
        Recording { is_of_office, obtaining, .. } => {
            keep(is_of_office, rule)?;
            entitled(obtaining, rule).map(|()| true)
        }
    }
}

/// Whether staff who care for a patient keep her consents: those of the office that answers for her, and where a physician
/// obtains them, everybody who cares.
///
/// # Errors
/// `not_steward`.
pub(super) fn keep(is_of_office: bool, rule: ConsentObtainer) -> Result<(), Code> {
    match (rule, is_of_office) {
        (ConsentObtainer::PhysicianOrInstructed, _) | (_, true) => Ok(()),
        (ConsentObtainer::StewardOffice | ConsentObtainer::StewardOfficePerson, false) => {
            Err(Code::NotSteward)
        }
    }
}

fn entitled(obtaining: Obtaining, rule: ConsentObtainer) -> Result<(), Code> {
    let no = Err(Code::ConsentObtainerNotEntitled);
    let Some(obtainer) = obtaining.obtainer else { return no };
    match rule {
        ConsentObtainer::StewardOffice | ConsentObtainer::StewardOfficePerson if obtainer.is_of_office => {
            Ok(())
        }
        ConsentObtainer::StewardOffice | ConsentObtainer::StewardOfficePerson => no,
        ConsentObtainer::PhysicianOrInstructed if obtainer.is_physician => Ok(()),
        ConsentObtainer::PhysicianOrInstructed => match obtaining.instructed {
            Some((_, Some(Carer { is_physician: false, .. }) | None)) | None => no,
            Some((false, _)) => Err(Code::PhysicianRequestMissing),
            Some((true, Some(Carer { is_physician: true, .. }))) => Ok(()),
        },
    }
}

/// Whether somebody may withdraw it; nothing to do where it is withdrawn.
///
/// # Errors
/// `not_found`; `staff_only`; `not_steward`; `consent_ended`.
pub(super) fn withdraw(
    (towards, kind): (&TowardsRow, PersonKind),
    by: SignatoryRole,
    state: ConsentState,
    rule: ConsentObtainer,
) -> Result<bool, Code> {
    let is_herself = towards.is_beside && kind == PersonKind::Patient && by == SignatoryRole::Patient;
    match (is_herself, kind) {
        (true, _) => {}
        (false, PersonKind::Staff) => keep(towards.is_of_office, rule)?,
        (false, PersonKind::Family | PersonKind::Patient) => return Err(Code::StaffOnly),
    }
    match state {
        ConsentState::InForce => Ok(true),
        ConsentState::Withdrawn => Ok(false),
        ConsentState::Superseded => Err(Code::ConsentEnded),
    }
}

/// What is still to be done about one: copies that nobody holds, objections that do not show on the paper.
pub(super) fn open(row: &ConsentRow, body: &ConsentBody, rules: &Profile) -> Vec<ConsentTask> {
    let mut open = Vec::new();
    let is_paper = matches!(row.basis, ConsentBasis::Form | ConsentBasis::OwnForm);
    if row.state != ConsentState::InForce {
        return open;
    }
    let holds = |holder| body.copies.iter().any(|copy| copy.holder == holder);
    for (holder, task) in [
        (CopyHolder::Office, ConsentTask::OfficeCopy),
        (CopyHolder::Patient, ConsentTask::PatientCopy),
        (CopyHolder::Physician, ConsentTask::PhysicianCopy),
    ] {
        let is_asked = is_paper && holders(rules, body.instructed.is_some()).contains(&holder);
        if is_asked && !holds(holder) {
            open.push(task);
        }
    }
    if body.objections.iter().any(|one| one.evidence.is_none()) {
        open.push(ConsentTask::Evidence);
    }
    open
}

/// Who is to hold a copy.
pub(super) fn holders(rules: &Profile, is_instructed: bool) -> Vec<CopyHolder> {
    let asks = |copy| rules.consent_copies.contains(&copy);
    let mut holders = Vec::new();
    if asks(ConsentCopy::Office) || asks(ConsentCopy::TwoOriginals) {
        holders.push(CopyHolder::Office);
    }
    if asks(ConsentCopy::Patient) || asks(ConsentCopy::TwoOriginals) {
        holders.push(CopyHolder::Patient);
    }
    if is_instructed && asks(ConsentCopy::PhysicianIfInstructed) {
        holders.push(CopyHolder::Physician);
    }
    holders
}

#[cfg(test)]
mod tests {
    use super::*;
    use Code::{ConsentObtainerNotEntitled, PhysicianRequestMissing};
    use ConsentObtainer::{PhysicianOrInstructed, StewardOffice, StewardOfficePerson};

    const STEWARDS: Carer = Carer { is_of_office: true, is_physician: false };
    const PHYSICIAN: Carer = Carer { is_of_office: false, is_physician: true };
    const OTHER: Carer = Carer { is_of_office: false, is_physician: false };

    #[test]
    fn who_records_by_table() {
        let by = |obtainer| Obtaining { obtainer, instructed: None };
        let staff = Recording {
            is_of_concern: true,
            is_staff: true,
            is_of_office: true,
            stands: None,
            obtaining: by(Some(STEWARDS)),
        };
        for (facts, rule, expected) in [
            (staff, StewardOffice, Ok(true)),
            (staff, StewardOfficePerson, Ok(true)),
            (Recording { is_of_concern: false, ..staff }, StewardOffice, Err(Code::NotFound)),
            (
                Recording { is_of_concern: false, stands: Some(true), ..staff },
                StewardOffice,
                Err(Code::NotFound),
            ),
            (Recording { is_staff: false, ..staff }, StewardOffice, Err(Code::StaffOnly)),
            (Recording { stands: Some(true), ..staff }, StewardOffice, Ok(false)),
            (Recording { stands: Some(false), ..staff }, StewardOffice, Err(Code::IdTaken)),
            (Recording { is_of_office: false, ..staff }, StewardOffice, Err(Code::NotSteward)),
            (Recording { is_of_office: false, ..staff }, StewardOfficePerson, Err(Code::NotSteward)),
            (
                Recording { obtaining: by(Some(PHYSICIAN)), ..staff },
                StewardOffice,
                Err(ConsentObtainerNotEntitled),
            ),
            (Recording { obtaining: by(None), ..staff }, StewardOffice, Err(ConsentObtainerNotEntitled)),
            (
                Recording { is_of_office: false, obtaining: by(Some(PHYSICIAN)), ..staff },
                PhysicianOrInstructed,
                Ok(true),
            ),
        ] {
            assert_eq!(record(facts, rule), expected, "{facts:?} {rule:?}");
        }
    }

    #[test]
    fn who_obtains_for_a_physician_by_table() {
        for (obtainer, instructed, expected) in [
            (Some(PHYSICIAN), None, Ok(())),
            (Some(STEWARDS), None, Err(ConsentObtainerNotEntitled)),
            (Some(OTHER), None, Err(ConsentObtainerNotEntitled)),
            (Some(STEWARDS), Some((true, Some(PHYSICIAN))), Ok(())),
            (Some(OTHER), Some((true, Some(PHYSICIAN))), Ok(())),
            (Some(STEWARDS), Some((false, Some(PHYSICIAN))), Err(PhysicianRequestMissing)),
            (Some(STEWARDS), Some((true, Some(OTHER))), Err(ConsentObtainerNotEntitled)),
            (Some(STEWARDS), Some((true, None)), Err(ConsentObtainerNotEntitled)),
            (None, Some((true, Some(PHYSICIAN))), Err(ConsentObtainerNotEntitled)),
        ] {
            let obtaining = Obtaining { obtainer, instructed };
            assert_eq!(entitled(obtaining, PhysicianOrInstructed), expected, "{obtaining:?}");
        }
    }
}
