//! Asking somebody who has an account already to work for an office (002-2.1S2, 003-note(3)m): no second account is made, and
//! without her consent nothing changes.

use super::register_staff::Typed;
use super::running::Running;
use super::{OfficeBody, store};
use crate::accounts::{self, AccountBody, AdmissionBody, Asking, DisplayName, NewAdmission};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{AdmitStaff, Code, Done, NoticeKind, RegionId};

/// Asks her, where there is somebody who can be asked. The answer is the same if not: what is said about an address is no more
/// than what `offices.register_staff` says of it.
///
/// # Errors
/// `bad_field`; as [`Running::decide`]; as [`DisplayName::decide`]; `id_taken`; `account_restricted`.
pub async fn admit(app: &App, who: &Arc<Session>, ask: AdmitStaff) -> Result<Done> {
    who.let_write()?;
    let person = Typed::of((&ask.name, &ask.kana), &ask.email, ask.occupation)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let (region, office) = office_of(&inner, tx.conn(), &who, &ask, &person).await?;
            let hash = AccountBody::found_by(&inner, person.email.as_str());
            let found = accounts::store::account_by_email(tx.conn(), hash.as_bytes()).await?;
            let asked =
                match NewAdmission::asking(tx.conn(), found, (ask.office, ask.affiliation), now).await? {
                    Asking::Again => return Ok(Done {}),
                    Asking::Nobody => None,
                    Asking::Somebody(row) => Some(row),
                };
            let entry = Entry {
                at: now,
                act: "offices.admit",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(region),
                subject: asked.as_ref().map(|row| row.id.0),
                detail: Some(format!(r#"{{"office":"{}","affiliation":"{}"}}"#, ask.office, ask.affiliation)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let Some(row) = asked else { return Ok(Done {}) };
            let key = inner.keys.ready(seal::key_of(&row.sealed)?).await?;
            let body = AdmissionBody { v: FORMAT, name: person.name.clone(), kana: person.kana.clone() };
            let new = NewAdmission {
                id: ask.affiliation,
                office: ask.office,
                account: row.id,
                asked_by: who.account,
                occupation: ask.occupation.as_str(),
                sealed: body.sealed(&key, ask.affiliation)?,
            };
            tx.insert_admission(&new, (now, now.plus(NewAdmission::SPAN))).await?;
            Notice::of(NoticeKind::AdmissionAsked).naming(office).tell(&inner, tx, row.id).await?;
            Ok(Done {})
        })
        .await
}

/// The office's region and name, where whoever asks runs it and the name is a person's own.
async fn office_of(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &AdmitStaff,
    person: &Typed,
) -> Result<(RegionId, String)> {
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let office = store::office(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let name = bodies::open::<OfficeBody>(app, ask.office, &office.sealed).await?.name;
    DisplayName { name: &person.name, office: Some(&name) }.decide()?;
    Ok((office.region, name))
}
