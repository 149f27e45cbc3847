//! Offering somebody a role. It gives her nothing until she takes it on.

use super::offer::{Offer, Weighed};
use super::store::NewAppointment;
use super::{day, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::notices::Notice;
use crate::offices::{self, OfficeBody};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AppointmentId, Code, Done, Millis, NoticeKind, ProposeRole, Refusal};

impl Offer {
    /// Of what was typed: a day without the tick, or a tick without a day, says nothing.
    pub(super) fn read(ask: &ProposeRole, now: Millis) -> Result<Self, Refusal> {
        let explained_on = day(ask.explained_on.as_deref(), "explained_on", now)?;
        Ok(Self {
            affiliation: ask.affiliation,
            role: ask.role,
            explained_on: explained_on.filter(|_| ask.explained),
            holds: ask.holds,
        })
    }
}

/// Offers it; one that waited is taken back by that. She has it already, nothing changes.
///
/// # Errors
/// As [`Offer::weigh`]; `bad_field` for a day that is none; `id_taken`; `account_restricted`; `not_while_shared`.
pub async fn propose(app: &App, who: &Arc<Session>, ask: ProposeRole) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let offer = Offer::read(&ask, now)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let weighed = offer.weigh(&inner, tx.conn(), Some(who.account)).await?;
            if let Some(row) = store::appointment(tx.conn(), ask.appointment).await? {
                let is_again = row.affiliation == ask.affiliation && row.offered_by == Some(who.account);
                return if is_again { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            if !weighed.is_held {
                tx.offer(&inner, (ask.appointment, offer), &weighed, Some(&who), now).await?;
            }
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// Makes the offer: keeps it, writes it down, tells her.
    pub(super) async fn offer(
        &mut self,
        app: &App,
        (id, offer): (AppointmentId, Offer),
        weighed: &Weighed,
        by: Option<&Session>,
        now: Millis,
    ) -> Result<()> {
        self.withdraw_earlier(offer.affiliation, offer.role, now).await?;
        let by_account: Option<AccountId> = by.map(|by| by.account);
        let new = NewAppointment { id, offer: &offer, offered_by: by_account };
        self.insert_appointment(&new, (now, now.plus(weighed.profile.appointment_span()))).await?;
        let entry = Entry {
            at: now,
            act: "roles.propose",
            account: by_account,
            session: by.map(|by| by.id),
            region: Some(weighed.place.region),
            profile: Some(weighed.profile.name()),
            subject: Some(weighed.place.account.0),
            detail: Some(format!(
                r#"{{"appointment":"{id}","role":"{}","office":"{}"}}"#,
                offer.role.as_str(),
                weighed.office
            )),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let office = offices::store::office(self.conn(), weighed.office).await?.ok_or(Code::NotFound)?;
        let name = bodies::open::<OfficeBody>(app, weighed.office, &office.sealed).await?.name;
        Notice::of(NoticeKind::RoleOffered).naming(name).tell(app, self, weighed.place.account).await
    }
}
