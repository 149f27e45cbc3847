//! The transfers and delegations of an office, for its administrators; nothing of what is written in any room.

use super::store::{self, TransferRow};
use super::{AnswerBody, TransferBody, delegations, name_of};
use crate::app::App;
use crate::bodies;
use crate::error::{Fault, Result};
use crate::offices::Running;
use crate::patients::{self, PatientBody};
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Millis, OfficeId, PatientId, Stewardships, TransferSeen, TransferState, WhichOffice};

/// Them: what is under way first.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn of_office(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<Stewardships> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let now = app.clock.now();
    let mut transfers = Vec::new();
    for row in store::of_office(conn, ask.office).await? {
        transfers.push(shown(app, conn, row, ask.office, now).await?);
    }
    let delegations = delegations::of_office(app, conn, ask.office).await?;
    Ok(Stewardships { transfers, delegations })
}

async fn shown(
    app: &App,
    conn: &mut Conn,
    row: TransferRow,
    office: OfficeId,
    now: Millis,
) -> Result<TransferSeen> {
    let is_ours_to_take = row.to == office;
    // Who has not agreed to answer for her learns her family name alone.
    let is_known =
        !is_ours_to_take || matches!(row.state, TransferState::AwaitingConsent | TransferState::Completed);
    let reason = bodies::open::<TransferBody>(app, row.id, &row.sealed).await?.reason;
    let answer = match &row.answer {
        Some(sealed) => Some(bodies::open::<AnswerBody>(app, row.id, sealed).await?.reason),
        None => None,
    };
    Ok(TransferSeen {
        transfer: row.id,
        patient: is_known.then_some(row.patient),
        name: patient_name(app, conn, row.patient, is_known).await?,
        from: name_of(app, conn, row.from).await?,
        to: name_of(app, conn, row.to).await?,
        is_ours_to_take,
        state: row.state,
        is_consented: match row.state {
            TransferState::AwaitingConsent => row.is_consented(app, conn, now).await?,
            TransferState::Completed => true,
            TransferState::Proposed
            | TransferState::Declined
            | TransferState::Withdrawn
            | TransferState::Lapsed => false,
        },
        reason,
        answer,
        proposed_at: row.proposed_at,
        until: row.until,
    })
}

/// A patient's name, or her family name alone.
pub(super) async fn patient_name(
    app: &App,
    conn: &mut Conn,
    patient: PatientId,
    is_known: bool,
) -> Result<String> {
    let row = patients::store::patient(conn, patient).await?;
    let row = row.ok_or_else(|| Fault::noticed("finding a transfer's patient"))?;
    let body: PatientBody = bodies::open(app, patient, &row.sealed).await?;
    Ok(if is_known { body.name } else { body.label() })
}
