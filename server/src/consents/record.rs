//! Recording what a patient consented to.

use super::paper::{Paper, day_that_came, words};
use super::rules::{self, Carer, Obtaining, Recording};
use super::store::{self, ConsentRow, TowardsRow};
use super::{ConsentBody, at_the_door, telling};
use crate::app::App;
use crate::bodies::Body;
use crate::clock::Millis;
use crate::crypto::seal;
use crate::error::Result;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    CardId, Code, ConsentInstruction, ConsentState, Done, PersonKind, RecordConsent, SignatoryRole,
};

/// Keeps it, sealed with the patient's key; what holds for the same office so far is superseded, and her rooms are told. A
/// retry changes nothing.
///
/// # Errors
/// `account_restricted`; as [`rules::record`] and [`Paper::read`]; `patient_refused` where she herself withdrew it and has not
/// signed anew (c-32).
pub async fn record(app: &App, who: &Arc<Session>, ask: RecordConsent) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let towards = at_the_door(tx.conn(), &who, ask.patient).await?;
            let rules = inner.policies.named(&towards.profile)?;
            let Some(card) = recording(tx.conn(), &who, (&ask, &towards, &rules), now).await? else {
                return Ok(Done {});
            };
            let Paper { body, objected, shares } = Paper::read(&ask, &rules, now)?;
            let signs_herself = body.signatories.iter().any(|one| one.role == SignatoryRole::Patient);
            if !signs_herself && was_refused(tx.conn(), &ask, &towards).await? {
                return Err(Code::PatientRefused.into());
            }
            let key = inner.keys.ready(seal::key_of(&towards.sealed)?).await?;
            let body = ConsentBody { obtained_by: Some(card), ..body };
            let refused_by = if signs_herself { SignatoryRole::Patient } else { SignatoryRole::Family };
            let row = ConsentRow {
                id: ask.consent,
                region: towards.region,
                patient: ask.patient,
                office: Some(towards.office),
                state: ConsentState::InForce,
                basis: ask.basis,
                form: ask.form.clone(),
                rules: rules.name(),
                shares,
                objected,
                given_on: ask.given_on.clone(),
                recorded_at: now,
                recorded_by: Some(who.account),
                withdrawn_at: None,
                ended_for: (!shares).then_some(refused_by),
                sealed: Some(body.sealed(&key, ask.consent)?),
            };
            tx.insert_consent(&row).await?;
            let more = format!(
                r#","basis":"{}","form":"{}","objected":"{}""#,
                row.basis.as_str(),
                row.form,
                row.objected.join(" ")
            );
            let about = (row.region, row.patient);
            let entry = telling::entry(("consents.record", now), &who, about, (row.id, &more));
            inner.audit.append(tx, &entry).await?;
            telling::tell_rooms(&inner, tx, ask.patient).await?;
            Ok(Done {})
        })
        .await
}

/// The card of who obtained it; nothing where it was recorded already.
async fn recording(
    conn: &mut Conn,
    who: &Session,
    (ask, towards, rules): (&RecordConsent, &TowardsRow, &Profile),
    now: Millis,
) -> Result<Option<CardId>> {
    let obtainer = store::carer(conn, ask.patient, ask.obtained_by).await?;
    let instructed = match &ask.instructed {
        Some(request) => {
            let by = store::carer(conn, ask.patient, request.by).await?;
            Some((says_all(request, now), by.map(Carer::from)))
        }
        None => None,
    };
    let stands = store::consent(conn, ask.consent).await?;
    let facts = Recording {
        is_of_concern: towards.is_of_concern(),
        is_staff: who.kind == PersonKind::Staff,
        is_of_office: towards.is_of_office,
        stands: stands.map(|row| {
            row.recorded_by == Some(who.account)
                && (row.patient, row.basis, &row.form, &row.given_on)
                    == (ask.patient, ask.basis, &ask.form, &ask.given_on)
        }),
        obtaining: Obtaining { obtainer: obtainer.map(Carer::from), instructed },
    };
    let is_new = rules::record(facts, rules.consent_obtainer)?;
    Ok(obtainer.filter(|_| is_new).map(|row| row.card))
}

fn says_all(request: &ConsentInstruction, now: Millis) -> bool {
    let how = words(&request.how, "how");
    day_that_came(&request.on, now).is_ok() && how.is_ok_and(|text| !text.is_empty())
}

/// Whether the patient herself ended what was recorded last for that office.
async fn was_refused(conn: &mut Conn, ask: &RecordConsent, towards: &TowardsRow) -> Result<bool> {
    let of_patient = store::of_patient(conn, ask.patient).await?;
    let last = of_patient.iter().find(|row| row.office.is_none_or(|office| office == towards.office));
    Ok(last.is_some_and(|row| row.ended_for == Some(SignatoryRole::Patient)))
}
