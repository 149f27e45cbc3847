//! From which state a case comes to which, and what an acceptance waits for: pure, by the region's rules.

use super::EnrolmentBody;
use super::store::PaperRow;
use crate::policy::{EnrolmentWaiver, Form, OutsideOffices, Profile};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AffiliationId, Code, EnrolledPerson, EnrolmentForm, EnrolmentItem, EnrolmentMissing, EnrolmentRules,
    EnrolmentState, GovernanceRole, PaperKind, Refusal,
};

/// What is done with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Something is written into it, and it stays where it is.
    Fill,
    /// The applicant hands it in.
    Submit,
    /// The desk writes down what came on paper.
    Write,
    /// The desk writes down a visit.
    Visit,
    /// It is accepted.
    Accept,
    /// It is sent back.
    Return,
    /// It comes to nothing.
    Withdraw,
}

/// To which state it comes; none where it is there already.
///
/// # Errors
/// `enrolment_not_open`.
pub(super) fn step(state: EnrolmentState, step: Step) -> Result<Option<EnrolmentState>, Code> {
    use EnrolmentState::{Accepted, Draft, Returned, Submitted, Withdrawn};
    match (state, step) {
        (Draft | Returned, Step::Fill) | (Draft | Returned | Submitted, Step::Visit) => Ok(Some(state)),
        (Draft | Returned, Step::Submit) | (Draft | Returned | Submitted, Step::Write) => Ok(Some(Submitted)),
        (Submitted, Step::Accept) => Ok(Some(Accepted)),
        (Submitted, Step::Return) => Ok(Some(Returned)),
        (Draft | Returned | Submitted, Step::Withdraw) => Ok(Some(Withdrawn)),
        (Submitted, Step::Submit)
        | (Accepted, Step::Accept)
        | (Returned, Step::Return)
        | (Withdrawn, Step::Withdraw) => Ok(None),
        (Draft | Returned, Step::Accept)
        | (Draft, Step::Return)
        | (Submitted, Step::Fill)
        | (Accepted, Step::Fill | Step::Submit | Step::Write | Step::Visit | Step::Return | Step::Withdraw)
        | (Withdrawn, Step::Fill | Step::Submit | Step::Write | Step::Visit | Step::Accept | Step::Return) => {
            Err(Code::EnrolmentNotOpen)
        }
    }
}

/// What the rules of a region ask of a new office.
pub(super) fn asked(profile: &Profile) -> EnrolmentRules {
    let papers = profile.forms_new_office.iter().filter_map(|form| match form {
        Form::Application => Some(PaperKind::Application),
        Form::HeadPledge => Some(PaperKind::HeadPledge),
        Form::AdminPledge => Some(PaperKind::AdminPledge),
        // Of each person: no paper of the office.
        Form::StaffPledge
        | Form::IdRequest
        | Form::ChangeNotice
        | Form::AnyNotice
        | Form::RoleExplanation => None,
    });
    EnrolmentRules {
        papers: papers.collect(),
        area: profile.area.clone(),
        asks_earlier_id: profile.outside_offices == OutsideOffices::SameFormsAndEarlierId,
        asks_involvement: profile.outside_offices == OutsideOffices::WorkingWithTheArea,
        visit_instead: profile.enrolment_waiver == EnrolmentWaiver::SiteVisit,
        min_admins: profile.min_admins.0,
        explained: profile.admin_grant_explained,
        admin_must_hold: profile.admin_must_hold.iter().copied().collect(),
    }
}

/// Whether it lies outside the area of the region (K-14).
pub(super) fn is_outside(form: &EnrolmentForm, rules: &EnrolmentRules) -> bool {
    !rules.area.is_empty() && !rules.area.contains(&form.municipality)
}

/// Whether the questions for an office from outside are answered (K-15).
///
/// # Errors
/// `prior_issue_unanswered` (000§3d); `involvement_missing` (001§8-2).
pub(super) fn let_from_outside(form: &EnrolmentForm, rules: &EnrolmentRules) -> Result<(), Code> {
    if !is_outside(form, rules) {
        return Ok(());
    }
    let says_by_whom = |id: &tsumugi_protocol::EarlierId| !id.is_issued || id.by.is_some();
    if rules.asks_earlier_id && !form.earlier_id.as_ref().is_some_and(says_by_whom) {
        return Err(Code::PriorIssueUnanswered);
    }
    if rules.asks_involvement && form.works_with.is_none() {
        return Err(Code::InvolvementMissing);
    }
    Ok(())
}

