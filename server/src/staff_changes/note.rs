//! Noting a change, inside the act that makes it.

use super::store::NewChange;
use super::{Told, decide};
use crate::accounts::DisplayName;
use crate::app::App;
use crate::crypto::random;
use crate::error::Result;
use crate::notices::Notice;
use crate::pledges::store as places;
use crate::roles;
use crate::store::Tx;
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Millis, NoticeKind, StaffChangeId, StaffChangeKind,
};

/// Whether somebody who came had an account before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewId {
    /// It was made for her.
    Made,
    /// She had one.
    HadOne,
}

impl Tx {
    /// Somebody came.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn note_newcomer(
        &mut self,
        app: &App,
        place: AffiliationId,
        id: NewId,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<()> {
        self.note(app, place, (StaffChangeKind::Added, id), (None, by), now).await
    }

    /// Her card is another one than that; a place beside a patient concerns nobody.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn note_new_card(
        &mut self,
        app: &App,
        place: AffiliationId,
        old: CardId,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<()> {
        self.note(app, place, (StaffChangeKind::Changed, NewId::HadOne), (Some(old), by), now).await
    }

    /// Somebody left; the desk is told by the notice of its own kind (001§14-2g).
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn note_leaver(
        &mut self,
        app: &App,
        place: AffiliationId,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<()> {
        self.note(app, place, (StaffChangeKind::Left, NewId::HadOne), (None, by), now).await
    }

    async fn note(
        &mut self,
        app: &App,
        place: AffiliationId,
        (kind, id): (StaffChangeKind, NewId),
        (old, by): (Option<CardId>, Option<AccountId>),
        now: Millis,
    ) -> Result<()> {
        let Some(place) = places::pledger(self.conn(), place).await? else { return Ok(()) };
        let Told { is_told, forms } = decide(kind, id, &*app.policies.named(&place.profile)?);
        if !is_told {
            return Ok(());
        }
        let (before, after) = match kind {
            StaffChangeKind::Added => (None, Some(place.card)),
            StaffChangeKind::Changed => (old, Some(place.card)),
            StaffChangeKind::Left => (Some(place.card), None),
        };
        let change = NewChange {
            id: StaffChangeId(random::new_id(&app.clock)),
            region: place.region,
            office: place.office,
            affiliation: place.id,
            kind,
            before,
            after,
            forms: forms.iter().map(|form| form.as_str()).collect::<Vec<_>>().join(","),
        };
        self.insert_staff_change(&change, by, now).await?;
        if kind == StaffChangeKind::Left {
            return Ok(());
        }
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let name = DisplayName { name: &card.name, office: card.office.as_deref() }.to_string();
        let notice = Notice::of(NoticeKind::StaffChanged).naming(name);
        for account in roles::store::desk_of(self.conn(), place.region).await? {
            if Some(account) != by {
                notice.tell(app, self, account).await?;
            }
        }
        Ok(())
    }
}
