//! Opening a case: by the desk, for an office that wishes to come in; whoever is to fill in its form gets a link.

use super::EnrolmentBody;
use super::standing::at_the_desk;
use super::store::{self, NewEnrolment};
use crate::accounts::{Address, MailedForm};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::keys::KeyKind;
use crate::error::Result;
use crate::offices;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, OpenEnrolment, Refusal, limits};

/// Opens it. Nothing of the office is there by that. The same again changes nothing, and mails nothing.
///
/// # Errors
/// `bad_field`; `not_found` for whoever is not of that region's desk; `id_taken`; `mail_not_configured`; `account_restricted`.
pub async fn open(app: &App, who: &Arc<Session>, ask: OpenEnrolment) -> Result<Done> {
    who.let_write()?;
    let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    let name = Text::line(&ask.name, limits::NAME_CHARS).ok_or_else(|| bad("name"))?;
    let to = Address::read(&ask.email).ok_or_else(|| bad("email"))?;
    {
        // Rules first, in a view: a refused or repeated ask must not leave a key behind.
        let mut view = app.store.view().await?;
        if !opening(view.conn(), who, &ask).await? {
            return Ok(Done {});
        }
    }
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let key = app.keys.ready(app.keys.make(KeyKind::Office).await?).await?;
    let body = EnrolmentBody {
        v: FORMAT,
        name,
        email: to.as_str().to_owned(),
        form: None,
        visit: None,
        reasons: Vec::new(),
    };
    let sealed = body.sealed(&key, ask.enrolment)?;
    let (inner, who, now, link) = (app.clone(), who.clone(), app.clock.now(), MailedForm::of(app));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            if !opening(tx.conn(), &who, &ask).await? {
                return Ok(Done {});
            }
            let profile = store::profile_of(tx.conn(), ask.region).await?.ok_or(Code::NotFound)?;
            let profile = inner.policies.named(&profile)?;
            let new = NewEnrolment {
                id: ask.enrolment,
                region: ask.region,
                office: ask.office,
                lang: ask.lang,
                key_id: key.id().0,
                sealed: &sealed,
                link: link.hash(),
                until: now.plus(profile.enrolment_span()),
                by: who.account,
            };
            tx.insert_enrolment(&new, now).await?;
            let entry = Entry {
                at: now,
                act: "enrolments.open",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(ask.region),
                subject: Some(ask.enrolment.0),
                profile: Some(profile.name()),
                detail: Some(format!(r#"{{"office":"{}"}}"#, ask.office)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            link.send(&inner, tx, (to.clone(), ask.lang, new.until), (who.account, &key)).await?;
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to open.
async fn opening(conn: &mut Conn, who: &Session, ask: &OpenEnrolment) -> Result<bool> {
    at_the_desk(conn, who, ask.region).await?;
    if let Some(row) = store::enrolment(conn, ask.enrolment).await? {
        let is_same = (row.region, row.office, row.opened_by) == (ask.region, ask.office, who.account);
        return if is_same { Ok(false) } else { Err(Code::IdTaken.into()) };
    }
    let is_taken = store::of_office(conn, ask.office).await?.is_some()
        || offices::store::office(conn, ask.office).await?.is_some();
    if is_taken { Err(Code::IdTaken.into()) } else { Ok(true) }
}
