//! What ends with somebody's place in an office or beside a patient, whoever ends it.

use super::DisplayName;
use super::store::{self, PlaceRow};
use crate::app::App;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::patients::ConfirmationEnd;
use crate::store::Tx;
use tsumugi_protocol::{AccountId, Millis, NoticeKind};

/// What ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Memberships.
    pub rooms: u64,
    /// Sessions.
    pub sessions: u64,
}

impl Tx {
    /// Ends a place with its roles, the memberships held for it and every open link of the account; the sessions on devices of
    /// that office end too, and with the last place all of them. The region's desk and the office's admins are told that somebody left the job (001§14-2g), but for
    /// herself and whoever did it.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn leave(
        &mut self,
        app: &App,
        place: &PlaceRow,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<Left> {
        let told = match place.office {
            Some(_) => notices::store::of_a_leaver(self.conn(), place.id).await?,
            None => Vec::new(),
        };
        if !self.end_place(place.id, now).await? {
            return Ok(Left::default());
        }
        self.note_leaver(app, place.id, by, now).await?;
        let rooms = self.leave_rooms(app, place, by, now).await?;
        self.end_all_links(place.account, now).await?;
        // A licence that nobody can look at any more is not kept, and a mark stands for the place it was given in.
        self.lapse_verifications(place.account, place.id, now).await?;
        self.end_confirmation(place.id, ConfirmationEnd::Left, now).await?;
        self.forget_corrector(place.id).await?;
        const WHY: &str = "affiliation_ended";
        let sessions = match (store::places(self.conn(), place.account).await?, place.office) {
            (0, _) => self.end_sessions_of(app, place.account, None, WHY, now).await?,
            (_, Some(office)) => self.end_sessions_outliving(app, (place.account, office), WHY, now).await?,
            (_, None) => 0,
        };
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let name = DisplayName { name: &card.name, office: card.office.as_deref() };
        let notice = Notice::of(NoticeKind::Retired).naming(name.to_string());
        for account in told.into_iter().filter(|account| *account != place.account && Some(*account) != by) {
            notice.tell(app, self, account).await?;
        }
        Ok(Left { rooms, sessions })
    }
}
