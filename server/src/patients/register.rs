//! Registering somebody who is cared for by one's office: it becomes her steward (002-5a).

use super::PatientBody;
use super::correct::typed;
use super::store::{self, NewPatient};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body};
use crate::crypto::keys::KeyKind;
use crate::error::Result;
use crate::policy::Profile;
use crate::rooms::store as rooms;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Doubt, Refusal, RegionId, RegisterPatient};

/// Registers her. The same once more changes nothing. That another office knows her already is told to nobody here (c-51).
///
/// # Errors
/// `account_restricted`; `bad_field`; `other_office` for an office one does not work for, there or not; `not_steward` for
/// whoever is no administrator, where the region leaves it to them; `patient_known` until that is acknowledged; `id_taken`.
pub async fn register(app: &App, who: &Arc<Session>, ask: RegisterPatient) -> Result<Done> {
    who.let_write()?;
    let now = app.clock.now();
    let body = typed((&ask.name, &ask.kana), (&ask.birth_date, &ask.sex), now)?;
    if body.kana.is_empty() {
        return Err(Refusal::new(Code::BadField).with("field", "kana").into());
    }
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    {
        let mut view = app.store.view().await?;
        if registering(app, view.conn(), who, &ask, &body).await?.is_none() {
            return Ok(Done {});
        }
    }
    let key_id = app.keys.make(KeyKind::Patient).await?;
    let sealed = body.sealed(&app.keys.ready(key_id).await?, ask.patient)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = registering(&inner, tx.conn(), &who, &ask, &body).await?;
            let Some((region, profile)) = found else { return Ok(Done {}) };
            let new = NewPatient {
                id: ask.patient,
                region,
                office: ask.office,
                match_hash: body.found_by(&inner, region).as_bytes().to_vec(),
                key_id: key_id.0,
                sealed: sealed.clone(),
            };
            tx.insert_patient(&new, now).await?;
            tx.set_registered_by(ask.patient, who.account).await?;
            let known = ask.acknowledged.contains(&Doubt::PatientKnown);
            let entry = Entry {
                at: now,
                act: "patients.register",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(region),
                subject: Some(ask.patient.0),
                profile: Some(profile.name()),
                detail: Some(format!(r#"{{"office":"{}","acknowledged":{known}}}"#, ask.office)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// The region and its rules; nothing where she is registered already by the same ask.
async fn registering(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &RegisterPatient,
    body: &PatientBody,
) -> Result<Option<(RegionId, Arc<Profile>)>> {
    if let Some((by, office, sealed)) = store::registered(conn, ask.patient).await? {
        let is_hers = by == Some(who.account) && office == ask.office;
        let is_same = is_hers && bodies::open::<PatientBody>(app, ask.patient, &sealed).await? == *body;
        return if is_same { Ok(None) } else { Err(Code::IdTaken.into()) };
    }
    let places = rooms::workplaces(conn, who.account).await?;
    let place = places.into_iter().find(|place| place.office == ask.office).ok_or(Code::OtherOffice)?;
    let rules = app.policies.named(&place.profile)?;
    if !rules.patient_group_create.lets_register(place.is_admin) {
        return Err(Code::NotSteward.into());
    }
    let hash = body.found_by(app, place.region);
    let known = store::how_many_match(conn, ask.office, place.region, hash.as_bytes()).await? > 0;
    if known && !ask.acknowledged.contains(&Doubt::PatientKnown) {
        return Err(Code::PatientKnown.into());
    }
    Ok(Some((place.region, rules)))
}
