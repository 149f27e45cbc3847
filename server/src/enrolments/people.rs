//! The first people of an office: who is new gets an account and a link, who has an account is asked to join with it (000§3d,
//! 004-form3※c), and the applicant is not told which.

use super::standing::Case;
use super::store::EnrolledRow;
use crate::accounts::store::{NewAccount, NewAffiliation};
use crate::accounts::{
    self, AccountBody, AdmissionBody, Asking, CardBody, LinkPurpose, MailedLink, NewAdmission,
};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::keys::KeyKind;
use crate::crypto::seal::Key;
use crate::crypto::{random, seal};
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use tsumugi_protocol::{
    AccountId, CardId, Code, EnrolledPerson, EnrolmentForm, Millis, NoticeKind, PersonKind,
};

/// Somebody who has no account yet, ready to be written.
pub(super) struct Newcomer {
    account: NewAccount,
    affiliation: NewAffiliation,
    link: MailedLink,
}

/// Who of them has no account.
pub(super) async fn unknown(app: &App, conn: &mut Conn, form: &EnrolmentForm) -> Result<Vec<EnrolledPerson>> {
    let mut unknown = Vec::new();
    for person in &form.people {
        let hash = AccountBody::found_by(app, &person.email);
        if accounts::store::account_by_email(conn, hash.as_bytes()).await?.is_none() {
            unknown.push(person.clone());
        }
    }
    Ok(unknown)
}

/// Makes their rows, each sealed with a key of her own.
pub(super) async fn prepared(app: &App, case: &Case, people: &[EnrolledPerson]) -> Result<Vec<Newcomer>> {
    let kinds: Vec<KeyKind> = people.iter().map(|_| KeyKind::Account).collect();
    let mut newcomers = Vec::new();
    for (person, key) in people.iter().zip(app.keys.make_many(&kinds).await?) {
        let key = app.keys.ready(key).await?;
        newcomers.push(newcomer(app, case, person, &key)?);
    }
    Ok(newcomers)
}

fn newcomer(app: &App, case: &Case, person: &EnrolledPerson, key: &Key) -> Result<Newcomer> {
    let (id, card) = (AccountId(random::new_id(&app.clock)), CardId(random::new_id(&app.clock)));
    let body = AccountBody {
        v: FORMAT,
        name: person.name.clone(),
        kana: person.kana.clone(),
        email: AccountBody::normal_email(&person.email),
    };
    let face = CardBody {
        v: FORMAT,
        kind: PersonKind::Staff,
        name: person.name.clone(),
        kana: person.kana.clone(),
        office: Some(case.body.office_name().to_owned()),
        occupation: person.occupation,
        relation: None,
        mark: None,
    };
    let account = NewAccount {
        id,
        kind: PersonKind::Staff,
        lang: case.row.lang,
        email_hash: AccountBody::found_by(app, &person.email).as_bytes().to_vec(),
        password_hash: None,
        key_id: key.id().0,
        sealed: body.sealed(key, id)?,
    };
    let affiliation = NewAffiliation {
        id: person.affiliation,
        account: id,
        region: case.row.region,
        office: Some(case.row.office),
        patient: None,
        occupation: person.occupation.as_str(),
        card,
        card_sealed: face.sealed(key, card)?,
        roles: Vec::new(),
    };
    let link = MailedLink::of(app, LinkPurpose::First).good_for(case.profile.enrolment_span());
    Ok(Newcomer { account, affiliation, link })
}

