//! Taking a place in an office that asks: only now it exists. She keeps her account and its id, and gets nothing of what she had.

use super::{AdmissionBody, Answer, decide, store};
use crate::accounts::store::{self as accounts, NewAffiliation};
use crate::accounts::{CardBody, DisplayName};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::{random, seal};
use crate::enrolments;
use crate::error::{Fault, Result};
use crate::notices::{self, Notice};
use crate::offices::{self, OfficeBody};
use crate::sessions::Session;
use crate::staff_changes::NewId;
use crate::store::Tx;
use std::sync::Arc;
use store::AdmissionRow;
use tsumugi_protocol::{
    AccountState, CardId, Code, Done, Millis, NoticeKind, Occupation, PersonKind, RegionId, WhichAdmission,
};

/// Accepts; every session of the account ends, since from now on the rules of that office's region hold as well.
///
/// # Errors
/// As [`decide`], and `not_found` where who asked is no admin there any more; `no_common_password` where nobody could come in
/// under the rules of both regions; `account_restricted`; `not_while_shared`; `step_up_required`.
pub async fn accept_admission(app: &App, who: &Arc<Session>, ask: WhichAdmission) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    app.passkeys.fresh.require(who, app.clock.now())?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::admission(tx.conn(), ask.admission).await?;
            if !decide(row.as_ref(), who.account, Answer::Accepted, now)? {
                return Ok(Done {});
            }
            let row = row.ok_or(Code::NotFound)?;
            // For the first people of an office its desk asked, by accepting it.
            let enrolled = enrolments::store::enrolled(tx.conn(), row.id).await?;
            // Who asked still runs that office: an admin who is gone brings nobody in.
            let asked_by = accounts::account(tx.conn(), row.asked_by).await?;
            let runs = accounts::offices_administered(tx.conn(), row.asked_by).await?;
            let may_ask =
                runs.contains(&row.office) && asked_by.is_some_and(|one| one.state == AccountState::Active);
            if !may_ask && enrolled.is_none() {
                return Err(Code::NotFound.into());
            }
            let works_there = accounts::affiliations(tx.conn(), who.account).await?;
            if works_there.iter().any(|place| place.office == Some(row.office)) {
                tx.answer_admission(row.id, Answer::Accepted.as_str(), now).await?;
                return Ok(Done {});
            }
            let theirs = offices::store::profile_of(tx.conn(), row.office).await?;
            let profiles: Vec<_> = works_there.into_iter().map(|place| place.profile).chain(theirs).collect();
            if !inner.policies.go_together(&profiles)? {
                return Err(Code::NoCommonPassword.into());
            }
            let (region, name) = take_place(&inner, tx, &row, now).await?;
            tx.ask_newcomer(&inner, row.id, now).await?;
            tx.note_newcomer(&inner, row.id, NewId::HadOne, Some(row.asked_by), now).await?;
            if let Some(enrolled) = &enrolled {
                tx.take_up_enrolled(random::new_id(&inner.clock), (row.office, enrolled), now).await?;
            }
            tx.answer_admission(row.id, Answer::Accepted.as_str(), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.accept_admission",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(region),
                subject: Some(who.account.0),
                detail: Some(format!(r#"{{"office":"{}","affiliation":"{}"}}"#, row.office, row.id)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let notice = Notice::of(NoticeKind::AdmissionAccepted).naming(name);
            for account in notices::store::of_a_leaver(tx.conn(), row.id).await? {
                if account != who.account {
                    notice.tell(&inner, tx, account).await?;
                }
            }
            tx.end_sessions_of(&inner, who.account, None, "admission", now).await?;
            Ok(Done {})
        })
        .await
}

/// The place, with the card that others see there; its region, and what she is called there.
async fn take_place(app: &App, tx: &mut Tx, row: &AdmissionRow, now: Millis) -> Result<(RegionId, String)> {
    let office = offices::store::office(tx.conn(), row.office).await?;
    let office = office.ok_or_else(|| Fault::noticed("finding an office that asks"))?;
    let office_name = bodies::open::<OfficeBody>(app, row.office, &office.sealed).await?.name;
    let account = accounts::account(tx.conn(), row.account).await?.ok_or(Code::NotFound)?;
    let occupation = Occupation::of(&row.occupation).ok_or(Code::NotFound)?;
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let body = AdmissionBody::open(&key, row.id, &row.sealed)?;
    let card = CardId(random::new_id(&app.clock));
    let face = CardBody {
        v: FORMAT,
        kind: PersonKind::Staff,
        name: body.name.clone(),
        kana: body.kana,
        office: Some(office_name.clone()),
        occupation,
        relation: None,
        mark: None,
    };
    let place = NewAffiliation {
        id: row.id,
        account: row.account,
        region: office.region,
        office: Some(row.office),
        patient: None,
        occupation: occupation.as_str(),
        card,
        card_sealed: face.sealed(&key, card)?,
        roles: Vec::new(),
    };
    tx.insert_affiliation(&place, now).await?;
    Ok((office.region, DisplayName { name: &body.name, office: Some(&office_name) }.to_string()))
}