/// What an acceptance waits for, in the order in which it is refused.
pub(super) fn missing(
    body: &EnrolmentBody,
    papers: &[PaperRow],
    rules: &EnrolmentRules,
) -> Vec<EnrolmentMissing> {
    let whole = |item| EnrolmentMissing { item, affiliation: None };
    let Some(form) = &body.form else { return vec![whole(EnrolmentItem::Office)] };
    let mut missing = Vec::new();
    if form.people.is_empty() {
        missing.push(whole(EnrolmentItem::People));
    }
    match let_from_outside(form, rules) {
        Err(Code::PriorIssueUnanswered) => missing.push(whole(EnrolmentItem::EarlierId)),
        Err(_) => missing.push(whole(EnrolmentItem::Involvement)),
        Ok(()) => {}
    }
    if body.visit.is_none() {
        missing.extend(missing_papers(form, papers, rules));
    }
    let admins: Vec<&EnrolledPerson> = form.people.iter().filter(|person| person.is_admin).collect();
    if admins.len() < usize::try_from(rules.min_admins).unwrap_or(usize::MAX) {
        missing.push(whole(EnrolmentItem::Admins));
    }
    let mut held: BTreeSet<GovernanceRole> = BTreeSet::new();
    for admin in admins {
        let of_her = |item| EnrolmentMissing { item, affiliation: Some(admin.affiliation) };
        if rules.explained && admin.explained_on.is_none() {
            missing.push(of_her(EnrolmentItem::Explanation));
        }
        // One duty, one holder.
        let holds = admin.holds.filter(|duty| rules.admin_must_hold.contains(duty));
        if !rules.admin_must_hold.is_empty() && !holds.is_some_and(|duty| held.insert(duty)) {
            missing.push(of_her(EnrolmentItem::Duty));
        }
    }
    missing
}

fn missing_papers(
    form: &EnrolmentForm,
    papers: &[PaperRow],
    rules: &EnrolmentRules,
) -> Vec<EnrolmentMissing> {
    let is_there = |kind, of: Option<AffiliationId>| {
        papers.iter().any(|paper| paper.kind == kind && paper.affiliation == of && paper.is_complete())
    };
    let mut missing = Vec::new();
    for kind in &rules.papers {
        match kind {
            PaperKind::Application if !is_there(*kind, None) => {
                missing.push(EnrolmentMissing { item: EnrolmentItem::Application, affiliation: None });
            }
            PaperKind::HeadPledge if !is_there(*kind, None) => {
                missing.push(EnrolmentMissing { item: EnrolmentItem::HeadPledge, affiliation: None });
            }
            PaperKind::AdminPledge => {
                let admins =
                    form.people.iter().filter(|person| person.is_admin).map(|person| person.affiliation);
                missing.extend(admins.filter(|admin| !is_there(*kind, Some(*admin))).map(|admin| {
                    EnrolmentMissing { item: EnrolmentItem::AdminPledge, affiliation: Some(admin) }
                }));
            }
            PaperKind::Application | PaperKind::HeadPledge => {}
        }
    }
    missing
}

