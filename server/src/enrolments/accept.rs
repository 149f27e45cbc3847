//! Accepting a case: only now the office is there, with the people of its list. Before it, nobody of it can be registered, come in or be
//! invited anywhere (000§3b, 001§12-1, 003§3a, 004§3(1)a).

use super::people::{prepared, unknown};
use super::rules::{Step, let_accept};
use super::standing::Case;
use crate::accounts::Address;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::error::Result;
use crate::notices::Letter;
use crate::offices::OfficeBody;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    Code, Done, EnrolmentForm, EnrolmentId, EnrolmentState, NoticeKind, Refusal, WhichEnrolment,
};

/// Takes the office in. Taken in already, nothing changes.
///
/// # Errors
/// `not_found`; `enrolment_not_open`; as [`let_accept`]; `id_taken`; `mail_not_configured`; `account_restricted`.
pub async fn accept(app: &App, who: &Arc<Session>, ask: WhichEnrolment) -> Result<Done> {
    who.let_write()?;
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    let (case, people) = {
        let mut view = app.store.view().await?;
        let Some((case, _, form)) = accepting(app, view.conn(), who, ask.enrolment).await? else {
            return Ok(Done {});
        };
        let people = unknown(app, view.conn(), &form).await?;
        (case, people)
    };
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let newcomers = prepared(app, &case, &people).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some((case, to, form)) = accepting(&inner, tx.conn(), &who, ask.enrolment).await? else {
                return Ok(Done {});
            };
            tx.let_places_be_new(&form).await?;
            tx.step_enrolment(&inner, &case, to, (None, Some((who.account, now)))).await?;
            let key = case.key(&inner).await?;
            let body = OfficeBody { v: FORMAT, name: form.name.clone(), kana: form.kana.clone() };
            let sealed = body.sealed(&key, case.row.office)?;
            let (office, region, kind) = (case.row.office, case.row.region, form.kind.as_str());
            tx.insert_office(office, region, kind, case.row.key_id, &sealed, now).await?;
            inner.audit.append(tx, &case.entry("enrolments.accept", Some(&who), now)).await?;
            tx.enrol_people(&inner, (&case, &newcomers), &who, now).await?;
            if let Some(to) = Address::read(&case.body.email) {
                let letter = Letter::notice(NoticeKind::EnrolmentAccepted, to, case.row.lang);
                letter.post(&inner, tx, who.account, &key).await?;
            }
            Ok(Done {})
        })
        .await
}

/// The case, where there is anything to accept, and its form.
async fn accepting(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    id: EnrolmentId,
) -> Result<Option<(Case, EnrolmentState, EnrolmentForm)>> {
    let case = Case::at_the_desk(app, conn, who, id).await?;
    let Some(to) = case.step(Step::Accept)? else { return Ok(None) };
    let_accept(case.body.form.as_ref(), &case.missing(), &case.rules)?;
    let form = case.body.form.clone().ok_or_else(|| Refusal::new(Code::BadField).with("field", "form"))?;
    Ok(Some((case, to, form)))
}
