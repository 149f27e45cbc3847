//! Closing what is open about a consent: a copy is handed over, an objection shows on the paper.

use super::paper::{bad, held, words};
use super::{ConsentBody, for_staff, rules, store, telling};
use crate::app::App;
use crate::bodies::Body;
use crate::crypto::seal;
use crate::error::Result;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    Code, CompleteConsent, ConsentCopy, ConsentDone, ConsentState, CopyHolder, Done, Objection, PatientId,
};

/// Writes it beside the rest. What is closed already stays as it is.
///
/// # Errors
/// `account_restricted`; `not_found`; `staff_only`; `not_steward`; `consent_ended`; `date_invalid`, `bad_field`;
/// `objection_evidence_missing`; `consent_obtainer_not_entitled` for a physician's copy that she does not confirm herself.
pub async fn complete(app: &App, who: &Arc<Session>, ask: CompleteConsent) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let (mut row, towards) = for_staff(tx.conn(), &who, ask.consent).await?;
            let rules = inner.policies.named(&towards.profile)?;
            let mut body = ConsentBody::of(&inner, &row).await?;
            let is_changed = match &ask.done {
                ConsentDone::Copy(copy) if copy.holder == CopyHolder::Physician => {
                    is_the_physician(tx.conn(), &who, row.patient, &body).await?;
                    hold(&mut body, held(copy, now)?)
                }
                ConsentDone::Copy(copy) => {
                    rules::keep(towards.is_of_office, rules.consent_obtainer)?;
                    hold(&mut body, held(copy, now)?)
                }
                ConsentDone::Evidence(objection) => show(&mut body, objection, towards.is_of_office, &rules)?,
            };
            if row.state != ConsentState::InForce {
                return Err(Code::ConsentEnded.into());
            }
            if !is_changed {
                return Ok(Done {});
            }
            let key = inner.keys.ready(seal::key_of(&towards.sealed)?).await?;
            row.sealed = Some(body.sealed(&key, row.id)?);
            tx.change_consent(&row).await?;
            let more = match &ask.done {
                ConsentDone::Copy(copy) => format!(r#","copy":"{}""#, copy.holder.as_str()),
                ConsentDone::Evidence(objection) => format!(r#","item":"{}""#, objection.item),
            };
            let about = (row.region, row.patient);
            let entry = telling::entry(("consents.complete", now), &who, about, (row.id, &more));
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Whether she is the physician who asked for it.
async fn is_the_physician(
    conn: &mut Conn,
    who: &Session,
    patient: PatientId,
    body: &ConsentBody,
) -> Result<()> {
    let request = body.instructed.as_ref().ok_or(Code::ConsentObtainerNotEntitled)?;
    let by = store::carer(conn, patient, request.by).await?;
    match by.is_some_and(|row| row.account == who.account) {
        true => Ok(()),
        false => Err(Code::ConsentObtainerNotEntitled.into()),
    }
}

fn hold(body: &mut ConsentBody, copy: ConsentCopy) -> bool {
    let is_new = !body.copies.iter().any(|one| one.holder == copy.holder);
    if is_new {
        body.copies.push(copy);
    }
    is_new
}

fn show(body: &mut ConsentBody, shown: &Objection, is_of_office: bool, rules: &Profile) -> Result<bool> {
    rules::keep(is_of_office, rules.consent_obtainer)?;
    let wording = words(&shown.wording, "wording")?;
    let mut open = body.objections.iter_mut().filter(|one| one.item == shown.item).peekable();
    if open.peek().is_none() {
        return Err(bad("item").into());
    }
    if shown.evidence.is_none() {
        return Err(Code::ObjectionEvidenceMissing.into());
    }
    let mut is_changed = false;
    for one in open.filter(|one| one.evidence.is_none()) {
        one.evidence = shown.evidence;
        if one.wording.is_empty() {
            one.wording.clone_from(&wording);
        }
        is_changed = true;
    }
    Ok(is_changed)
}
