//! Who is signed in.

use super::store::{self, AccountRow, AffiliationRow};
use super::{AccountBody, Completeness, passwords, sharing};
use crate::app::App;
use crate::bodies::{self, Body};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::patients::store as patients;
use crate::pledges::Waiting;
use crate::policy::{Asked, Confirm};
use crate::regions::RegionBody;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::BTreeSet;
use tsumugi_protocol::{Affiliation, Me, NamePattern, Next, RegionFace, Task};

/// The person with her affiliations, roles, and what her regions' rules say to the screens; only her name before the second
/// factor, since a password alone may be somebody else's.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn me(app: &App, who: &Session) -> Result<Me> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let row = store::account(conn, who.account).await?.ok_or_else(|| Fault::noticed("finding an account"))?;
    let places = store::affiliations(conn, who.account).await?;
    shown(app, conn, who, (&row, &places)).await
}

/// The same for an account whose rows were read.
///
/// # Errors
/// As [`me`].
pub async fn shown(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    (row, places): (&AccountRow, &[AffiliationRow]),
) -> Result<Me> {
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    let body = AccountBody::open(&key, row.id, &row.sealed)?;
    let roles = store::roles(conn, who.account).await?;
    let mut affiliations = Vec::new();
    let mut regions: Vec<RegionFace> = Vec::new();
    let is_known = !who.next.contains(&Next::SecondFactor);
    let password_end = passwords::end_for(app, row, places)?;
    let mut tasks = BTreeSet::new();
    for found in places.iter().filter(|_| is_known) {
        let card = app.cards.one(app, conn, found.card).await?;
        let rules = app.policies.named(&found.profile)?;
        tasks.extend(Completeness::of(app, conn, found.card).await?.tasks(&rules));
        if rules.patient_confirmation != Asked::Off && patients::waiting_at(conn, found.id).await? > 0 {
            tasks.insert(Task::PatientConfirmation);
        }
        if !regions.iter().any(|face| face.region == found.region) {
            regions.push(RegionFace {
                region: found.region,
                name: bodies::open::<RegionBody>(app, found.region, &found.region_sealed).await?.name,
                profile: rules.name(),
                term_patient: rules.term_patient.clone(),
                confirm_post: rules.confirm_post == Confirm::Required,
                display_name: Some(rules.display_name).filter(|pattern| *pattern != NamePattern::Person),
            });
        }
        affiliations.push(Affiliation {
            id: found.id,
            region: found.region,
            office: found.office,
            patient: found.patient,
            card: (*card).clone(),
            roles: roles.iter().filter(|(of, _)| *of == found.id).map(|(_, role)| *role).collect(),
        });
    }
    if is_known {
        tasks.extend(Waiting::tasks(app, conn, who.account).await?);
    }
    let (acting, roster) = sharing::shown_in(app, conn, who).await?;
    Ok(Me {
        account: row.id,
        kind: row.kind,
        name: body.name,
        kana: body.kana,
        lang: row.lang,
        password_end,
        affiliations,
        regions,
        next: who.next.clone(),
        acting,
        roster,
        ends: who.ends(),
        tasks: tasks.into_iter().collect(),
        exception_until: who.exception.map(|(_, until)| until),
    })
}
