//! What is on the paper, read and held against what the region asks for: who signed, who explained it, what was objected to.

use super::ConsentBody;
use crate::bodies::FORMAT;
use crate::clock::Millis;
use crate::error::Result;
use crate::patients::PatientBody;
use crate::policy::{ConsentForm, ConsentWaiver as Waiver, ItemAbout, Profile, Signatory};
use crate::posts::Text;
use tsumugi_protocol::{
    Code, ConsentBasis, ConsentCopy, ConsentInstruction, ConsentSignatory, ConsentWaiver, CopyHolder,
    Explainer, Objection, RecordConsent, Refusal, SignatoryRole, limits,
};

/// A consent that says all it has to.
pub(super) struct Paper {
    /// What is sealed of it.
    pub body: ConsentBody,
    /// What was objected to, each once.
    pub objected: Vec<String>,
    /// Whether data may be shared.
    pub shares: bool,
}

impl Paper {
    /// Reads it.
    ///
    /// # Errors
    /// `basis_not_allowed`, `waiver_incomplete`, `signatory_missing`, `proxy_statement_missing`, `explainer_missing`,
    /// `date_invalid`, `bad_field`.
    pub(super) fn read(ask: &RecordConsent, rules: &Profile, now: Millis) -> Result<Self, Refusal> {
        day_that_came(&ask.given_on, now)?;
        let form = rules.consent_form(&ask.form).ok_or_else(|| bad("form"))?;
        let waiver = waiver(ask, rules, now)?;
        let signatories = signatories(ask, rules)?;
        if ask.basis == ConsentBasis::Form {
            signed(&signatories)?;
            if rules.consent_signatories.contains(&Signatory::Explainer) && ask.explainer.is_none() {
                return Err(Code::ExplainerMissing.into());
            }
        }
        let objections = objections(ask, rules, &form)?;
        let copies = ask.copies.iter().map(|copy| held(copy, now)).collect::<Result<Vec<_>, _>>()?;
        if copies.iter().any(|copy| copy.holder == CopyHolder::Physician) {
            return Err(bad("copies")); // She confirms it herself.
        }
        let mut objected: Vec<String> = objections.iter().map(|one| one.item.clone()).collect();
        objected.sort_unstable();
        objected.dedup();
        let shares = !objected.iter().any(|item| ends_sharing(&form, item));
        let explainer = ask.explainer.as_ref().map(explained).transpose()?;
        let instructed = ask.instructed.as_ref().map(|request| asked(request, now)).transpose()?;
        let body = ConsentBody {
            v: FORMAT,
            signatories,
            explainer,
            objections,
            waiver,
            obtained_by: None,
            instructed,
            copies,
            withdrawals: Vec::new(),
        };
        Ok(Self { body, objected, shares })
    }
}

/// A field that is not fit.
pub(super) fn bad(field: &'static str) -> Refusal {
    Refusal::new(Code::BadField).with("field", field)
}

/// A day of the calendar that has come.
///
/// # Errors
/// `date_invalid`.
pub(super) fn day_that_came(written: &str, now: Millis) -> Result<(), Refusal> {
    if PatientBody::has_come(written, now) { Ok(()) } else { Err(Code::DateInvalid.into()) }
}

/// Words beside a consent; none are none.
///
/// # Errors
/// `bad_field`.
pub(super) fn words(written: &str, field: &'static str) -> Result<String, Refusal> {
    match written.trim() {
        "" => Ok(String::new()),
        some => Text::short(some, limits::CONSENT_CHARS)
            .map(|text| text.as_str().to_owned())
            .ok_or_else(|| bad(field)),
    }
}

/// Words that there have to be.
///
/// # Errors
/// `bad_field`.
pub(super) fn said(written: &str, field: &'static str) -> Result<String, Refusal> {
    words(written, field).and_then(|text| if text.is_empty() { Err(bad(field)) } else { Ok(text) })
}

/// Whether an objection to that item ends all sharing here (000-form4-7, c-13).
pub(super) fn ends_sharing(form: &ConsentForm, item: &str) -> bool {
    form.items.iter().any(|one| {
        one.number.to_string() == item && matches!(one.about, ItemAbout::Sharing | ItemAbout::Means)
    })
}

/// Whether there is such an item, or such a purpose on its back.
pub(super) fn has_item(rules: &Profile, form: &ConsentForm, item: &str) -> bool {
    form.items.iter().any(|one| one.number.to_string() == item) || (form.purposes && rules.has_purpose(item))
}

/// Who holds a copy, since when and where.
///
/// # Errors
/// `date_invalid`, `bad_field`.
pub(super) fn held(copy: &ConsentCopy, now: Millis) -> Result<ConsentCopy, Refusal> {
    day_that_came(&copy.on, now)?;
    Ok(ConsentCopy { holder: copy.holder, on: copy.on.clone(), note: said(&copy.note, "note")? })
}

fn asked(request: &ConsentInstruction, now: Millis) -> Result<ConsentInstruction, Refusal> {
    day_that_came(&request.on, now)?;
    Ok(ConsentInstruction { by: request.by, on: request.on.clone(), how: said(&request.how, "how")? })
}

