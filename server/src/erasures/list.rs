//! What waits for a second person, and the certificates of what was erased.

use super::rules::{Rules, may_cancel, may_second};
use super::store::{self, ErasureRow};
use super::{ErasureBody, Step, certificate};
use crate::app::App;
use crate::bodies;
use crate::error::{Fault, Result};
use crate::offices::{self, OfficeBody};
use crate::patients::PatientBody;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{ErasureList, ErasureSeen, Patient};

/// Those that the reader has a say in: of the offices she administers or signs for, and of her desk's region.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list(app: &App, who: &Arc<Session>) -> Result<ErasureList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut erasures = Vec::new();
    for row in store::of_decider(conn, who.account).await? {
        erasures.extend(seen(app, conn, who, row).await?);
    }
    Ok(ErasureList { erasures })
}

async fn seen(app: &App, conn: &mut Conn, who: &Session, row: ErasureRow) -> Result<Option<ErasureSeen>> {
    let Some(facts) = store::facts(conn, who.account, row.room).await? else { return Ok(None) };
    let first = store::facts(conn, row.asked_by, row.room).await?.map(|facts| facts.asker);
    let rules = facts.rules(app)?;
    let decision = may_second(row.step, (row.asked_by, first), (who.account, facts.asker), Rules::of(&rules));
    let office = offices::store::office(conn, row.office).await?;
    let office = office.ok_or_else(|| Fault::noticed("finding the office of an erasure"))?;
    let body: ErasureBody = bodies::open(app, row.id, &row.sealed).await?;
    let seconded_by = match row.seconded_as {
        Some(card) => Some((*app.cards.one(app, conn, card).await?).clone()),
        None => None,
    };
    Ok(Some(ErasureSeen {
        erasure: row.id,
        room: row.room,
        kind: facts.kind,
        office: row.office,
        office_name: bodies::open::<OfficeBody>(app, row.office, &office.sealed).await?.name,
        patient: patient(app, conn, &row).await?,
        state: row.step.shown(),
        wisher: row.wisher,
        name: body.name,
        relation: body.relation,
        evidence: body.evidence,
        asked_by: (*app.cards.one(app, conn, row.asked_as).await?).clone(),
        asked_at: row.asked_at,
        seconded_by,
        decided_at: row.decided_at,
        may_second: decision.is_ok(),
        may_cancel: may_cancel(row.step, facts.asker) == Ok(true),
        certificate: certificate::of(&row),
        given_on: row.given_on,
    }))
}

/// Whose timeline it is, for whoever has still to decide.
async fn patient(app: &App, conn: &mut Conn, row: &ErasureRow) -> Result<Option<Patient>> {
    if row.step != Step::Asked {
        return Ok(None);
    }
    let Some((id, sealed)) = store::patient_of(conn, row.room).await? else { return Ok(None) };
    Ok(Some(bodies::open::<PatientBody>(app, id, &sealed).await?.shown(id)))
}
