//! Another card of somebody in the rooms she is in: what she writes from now on is hers under it; what she wrote keeps the old one.

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::store::Tx;
use tsumugi_protocol::{AffiliationId, Card, Event, Member};

impl Tx {
    /// Replaces the card of the memberships and invitations that are held for a place. Each room hears of it.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn wear_card(&mut self, app: &App, place: AffiliationId, card: &Card) -> Result<()> {
        for mut standing in store::standings(self.conn(), card.account).await? {
            if standing.membership.affiliation != place {
                continue;
            }
            standing.refresh(self);
            let (room, mut head) = (standing.room, standing.head);
            head.change = head.change.next();
            head.member_version += 1;
            self.replace_member_card(room, card.account, card.id, head.change).await?;
            self.move_head(room, head);
            let (state, from_position) = (standing.membership.state, standing.membership.from_position);
            let member = Member { card: card.clone(), state, from_position };
            let (inner, change) = (app.clone(), head.change);
            self.tell(move || {
                let frame = live::encode(&Event::MemberChanged { room, change, member });
                inner.live.announce(&Announcement { room, change, frame })
            });
        }
        Ok(())
    }
}
