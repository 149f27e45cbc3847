//! Taking on a role that was offered: only now it is hers.

use super::offer::{Offer, Weighed};
use super::store::AppointmentRow;
use super::{Answer, decide, governance, store};
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::enrolments::Papers;
use crate::error::{Failure, Result};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountState, Code, Done, GovernanceRole, Millis, NoticeKind, Role, WhichAppointment,
};

impl AppointmentRow {
    /// What was offered.
    pub(super) fn offer(&self) -> Result<Offer, Code> {
        Ok(Offer {
            affiliation: self.affiliation,
            role: Role::of(&self.role).ok_or(Code::NotFound)?,
            explained_on: self.explained_on.as_deref().and_then(|day| day.parse().ok()),
            holds: self.holds.as_deref().and_then(GovernanceRole::of),
        })
    }
}

/// Accepts. Whoever offered it must still be one who may, and the rules of today are met.
///
/// # Errors
/// As [`decide`], and `not_found` where who offered it may no longer, or is suspended; `role_explanation_missing`, `governance_role_missing`;
/// as [`Papers::let_admin_begin`], and the offer waits;
/// `account_restricted`; `not_while_shared`; `step_up_required`.
pub async fn accept(app: &App, who: &Arc<Session>, ask: WhichAppointment) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    app.passkeys.fresh.require(who, app.clock.now())?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::appointment(tx.conn(), ask.appointment).await?;
            if !decide(row.as_ref(), who.account, Answer::Accepted, now)? {
                return Ok(Done {});
            }
            let row = row.ok_or(Code::NotFound)?;
            // Whose account was stopped since brings nobody in.
            if let Some(by) = row.offered_by {
                let by = accounts::account(tx.conn(), by).await?;
                by.filter(|by| by.state == AccountState::Active).ok_or(Code::NotFound)?;
            }
            let offer = row.offer()?;
            let weighed = offer.weigh(&inner, tx.conn(), row.offered_by).await.map_err(of_today)?;
            if offer.role == Role::OfficeAdmin && !weighed.is_held {
                let card = inner.cards.one(&inner, tx.conn(), weighed.place.card).await?;
                let at = (weighed.office, offer.affiliation);
                Papers::let_admin_begin(tx.conn(), &weighed.profile, at, &card.name).await?;
            }
            tx.answer_appointment(row.id, Answer::Accepted.as_str(), now).await?;
            if !weighed.is_held {
                take_on(&inner, tx, &who, (&row, offer, &weighed), now).await?;
            }
            Ok(Done {})
        })
        .await
}

/// What she is told where it can no longer be hers: of who has no say any more, that there is no offer.
fn of_today(failure: Failure) -> Failure {
    let has_no_say = matches!(
        &failure,
        Failure::Refused(refusal)
            if matches!(refusal.code, Code::OfficeHeadOnly | Code::OtherOffice | Code::OfficeAdminOnly)
    );
    if has_no_say { Code::NotFound.into() } else { failure }
}

async fn take_on(
    app: &App,
    tx: &mut Tx,
    who: &Session,
    (row, offer, weighed): (&AppointmentRow, Offer, &Weighed),
    now: Millis,
) -> Result<()> {
    tx.give_role(offer.affiliation, offer.role, now).await?;
    if let Some(duty) = offer.holds.filter(|_| offer.role == Role::OfficeAdmin) {
        // In a small office it is the head's already.
        if !governance::store::row(tx.conn(), weighed.office).await?.is_small {
            tx.take_up_duty(weighed.office, duty, offer.affiliation, now).await?;
        }
    }
    let entry = Entry {
        at: now,
        act: "roles.accept",
        account: Some(who.account),
        session: Some(who.id),
        region: Some(weighed.place.region),
        profile: Some(weighed.profile.name()),
        subject: Some(who.account.0),
        detail: Some(detail(row, offer, weighed)),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    tx.tell_of_role(app, NoticeKind::RoleTaken, &weighed.place, offer.role, &[who.account]).await
}

/// The record of the appointment: who appointed whom to what, and when it was explained (000§7, 002-3.1a).
fn detail(row: &AppointmentRow, offer: Offer, weighed: &Weighed) -> String {
    let by = row.offered_by.map_or("operator".to_owned(), |by| by.to_string());
    let explained = offer.explained_on.map_or(String::new(), |day| day.to_string());
    format!(
        r#"{{"appointment":"{}","role":"{}","office":"{}","by":"{by}","explained_on":"{explained}","holds":"{}"}}"#,
        row.id,
        offer.role.as_str(),
        weighed.office,
        offer.holds.map_or("", GovernanceRole::as_str),
    )
}
