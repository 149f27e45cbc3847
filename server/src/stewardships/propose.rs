//! Proposing that another office answers for a patient from now on: nothing changes until it has agreed (002-5.3a).

use super::store::{self, TransferRow};
use super::{TransferBody, entry, may_be_asked};
use crate::accounts::Reason;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::error::Result;
use crate::policy::Daily;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, Done, Millis, NoticeKind, OfficeId, PatientId, ProposeTransfer, Refusal, TransferState,
};

/// Keeps it and tells those who decide. The same one again changes nothing.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; `not_steward`; `step_up_required`; `id_taken`; `offer_pending`;
/// `daily_limit`; `account_restricted`.
pub async fn propose(app: &App, who: &Arc<Session>, ask: ProposeTransfer) -> Result<Done> {
    let reason = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            let (from, patient) = steering.given_by_its_admin()?;
            inner.passkeys.fresh.require(&who, now)?;
            if store::is_taken(tx.conn(), ask.transfer).await? {
                let row = store::transfer(tx.conn(), ask.transfer).await?.ok_or(Code::IdTaken)?;
                let is_same = row.proposed_by == who.account && (row.room, row.to) == (ask.room, ask.to);
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            if ask.to == from || !may_be_asked(tx.conn(), steering.region, ask.to).await? {
                return Err(Refusal::new(Code::BadField).with("field", "to").into());
            }
            let late = alone(tx, patient, now).await?;
            let rules = steering.rules(&inner)?;
            let asked = store::asked_since(tx.conn(), who.account, now.before(Daily::SPAN)).await?;
            Daily::let_one_more(asked, rules.daily().proposals)?;
            for row in &late {
                tx.lapse_transfer(&inner, row, now).await?;
            }
            let body = TransferBody { v: FORMAT, reason: reason.clone() };
            let new = TransferRow {
                id: ask.transfer,
                room: ask.room,
                region: steering.region,
                profile: steering.profile.clone(),
                patient,
                from,
                to: ask.to,
                state: TransferState::Proposed,
                sealed: body.sealed(&steering.opened_key(&inner).await?, ask.transfer)?,
                answer: None,
                proposed_by: who.account,
                proposed_at: now,
                until: now.plus(rules.transfer_span()),
            };
            tx.insert_transfer(&new).await?;
            inner.audit.append(tx, &entry(("transfers.propose", now), &who, &new, &rules)).await?;
            let told = (NoticeKind::TransferProposed, from);
            tx.tell_admins(&inner, told, &[ask.to], Some(who.account)).await?;
            Ok(Done {})
        })
        .await
}

/// Those of a patient whose time is over; any other one is in the way.
async fn alone(tx: &mut Tx, patient: PatientId, now: Millis) -> Result<Vec<TransferRow>> {
    let rows = store::under_way(tx.conn(), patient).await?;
    if rows.iter().any(|row| now < row.until) { Err(Code::OfferPending.into()) } else { Ok(rows) }
}

impl Steering {
    /// The steward and the patient of a timeline, for an administrator of that office itself: what it has is not a delegate's to
    /// give.
    ///
    /// # Errors
    /// `not_steward`; `bad_field` for a room that is no timeline.
    pub(super) fn given_by_its_admin(&self) -> Result<(OfficeId, PatientId), Refusal> {
        if !self.is_admin {
            return Err(Code::NotSteward.into());
        }
        self.office
            .zip(self.patient)
            .filter(|_| self.is_timeline())
            .ok_or_else(|| Refusal::new(Code::BadField).with("field", "room"))
    }
}
