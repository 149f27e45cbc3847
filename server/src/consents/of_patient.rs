//! What was consented to, for whoever has to do with the patient. The paper itself is for those whose it is.

use super::store::{self, CarerRow, ConsentRow};
use super::{ConsentBody, at_the_door, rules};
use crate::app::App;
use crate::error::Result;
use crate::policy::{ConsentObtainer, Profile};
use crate::sessions::Session;
use crate::store::Conn;
use tsumugi_protocol::{
    ConsentDetails, ConsentList, ConsentSeen, Obtainer, PersonKind, ScanSeen, WhichPatient,
};

/// Everything that was recorded, the latest first.
///
/// # Errors
/// `not_found` for whoever has nothing to do with the patient, there or not.
pub async fn of_patient(app: &App, who: &Session, ask: WhichPatient) -> Result<ConsentList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let towards = at_the_door(conn, who, ask.patient).await?;
    let profile = app.policies.named(&towards.profile)?;
    let is_kept = rules::keep(towards.is_of_office, profile.consent_obtainer).is_ok();
    let may_record = who.kind == PersonKind::Staff && is_kept;
    let carers = if may_record { store::carers(conn, ask.patient, who.account).await? } else { Vec::new() };
    // Where a physician obtains it, it is hers as well (001-guide§16c).
    let is_physician = |row: &CarerRow| row.account == who.account && row.is_physician && row.takes_part;
    let obtains = profile.consent_obtainer == ConsentObtainer::PhysicianOrInstructed;
    let sees_paper = towards.sees_paper() || (obtains && carers.iter().any(is_physician));
    let mut consents = Vec::new();
    for row in store::of_patient(conn, ask.patient).await? {
        consents.push(seen(app, conn, (sees_paper, who.kind, &profile), row).await?);
    }
    let obtainers = obtainers(app, conn, carers).await?;
    Ok(ConsentList { consents, may_record, obtainers })
}

async fn seen(
    app: &App,
    conn: &mut Conn,
    (sees_paper, kind, profile): (bool, PersonKind, &Profile),
    row: ConsentRow,
) -> Result<ConsentSeen> {
    let details = if sees_paper {
        let body = ConsentBody::of(app, &row).await?;
        let open = rules::open(&row, &body, profile);
        Some((details(app, conn, &row, body).await?, open))
    } else {
        None
    };
    let (details, open) = details.unzip();
    Ok(ConsentSeen {
        consent: row.id,
        state: row.state,
        basis: row.basis,
        form: row.form,
        rules: row.rules,
        given_on: row.given_on,
        recorded_at: row.recorded_at,
        withdrawn_at: row.withdrawn_at,
        objected: row.objected,
        open: open.filter(|_| kind == PersonKind::Staff).unwrap_or_default(),
        details,
    })
}

async fn details(app: &App, conn: &mut Conn, row: &ConsentRow, body: ConsentBody) -> Result<ConsentDetails> {
    let obtained_by = match body.obtained_by {
        Some(card) => Some((*app.cards.one(app, conn, card).await?).clone()),
        None => None,
    };
    let scans = store::scans(conn, row.id).await?;
    Ok(ConsentDetails {
        signatories: body.signatories,
        explainer: body.explainer,
        objections: body.objections,
        waiver: body.waiver,
        obtained_by,
        instructed: body.instructed,
        copies: body.copies,
        withdrawals: body.withdrawals,
        scans: scans
            .into_iter()
            .map(|scan| ScanSeen { scan: scan.id, media: scan.media, at: scan.at })
            .collect(),
    })
}

async fn obtainers(app: &App, conn: &mut Conn, carers: Vec<CarerRow>) -> Result<Vec<Obtainer>> {
    let mut obtainers = Vec::new();
    for row in carers {
        obtainers.push(Obtainer {
            affiliation: row.affiliation,
            card: (*app.cards.one(app, conn, row.card).await?).clone(),
            is_physician: row.is_physician,
        });
    }
    Ok(obtainers)
}
