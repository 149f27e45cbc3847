//! What an applicant, or the desk for her, filled in: as far as it is there, or whole.

use super::rules::let_from_outside;
use crate::accounts::{Address, DisplayName};
use crate::posts::Text;
use jiff::civil::Date;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    Code, EarlierId, EnrolledPerson, EnrolmentForm, EnrolmentRules, Millis, Occupation, Refusal, limits,
};

/// A form as it is kept.
pub(super) struct Filled(pub EnrolmentForm);

impl Filled {
    /// What is there so far; empty lines are none yet.
    ///
    /// # Errors
    /// `bad_field` for lines that are too long, for patients and families, and for more people than fit.
    pub fn so_far(form: EnrolmentForm) -> Result<Self, Refusal> {
        if form.people.len() > limits::ENROLLED_PEOPLE {
            return Err(bad("people"));
        }
        let places: BTreeSet<_> = form.people.iter().map(|person| person.affiliation).collect();
        if places.len() < form.people.len() {
            return Err(bad("people"));
        }
        let earlier_id = match form.earlier_id {
            Some(id) => Some(EarlierId { is_issued: id.is_issued, by: some(id.by, "earlier_id")? }),
            None => None,
        };
        Ok(Self(EnrolmentForm {
            name: line(&form.name, "name")?,
            kana: line(&form.kana, "kana")?,
            kind: form.kind,
            municipality: line(&form.municipality, "municipality")?,
            postal_code: line(&form.postal_code, "postal_code")?,
            address: line(&form.address, "address")?,
            phone: line(&form.phone, "phone")?,
            fax: some(form.fax, "fax")?,
            head: line(&form.head, "head")?,
            dated: line(&form.dated, "dated")?,
            earlier_id,
            works_with: some(form.works_with, "works_with")?,
            people: form.people.into_iter().map(person).collect::<Result<_, _>>()?,
            signs_application: form.signs_application,
            signs_pledge: form.signs_pledge,
        }))
    }

    /// A form that can be handed in.
    ///
    /// # Errors
    /// As [`Filled::so_far`]; `bad_field` for what is left out, and for days that are none or still to come; `email_in_use` for one
    /// address in two rows (000-form1); as [`DisplayName::decide`]; as [`let_from_outside`].
    pub fn whole(form: EnrolmentForm, rules: &EnrolmentRules, now: Millis) -> Result<Self, Refusal> {
        let filled = Self::so_far(form)?;
        let form = &filled.0;
        for (field, text) in [
            ("name", &form.name),
            ("kana", &form.kana),
            ("municipality", &form.municipality),
            ("address", &form.address),
            ("phone", &form.phone),
            ("head", &form.head),
        ] {
            if text.is_empty() {
                return Err(bad(field));
            }
        }
        day(&form.dated, "dated", now)?;
        if form.people.is_empty() {
            return Err(bad("people"));
        }
        let mut addresses = BTreeSet::new();
        for person in &form.people {
            DisplayName { name: &person.name, office: Some(&form.name) }.decide()?;
            if person.kana.is_empty() {
                return Err(bad("kana"));
            }
            let address = Address::read(&person.email).ok_or_else(|| bad("email"))?;
            if !addresses.insert(address.as_str().to_owned()) {
                return Err(Code::EmailInUse.into());
            }
            if let Some(on) = &person.explained_on {
                day(on, "explained_on", now)?;
            }
        }
        let_from_outside(form, rules)?;
        Ok(filled)
    }
}

fn bad(field: &'static str) -> Refusal {
    Refusal::new(Code::BadField).with("field", field)
}

fn line(typed: &str, field: &'static str) -> Result<String, Refusal> {
    match typed.trim().is_empty() {
        true => Ok(String::new()),
        false => Text::line(typed, limits::ENROLMENT_CHARS).ok_or_else(|| bad(field)),
    }
}

fn some(typed: Option<String>, field: &'static str) -> Result<Option<String>, Refusal> {
    let typed = typed.map(|typed| line(&typed, field)).transpose()?;
    Ok(typed.filter(|text| !text.is_empty()))
}

fn person(person: EnrolledPerson) -> Result<EnrolledPerson, Refusal> {
    if matches!(person.occupation, Occupation::Family | Occupation::Patient) {
        return Err(bad("occupation"));
    }
    let name = |typed: &str, field| match typed.trim().is_empty() {
        true => Ok(String::new()),
        false => Text::line(typed, limits::NAME_CHARS).ok_or_else(|| bad(field)),
    };
    Ok(EnrolledPerson {
        affiliation: person.affiliation,
        name: name(&person.name, "name")?,
        kana: name(&person.kana, "kana")?,
        occupation: person.occupation,
        sex: some(person.sex, "sex")?,
        email: line(&person.email, "email")?,
        is_head: person.is_head,
        is_admin: person.is_admin,
        explained_on: some(person.explained_on, "explained_on")?,
        holds: person.holds,
    })
}