fn explained(by: &Explainer) -> Result<Explainer, Refusal> {
    let missing = by.name.trim().is_empty() || by.office.trim().is_empty();
    if missing {
        return Err(Code::ExplainerMissing.into());
    }
    Ok(Explainer { name: said(&by.name, "explainer")?, office: said(&by.office, "explainer")? })
}

/// What stands for the form, where the region lets anything.
fn waiver(ask: &RecordConsent, rules: &Profile, now: Millis) -> Result<Option<ConsentWaiver>, Refusal> {
    let wanted = match ask.basis {
        ConsentBasis::Form => return Ok(None),
        ConsentBasis::FromBefore => return Err(Code::BasisNotAllowed.into()),
        ConsentBasis::ExistingContract => Waiver::ContractNamingOthers,
        ConsentBasis::PreExistingUse => Waiver::UseConsentedBefore,
        ConsentBasis::OwnForm => Waiver::OwnForm,
        ConsentBasis::Implied => Waiver::Implied,
    };
    if !rules.consent_waivers.contains(&wanted) {
        return Err(Code::BasisNotAllowed.into());
    }
    let incomplete = |missing: &'static str| Refusal::new(Code::WaiverIncomplete).with("missing", missing);
    let given = ask.waiver.as_ref().ok_or_else(|| incomplete("document"))?;
    let is_contract = ask.basis == ConsentBasis::ExistingContract;
    for (name, is_missing) in [
        ("document", given.document.trim().is_empty()),
        ("on", given.on.trim().is_empty()),
        ("confirmed_by", given.confirmed_by.trim().is_empty()),
        ("clause", is_contract && given.clause.trim().is_empty()),
        ("covers_other_offices", is_contract && !given.covers_other_offices),
    ] {
        if is_missing {
            return Err(incomplete(name));
        }
    }
    day_that_came(&given.on, now)?;
    Ok(Some(ConsentWaiver {
        document: said(&given.document, "document")?,
        on: given.on.clone(),
        clause: words(&given.clause, "clause")?,
        confirmed_by: said(&given.confirmed_by, "confirmed_by")?,
        covers_other_offices: given.covers_other_offices,
    }))
}

fn signatories(ask: &RecordConsent, rules: &Profile) -> Result<Vec<ConsentSignatory>, Refusal> {
    let asks = |one| rules.consent_signatories.contains(&one);
    if ask.signatories.len() > limits::SIGNATORIES {
        return Err(bad("signatories"));
    }
    let count = |role| ask.signatories.iter().filter(|one| one.role == role).count();
    for (role, is_asked, most) in [
        (SignatoryRole::Patient, asks(Signatory::Patient), 1),
        (SignatoryRole::Family, asks(Signatory::Family), if asks(Signatory::Relation) { 2 } else { 1 }),
        (SignatoryRole::Representative, asks(Signatory::Representative), 1),
        (SignatoryRole::Proxy, asks(Signatory::ProxyWithStatement), 1),
    ] {
        let most = if is_asked { most } else { 0 };
        if count(role) > most {
            return Err(bad("signatories"));
        }
    }
    let read = |one: &ConsentSignatory| signatory(one, asks(Signatory::Relation));
    ask.signatories.iter().map(read).collect()
}

fn signatory(one: &ConsentSignatory, asks_relation: bool) -> Result<ConsentSignatory, Refusal> {
    if one.name.trim().is_empty() {
        return Err(Code::SignatoryMissing.into());
    }
    let name = Text::line(&one.name, limits::NAME_CHARS).ok_or_else(|| bad("name"))?;
    let relation = words(one.relation.as_deref().unwrap_or_default(), "relation")?;
    match one.role {
        SignatoryRole::Proxy if relation.is_empty() || !one.will_confirmed => {
            return Err(Code::ProxyStatementMissing.into());
        }
        SignatoryRole::Family if asks_relation && relation.is_empty() => return Err(bad("relation")),
        SignatoryRole::Proxy
        | SignatoryRole::Family
        | SignatoryRole::Patient
        | SignatoryRole::Representative => {}
    }
    Ok(ConsentSignatory {
        role: one.role,
        name: name.as_str().to_owned(),
        address: words(&one.address, "address")?,
        relation: Some(relation).filter(|text| !text.is_empty()),
        sealed: one.sealed,
        will_confirmed: one.will_confirmed && one.role == SignatoryRole::Proxy,
    })
}

/// Somebody signed.
fn signed(signatories: &[ConsentSignatory]) -> Result<(), Refusal> {
    if signatories.is_empty() { Err(Code::SignatoryMissing.into()) } else { Ok(()) }
}

fn objections(ask: &RecordConsent, rules: &Profile, form: &ConsentForm) -> Result<Vec<Objection>, Refusal> {
    let may = rules.partial_objection || ask.objections.is_empty();
    if !may || ask.objections.len() > limits::OBJECTIONS {
        return Err(bad("objections"));
    }
    let read = |one: &Objection| {
        if !has_item(rules, form, &one.item) {
            return Err(bad("item"));
        }
        let wording = words(&one.wording, "wording")?;
        Ok(Objection { item: one.item.clone(), wording, evidence: one.evidence })
    };
    ask.objections.iter().map(read).collect()
}
