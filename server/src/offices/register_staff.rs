//! Registering somebody who works for an office (000§8e): her account, her place there, and the link by which she comes in.

use super::running::Running;
use super::{OfficeBody, store};
use crate::accounts::store::{NewAccount, NewAffiliation};
use crate::accounts::{self, AccountBody, Address, CardBody, DisplayName, LinkPurpose, MailedLink};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::keys::KeyKind;
use crate::crypto::random;
use crate::crypto::seal::Key;
use crate::error::{Fault, Result};
use crate::posts::Text;
use crate::sessions::Session;
use crate::staff_changes::NewId;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    CardId, Code, Done, Millis, Occupation, PersonKind, Refusal, RegionId, RegisterStaff, limits,
};

/// Makes the account and mails its holder a link to her first sign-in; whoever asks never sees it, nor any password.
///
/// A retry with the same ids and the same words changes nothing more.
///
/// # Errors
/// `bad_field`; as [`Running::decide`]; `id_taken`; as [`DisplayName::decide`]; `email_in_use`, wherever that account is;
/// `mail_not_configured`; `account_restricted`.
pub async fn register_staff(app: &App, who: &Arc<Session>, ask: RegisterStaff) -> Result<Done> {
    who.let_write()?;
    let person = Typed::of((&ask.name, &ask.kana), &ask.email, ask.occupation)?;
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    let place = {
        let mut view = app.store.view().await?;
        match registering(app, view.conn(), who, &ask, &person).await? {
            Registering::Stands => return Ok(Done {}),
            Registering::New(place) => place,
        }
    };
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let key = app.keys.ready(app.keys.make(KeyKind::Account).await?).await?;
    let (account, affiliation) = person.rows(app, &ask, &place, &key)?;
    let link = MailedLink::of(app, LinkPurpose::First);
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let place = match registering(&inner, tx.conn(), &who, &ask, &person).await? {
                Registering::Stands => return Ok(Done {}),
                Registering::New(place) => place,
            };
            tx.register(&inner, Some(&who), (&ask, place.region), (&account, &affiliation, &link), now)
                .await?;
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// Keeps somebody's account and place, asks for her pledge, tells whom the rules name, and mails her link.
    pub(super) async fn register(
        &mut self,
        app: &App,
        by: Option<&Session>,
        (ask, region): (&RegisterStaff, RegionId),
        (account, affiliation, link): (&NewAccount, &NewAffiliation, &MailedLink),
        now: Millis,
    ) -> Result<()> {
        self.insert_account(account, now).await?;
        self.insert_affiliation(affiliation, now).await?;
        self.ask_newcomer(app, ask.affiliation, now).await?;
        self.note_newcomer(app, ask.affiliation, NewId::Made, by.map(|who| who.account), now).await?;
        let row = accounts::store::account(self.conn(), ask.account).await?;
        let row = row.ok_or_else(|| Fault::noticed("finding an account that was just made"))?;
        link.send(app, self, &row, now).await?;
        let entry = Entry {
            at: now,
            act: "offices.register_staff",
            account: by.map(|who| who.account),
            session: by.map(|who| who.id),
            region: Some(region),
            subject: Some(ask.account.0),
            detail: Some(format!(r#"{{"office":"{}","affiliation":"{}"}}"#, ask.office, ask.affiliation)),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        Ok(())
    }
}

/// What was typed, fit to be stored.
pub(super) struct Typed {
    pub name: String,
    pub kana: String,
    pub email: Address,
}

impl Typed {
    /// A name that is empty is left to the rule of names, which says more.
    ///
    /// # Errors
    /// `bad_field`.
    pub fn of((name, kana): (&str, &str), email: &str, occupation: Occupation) -> Result<Self, Refusal> {
        let wrong = |field| Refusal::new(Code::BadField).with("field", field);
        let line = |typed: &str, field| match typed.trim().is_empty() {
            true => Ok(String::new()),
            false => Text::line(typed, limits::NAME_CHARS).ok_or_else(|| wrong(field)),
        };
        if matches!(occupation, Occupation::Family | Occupation::Patient) {
            return Err(wrong("occupation"));
        }
        let email = Address::read(email).ok_or_else(|| wrong("email"))?;
        Ok(Self { name: line(name, "name")?, kana: line(kana, "kana")?, email })
    }

    /// The rows to be, sealed with the account's own key.
    pub fn rows(
        &self,
        app: &App,
        ask: &RegisterStaff,
        place: &Place,
        key: &Key,
    ) -> Result<(NewAccount, NewAffiliation)> {
        let body = AccountBody {
            v: FORMAT,
            name: self.name.clone(),
            kana: self.kana.clone(),
            email: self.email.as_str().to_owned(),
        };
        let card = CardId(random::new_id(&app.clock));
        let face = CardBody {
            v: FORMAT,
            kind: PersonKind::Staff,
            name: self.name.clone(),
            kana: self.kana.clone(),
            office: Some(place.office.clone()),
            occupation: ask.occupation,
            relation: None,
            mark: None,
        };
        let account = NewAccount {
            id: ask.account,
            kind: PersonKind::Staff,
            lang: ask.lang,
            email_hash: AccountBody::found_by(app, self.email.as_str()).as_bytes().to_vec(),
            password_hash: None,
            key_id: key.id().0,
            sealed: body.sealed(key, ask.account)?,
        };
        let affiliation = NewAffiliation {
            id: ask.affiliation,
            account: ask.account,
            region: place.region,
            office: Some(ask.office),
            patient: None,
            occupation: ask.occupation.as_str(),
            card,
            card_sealed: face.sealed(key, card)?,
            roles: Vec::new(),
        };
        Ok((account, affiliation))
    }
}

/// Where she is to work.
#[derive(Clone)]
pub(super) struct Place {
    pub region: RegionId,
    pub office: String,
}

/// What registering comes to.
pub(super) enum Registering {
    /// She is registered, in these words.
    Stands,
    /// She may be.
    New(Place),
}

/// What is known beside the office itself.
#[derive(Debug, Clone, Copy)]
struct Facts {
    running: Running,
    /// Whether one of the ids stands for something: then, whether for just this.
    stands: Option<bool>,
    is_email_taken: bool,
}

/// Whether she may be registered; nothing to do where she is.
fn decide(facts: Facts, name: &str, office: &str) -> Result<bool, Code> {
    facts.running.decide()?;
    match facts.stands {
        Some(true) => return Ok(false),
        Some(false) => return Err(Code::IdTaken),
        None => {}
    }
    DisplayName { name, office: Some(office) }.decide()?;
    if facts.is_email_taken { Err(Code::EmailInUse) } else { Ok(true) }
}

async fn registering(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &RegisterStaff,
    person: &Typed,
) -> Result<Registering> {
    let running = Running::of(conn, who.account, Some(ask.office)).await?;
    running.decide()?;
    weighed(app, conn, running, ask, person).await
}

/// What registering her comes to, for whoever is that to the office.
pub(super) async fn weighed(
    app: &App,
    conn: &mut Conn,
    running: Running,
    ask: &RegisterStaff,
    person: &Typed,
) -> Result<Registering> {
    let office = store::office(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let name = bodies::open::<OfficeBody>(app, ask.office, &office.sealed).await?.name;
    let hash = AccountBody::found_by(app, person.email.as_str());
    let facts = Facts {
        running,
        stands: stands(app, conn, ask, person).await?,
        is_email_taken: accounts::store::account_by_email(conn, hash.as_bytes()).await?.is_some(),
    };
    match decide(facts, &person.name, &name)? {
        true => Ok(Registering::New(Place { region: office.region, office: name })),
        false => Ok(Registering::Stands),
    }
}

async fn stands(app: &App, conn: &mut Conn, ask: &RegisterStaff, person: &Typed) -> Result<Option<bool>> {
    let account = accounts::store::account(conn, ask.account).await?;
    let place = accounts::store::place(conn, ask.affiliation).await?;
    let (account, place) = match (account, place) {
        (None, None) => return Ok(None),
        (Some(account), Some(place)) => (account, place),
        _ => return Ok(Some(false)),
    };
    let is_here = place.account == ask.account && place.office == Some(ask.office) && !place.has_ended;
    if !is_here || place.occupation != ask.occupation.as_str() || account.lang != ask.lang {
        return Ok(Some(false));
    }
    let body: AccountBody = bodies::open(app, account.id, &account.sealed).await?;
    let is_same = body.name == person.name && body.kana == person.kana && body.email == person.email.as_str();
    Ok(Some(is_same))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_registered_by_table() {
        let admin = Running { runs_it: true, is_admin: true };
        let facts = Facts { running: admin, stands: None, is_email_taken: false };
        let other = Facts { running: Running { runs_it: false, is_admin: true }, ..facts };
        let nobody = Facts { running: Running { runs_it: false, is_admin: false }, ..facts };
        let taken = Facts { is_email_taken: true, ..facts };
        for (facts, name, expected) in [
            (facts, "山田 花子", Ok(true)),
            (taken, "山田 花子", Err(Code::EmailInUse)),
            (Facts { stands: Some(true), ..taken }, "山田 花子", Ok(false)),
            (Facts { stands: Some(false), ..facts }, "山田 花子", Err(Code::IdTaken)),
            (facts, "", Err(Code::DisplayNameOfficeOnly)),
            (facts, "日向訪看", Err(Code::DisplayNameOfficeOnly)),
            (taken, "山田／日向訪看", Err(Code::DisplayNameFormat)),
            (Facts { stands: Some(true), ..other }, "山田 花子", Err(Code::OtherOffice)),
            (Facts { is_email_taken: true, ..other }, "山田 花子", Err(Code::OtherOffice)),
            (nobody, "山田 花子", Err(Code::OfficeAdminOnly)),
        ] {
            assert_eq!(decide(facts, name, "日向訪看"), expected, "{facts:?} {name}");
        }
    }
}