/// A day as it was typed (YYYY-MM-DD); none that is still to come in Japan.
///
/// # Errors
/// `bad_field`.
pub(super) fn day(typed: &str, field: &'static str, now: Millis) -> Result<Date, Refusal> {
    let day = typed.parse::<Date>().ok().filter(|day| today(now).is_some_and(|today| *day <= today));
    day.ok_or_else(|| bad(field))
}

/// What day it is in Japan.
pub(super) fn today(now: Millis) -> Option<Date> {
    let now = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(now.in_tz("Asia/Tokyo").ok()?.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AffiliationId, OfficeKind};
    use uuid::Uuid;

    // 2026-03-01 00:00 in Tokyo.
    const NOW: Millis = Millis(1_772_290_800_000);

    fn rules() -> EnrolmentRules {
        EnrolmentRules {
            papers: Vec::new(),
            area: Vec::new(),
            asks_earlier_id: false,
            asks_involvement: false,
            visit_instead: false,
            min_admins: 1,
            explained: false,
            admin_must_hold: Vec::new(),
        }
    }

    fn row(id: u128, email: &str) -> EnrolledPerson {
        EnrolledPerson {
            affiliation: AffiliationId(Uuid::from_u128(id)),
            name: format!("人{id}"),
            kana: "ひと".to_owned(),
            occupation: Occupation::Nurse,
            sex: Some(" ".to_owned()),
            email: email.to_owned(),
            is_head: false,
            is_admin: true,
            explained_on: None,
            holds: None,
        }
    }

    fn form() -> EnrolmentForm {
        EnrolmentForm {
            name: " 日向訪看 ".to_owned(),
            kana: "ひなたほうかん".to_owned(),
            kind: OfficeKind::NursingStation,
            municipality: "ひなた市".to_owned(),
            postal_code: String::new(),
            address: "一丁目".to_owned(),
            phone: "000".to_owned(),
            fax: None,
            head: "長".to_owned(),
            dated: "2026-03-01".to_owned(),
            earlier_id: None,
            works_with: None,
            people: vec![row(1, "a@new.example"), row(2, "b@new.example")],
            signs_application: false,
            signs_pledge: false,
        }
    }

    #[test]
    fn what_can_be_handed_in() {
        type Change = fn(&mut EnrolmentForm);
        let changes: [(Change, Option<Code>); 12] = [
            (|_| {}, None),
            (|form| form.postal_code = String::new(), None),
            (|form| form.name = " ".to_owned(), Some(Code::BadField)),
            (|form| form.head = String::new(), Some(Code::BadField)),
            (|form| form.dated = "2026-03-02".to_owned(), Some(Code::BadField)),
            (|form| form.dated = "きのう".to_owned(), Some(Code::BadField)),
            (|form| form.people = Vec::new(), Some(Code::BadField)),
            (
                |form| form.people = vec![row(1, "a@new.example"), row(2, "Ａ@new.example")],
                Some(Code::EmailInUse),
            ),
            (
                |form| form.people = vec![row(1, "a@new.example"), row(1, "b@new.example")],
                Some(Code::BadField),
            ),
            (|form| form.people = vec![row(1, "だれか")], Some(Code::BadField)),
            (
                |form| {
                    form.people =
                        vec![EnrolledPerson { name: "日向訪看".to_owned(), ..row(1, "a@new.example") }]
                },
                Some(Code::DisplayNameOfficeOnly),
            ),
            (
                |form| {
                    form.people =
                        vec![EnrolledPerson { occupation: Occupation::Family, ..row(1, "a@new.example") }];
                },
                Some(Code::BadField),
            ),
        ];
        for (nth, (change, expected)) in changes.into_iter().enumerate() {
            let mut form = form();
            change(&mut form);
            let refused = Filled::whole(form, &rules(), NOW).err().map(|refusal| refusal.code);
            assert_eq!(refused, expected, "change {nth}");
        }
        let kept = Filled::whole(form(), &rules(), NOW).map(|filled| filled.0).ok();
        assert_eq!(kept.as_ref().map(|form| form.name.as_str()), Some("日向訪看"));
        assert_eq!(kept.and_then(|form| form.people.into_iter().next()).and_then(|person| person.sex), None);
    }

    #[test]
    fn a_form_is_kept_as_far_as_it_is_there() {
        let empty = EnrolmentForm { name: String::new(), people: Vec::new(), dated: String::new(), ..form() };
        assert!(Filled::so_far(empty).is_ok());
        let long = EnrolmentForm { address: "あ".repeat(limits::ENROLMENT_CHARS + 1), ..form() };
        assert!(Filled::so_far(long).is_err());
        let many = (0..=limits::ENROLLED_PEOPLE).map(|nth| row(nth as u128, "")).collect();
        assert!(Filled::so_far(EnrolmentForm { people: many, ..form() }).is_err());
    }
}