/// Whether nothing is missing any more.
///
/// # Errors
/// `bad_field`, `prior_issue_unanswered`, `involvement_missing`; `office_documents_missing`, `admin_pledge_missing` with what is missing;
/// `admins_missing`; `role_explanation_missing`; `governance_role_missing`.
pub(super) fn let_accept(
    form: Option<&EnrolmentForm>,
    missing: &[EnrolmentMissing],
    rules: &EnrolmentRules,
) -> Result<(), Refusal> {
    let Some(first) = missing.first() else { return Ok(()) };
    Err(match first.item {
        EnrolmentItem::Office => Refusal::new(Code::BadField).with("field", "form"),
        EnrolmentItem::People => Refusal::new(Code::BadField).with("field", "people"),
        EnrolmentItem::EarlierId => Code::PriorIssueUnanswered.into(),
        EnrolmentItem::Involvement => Code::InvolvementMissing.into(),
        EnrolmentItem::Application | EnrolmentItem::HeadPledge => {
            let papers = missing.iter().map(|one| one.item);
            let papers =
                papers.filter(|item| matches!(item, EnrolmentItem::Application | EnrolmentItem::HeadPledge));
            let names: Vec<&str> = papers.map(EnrolmentItem::as_str).collect();
            Refusal::new(Code::OfficeDocumentsMissing).with("missing", names.join(", "))
        }
        EnrolmentItem::AdminPledge => {
            let hers = missing.iter().filter(|one| one.item == EnrolmentItem::AdminPledge);
            let people = form.map(|form| form.people.as_slice()).unwrap_or_default();
            let of = |one: &EnrolmentMissing| {
                people
                    .iter()
                    .find(|person| Some(person.affiliation) == one.affiliation)
                    .map(|one| one.name.as_str())
            };
            let names: Vec<&str> = hers.filter_map(of).collect();
            Refusal::new(Code::AdminPledgeMissing).with("missing", names.join(", "))
        }
        EnrolmentItem::Admins => Refusal::new(Code::AdminsMissing).with("limit", rules.min_admins),
        EnrolmentItem::Explanation => Code::RoleExplanationMissing.into(),
        EnrolmentItem::Duty => Code::GovernanceRoleMissing.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::FORMAT;
    use tsumugi_protocol::{EarlierId, Occupation, OfficeKind, SignedHow, SiteVisit};
    use uuid::Uuid;

    #[test]
    fn from_which_state_to_which() {
        use EnrolmentState::{Accepted, Draft, Returned, Submitted, Withdrawn};
        use Step::{Accept, Fill, Return, Submit, Visit, Withdraw, Write};
        let no = Err(Code::EnrolmentNotOpen);
        let to = |state| Ok(Some(state));
        for (state, expected) in [
            (Draft, [to(Draft), to(Submitted), to(Submitted), to(Draft), no, no, to(Withdrawn)]),
            (
                Returned,
                [to(Returned), to(Submitted), to(Submitted), to(Returned), no, Ok(None), to(Withdrawn)],
            ),
            (
                Submitted,
                [no, Ok(None), to(Submitted), to(Submitted), to(Accepted), to(Returned), to(Withdrawn)],
            ),
            (Accepted, [no, no, no, no, Ok(None), no, no]),
            (Withdrawn, [no, no, no, no, no, no, Ok(None)]),
        ] {
            let steps = [Fill, Submit, Write, Visit, Accept, Return, Withdraw];
            assert_eq!(steps.map(|one| step(state, one)), expected, "{state:?}");
        }
    }

    fn rules(papers: &[PaperKind]) -> EnrolmentRules {
        EnrolmentRules {
            papers: papers.to_vec(),
            area: vec!["ひなた市".to_owned()],
            asks_earlier_id: false,
            asks_involvement: false,
            visit_instead: false,
            min_admins: 1,
            explained: true,
            admin_must_hold: vec![GovernanceRole::SystemManager, GovernanceRole::PrivacyOfficer],
        }
    }

    fn person(id: u128, is_admin: bool) -> EnrolledPerson {
        EnrolledPerson {
            affiliation: AffiliationId(Uuid::from_u128(id)),
            name: format!("人{id}"),
            kana: String::new(),
            occupation: Occupation::Nurse,
            sex: None,
            email: String::new(),
            is_head: false,
            is_admin,
            explained_on: Some("2026-01-05".to_owned()),
            holds: Some(GovernanceRole::SystemManager),
        }
    }

    fn body(municipality: &str, people: Vec<EnrolledPerson>) -> EnrolmentBody {
        let form = EnrolmentForm {
            name: "日向".to_owned(),
            kana: String::new(),
            kind: OfficeKind::Clinic,
            municipality: municipality.to_owned(),
            postal_code: String::new(),
            address: String::new(),
            phone: String::new(),
            fax: None,
            head: String::new(),
            dated: String::new(),
            earlier_id: None,
            works_with: None,
            people,
            signs_application: false,
            signs_pledge: false,
        };
        EnrolmentBody {
            v: FORMAT,
            name: String::new(),
            email: String::new(),
            form: Some(form),
            visit: None,
            reasons: Vec::new(),
        }
    }

    fn paper(kind: PaperKind, of: Option<u128>, received: bool, copied: bool) -> PaperRow {
        let day = |there: bool| there.then(|| "2026-01-06".to_owned());
        PaperRow {
            kind,
            affiliation: of.map(|id| AffiliationId(Uuid::from_u128(id))),
            how: SignedHow::Seal,
            signed_on: "2026-01-05".to_owned(),
            received_on: day(received),
            copy_kept_on: day(copied),
        }
    }

    fn refused(body: &EnrolmentBody, papers: &[PaperRow], rules: &EnrolmentRules) -> Option<Code> {
        let missing = missing(body, papers, rules);
        let_accept(body.form.as_ref(), &missing, rules).err().map(|refusal| refusal.code)
    }

    #[test]
    fn what_an_acceptance_waits_for() {
        use PaperKind::{AdminPledge, Application, HeadPledge};
        let two = rules(&[Application, HeadPledge]);
        let each = rules(&[AdminPledge]);
        let at_home = body("ひなた市", vec![person(1, true), person(2, false)]);
        let both = [paper(Application, None, true, false), paper(HeadPledge, None, true, false)];
        let visit = SiteVisit {
            on: "2026-01-05".to_owned(),
            visitor: "事".to_owned(),
            confirmed_by: "長".to_owned(),
            affiliation_seen: true,
            consent_seen: true,
        };
        let with = |people: Vec<EnrolledPerson>| body("ひなた市", people);
        for (body, papers, rules, expected) in [
            (&at_home, both.as_slice(), &two, None),
            (&at_home, both.get(..1).unwrap_or_default(), &two, Some(Code::OfficeDocumentsMissing)),
            (&at_home, both.get(1..).unwrap_or_default(), &two, Some(Code::OfficeDocumentsMissing)),
            (
                &at_home,
                &[both[0].clone(), paper(HeadPledge, None, false, true)],
                &two,
                Some(Code::OfficeDocumentsMissing),
            ),
            (&EnrolmentBody { visit: Some(visit), ..with(vec![person(1, true)]) }, &[], &two, None),
            (&at_home, &[paper(AdminPledge, Some(1), true, true)], &each, None),
            (&at_home, &[paper(AdminPledge, Some(1), true, false)], &each, Some(Code::AdminPledgeMissing)),
            (&at_home, &[paper(AdminPledge, Some(1), false, true)], &each, Some(Code::AdminPledgeMissing)),
            (&at_home, &[paper(AdminPledge, Some(2), true, true)], &each, Some(Code::AdminPledgeMissing)),
            (&with(vec![]), &both, &two, Some(Code::BadField)),
            (&with(vec![person(1, false)]), &both, &two, Some(Code::AdminsMissing)),
            (&with(vec![person(1, true), person(2, true)]), &both, &two, Some(Code::GovernanceRoleMissing)),
            (
                &with(vec![EnrolledPerson { explained_on: None, ..person(1, true) }]),
                &both,
                &two,
                Some(Code::RoleExplanationMissing),
            ),
            (&EnrolmentBody { form: None, ..with(vec![]) }, &both, &two, Some(Code::BadField)),
        ] {
            assert_eq!(refused(body, papers, rules), expected, "{papers:?} {:?}", rules.papers);
        }
    }

    #[test]
    fn what_an_office_from_outside_answers() {
        let ids = EnrolmentRules { asks_earlier_id: true, ..rules(&[]) };
        let works = EnrolmentRules { asks_involvement: true, ..rules(&[]) };
        let anywhere = EnrolmentRules { area: Vec::new(), ..ids.clone() };
        let id = |is_issued, by: Option<&str>| Some(EarlierId { is_issued, by: by.map(str::to_owned) });
        for (place, earlier_id, works_with, rules, expected) in [
            ("ひなた市", None, None, &ids, Ok(())),
            ("ひなた市", None, None, &works, Ok(())),
            ("遠い町", None, None, &rules(&[]), Ok(())),
            ("遠い町", None, None, &anywhere, Ok(())),
            ("遠い町", None, Some("こだま"), &ids, Err(Code::PriorIssueUnanswered)),
            ("遠い町", id(true, None), None, &ids, Err(Code::PriorIssueUnanswered)),
            ("遠い町", id(true, Some("隣の医師会")), None, &ids, Ok(())),
            ("遠い町", id(false, None), None, &ids, Ok(())),
            ("遠い町", id(false, None), None, &works, Err(Code::InvolvementMissing)),
            ("遠い町", None, Some("こだま"), &works, Ok(())),
        ] {
            let form = body(place, vec![]).form.map(|form| EnrolmentForm {
                earlier_id,
                works_with: works_with.map(str::to_owned),
                ..form
            });
            assert_eq!(form.map(|form| let_from_outside(&form, rules)), Some(expected), "{place}");
        }
    }
}
