//! Who is told that somebody took on a role or has one no longer: of an office's, those who sign for it and run it; of a region's, its
//! desk. What stands in rooms is not among it, and no mail names anybody.

use super::store;
use crate::accounts::DisplayName;
use crate::accounts::store::PlaceRow;
use crate::app::App;
use crate::error::Result;
use crate::notices::Notice;
use crate::store::Tx;
use tsumugi_protocol::{AccountId, NoticeKind, Role};

impl Tx {
    /// Tells all of them but those.
    pub(super) async fn tell_of_role(
        &mut self,
        app: &App,
        kind: NoticeKind,
        place: &PlaceRow,
        role: Role,
        but: &[AccountId],
    ) -> Result<()> {
        let told = match place.office.filter(|_| role.is_of_office()) {
            Some(office) => store::run_by(self.conn(), office).await?,
            None => store::desk_of(self.conn(), place.region).await?,
        };
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let name = DisplayName { name: &card.name, office: card.office.as_deref() };
        let notice = Notice::of(kind).naming(name.to_string());
        for account in told.into_iter().filter(|account| !but.contains(account)) {
            notice.tell(app, self, account).await?;
        }
        Ok(())
    }
}
