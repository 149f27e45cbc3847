//! Somebody with a consent was sent to a timeline that she may not be in: those who run it are told, so that they may invite her
//! (c-51). She is told nothing of it.

use super::store;
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::policy::Daily;
use crate::store::Tx;
use std::collections::BTreeSet;
use tsumugi_protocol::{AccountId, NoticeKind, PatientId, RoomId};

impl Tx {
    /// Tells the administrators of a patient's stewards who it is: once for each record, and once a day.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn want_timeline(
        &mut self,
        app: &App,
        (room, patient): (RoomId, PatientId),
        who: AccountId,
    ) -> Result<()> {
        let now = app.clock.now();
        if !self.note_wanted((room, patient), (now.before(Daily::SPAN), now)).await? {
            return Ok(());
        }
        let mut told = BTreeSet::new();
        for office in store::stewards(self.conn(), patient).await? {
            told.extend(notices::store::admins_of_office(self.conn(), office).await?);
        }
        let places = accounts::store::affiliations(self.conn(), who).await?;
        let mut notice = Notice::of(NoticeKind::TimelineWanted);
        if let Some(place) = places.first() {
            let card = app.cards.one(app, self.conn(), place.card).await?;
            let name = accounts::DisplayName { name: &card.name, office: card.office.as_deref() };
            notice = notice.naming(name.to_string());
        }
        for admin in told.into_iter().filter(|admin| *admin != who) {
            notice.tell(app, self, admin).await?;
        }
        let entry = Entry {
            at: now,
            act: "permits.want",
            account: Some(who),
            room: Some(room),
            subject: Some(patient.0),
            ..Entry::default()
        };
        Ok(app.audit.append(self, &entry).await?)
    }
}