impl Tx {
    /// Brings the first people of an office in that is there now.
    pub(super) async fn enrol_people(
        &mut self,
        app: &App,
        (case, newcomers): (&Case, &[Newcomer]),
        who: &Session,
        now: Millis,
    ) -> Result<()> {
        let people = case.body.form.as_ref().map(|form| form.people.as_slice()).unwrap_or_default();
        let mut arrived: Vec<(&EnrolledPerson, AccountId, Option<&Newcomer>)> = Vec::new();
        for person in people {
            let hash = AccountBody::found_by(app, &person.email);
            let found = accounts::store::account_by_email(self.conn(), hash.as_bytes()).await?;
            let new = newcomers.iter().find(|new| new.affiliation.id == person.affiliation);
            match (found, new) {
                (Some(row), _) => {
                    let joining = self.ask_to_join(app, case, (person, row), who, now).await?;
                    arrived.extend(joining.map(|account| (person, account, None)));
                }
                (None, Some(new)) => {
                    self.insert_account(&new.account, now).await?;
                    self.insert_affiliation(&new.affiliation, now).await?;
                    arrived.push((person, new.account.id, Some(new)));
                }
                (None, None) => return Err(Fault::noticed("an account that was there is gone").into()),
            }
        }
        let head = arrived.iter().find(|(person, ..)| person.is_head).map(|(_, account, _)| *account);
        for (person, account, new) in arrived {
            let row = EnrolledRow {
                affiliation: person.affiliation,
                account,
                is_head: person.is_head,
                is_admin: person.is_admin,
                explained_on: person.explained_on.clone(),
                holds: person.holds,
                appointed_by: head,
            };
            self.insert_enrolled(case.row.id, &row).await?;
            self.record_enrolled(app, case, &row, who, now).await?;
            let Some(new) = new else { continue };
            self.take_up_enrolled(random::new_id(&app.clock), (case.row.office, &row), now).await?;
            let stored = accounts::store::account(self.conn(), account).await?;
            let stored = stored.ok_or_else(|| Fault::noticed("finding an account that was just made"))?;
            new.link.send(app, self, &stored, now).await?;
        }
        Ok(())
    }

    /// Asks somebody to join with the account she has; nobody where she cannot be asked.
    async fn ask_to_join(
        &mut self,
        app: &App,
        case: &Case,
        (person, found): (&EnrolledPerson, accounts::store::AccountRow),
        who: &Session,
        now: Millis,
    ) -> Result<Option<AccountId>> {
        let asked = (case.row.office, person.affiliation);
        let Asking::Somebody(row) = NewAdmission::asking(self.conn(), Some(found), asked, now).await? else {
            return Ok(None);
        };
        let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
        let body = AdmissionBody { v: FORMAT, name: person.name.clone(), kana: person.kana.clone() };
        let new = NewAdmission {
            id: person.affiliation,
            office: case.row.office,
            account: row.id,
            asked_by: who.account,
            occupation: person.occupation.as_str(),
            sealed: body.sealed(&key, person.affiliation)?,
        };
        self.insert_admission(&new, (now, now.plus(NewAdmission::SPAN))).await?;
        Notice::of(NoticeKind::AdmissionAsked)
            .naming(case.body.office_name())
            .tell(app, self, row.id)
            .await?;
        Ok(Some(row.id))
    }

    /// Who was named for what, by whom, and when it was explained (000§7).
    async fn record_enrolled(
        &mut self,
        app: &App,
        case: &Case,
        row: &EnrolledRow,
        who: &Session,
        now: Millis,
    ) -> Result<()> {
        let by = row.appointed_by.map(|by| by.to_string()).unwrap_or_default();
        let entry = Entry {
            subject: Some(row.account.0),
            detail: Some(format!(
                r#"{{"office":"{}","affiliation":"{}","head":{},"admin":{},"by":"{by}","explained_on":"{}"}}"#,
                case.row.office,
                row.affiliation,
                row.is_head,
                row.is_admin,
                row.explained_on.as_deref().unwrap_or_default(),
            )),
            ..case.entry("enrolments.enrol", Some(who), now)
        };
        Ok(app.audit.append(self, &entry).await?)
    }

    /// Lets nobody in under an id that stands for something else.
    ///
    /// # Errors
    /// `id_taken`.
    pub(super) async fn let_places_be_new(&mut self, form: &EnrolmentForm) -> Result<()> {
        for person in &form.people {
            if accounts::store::place(self.conn(), person.affiliation).await?.is_some() {
                return Err(Code::IdTaken.into());
            }
        }
        Ok(())
    }
}
