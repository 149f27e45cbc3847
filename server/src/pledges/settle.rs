//! What places owe follows what was given, the rules and the time; the door reads it from the place's own row.

use super::Asks;
use super::store::{self, Pledger};
use crate::app::App;
use crate::error::Result;
use crate::live;
use crate::store::Tx;
use tsumugi_protocol::{AffiliationId, Event, Millis};

/// † So many in one act, so that posts do not wait behind all of them.
const AT_ONCE: usize = 64;

/// Settles every place whose rules or time have moved on: another version of the pledge asks everybody anew.
///
/// # Errors
/// When rows cannot be read or written; then the next time tries again.
pub async fn settle(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut moved = Vec::new();
    {
        let mut view = app.store.view().await?;
        for (region, profile) in store::regions(view.conn()).await? {
            let rules = app.policies.named(&profile)?;
            for place in store::unsettled(view.conn(), region, &rules.pledge_version).await? {
                if Asks::of(&place, &rules, now) != place.asks {
                    moved.push(place.id);
                }
            }
        }
    }
    for places in moved.chunks(AT_ONCE) {
        let (inner, places) = (app.clone(), places.to_vec());
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                for place in &places {
                    tx.settle_place(&inner, *place, now).await?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

impl Tx {
    /// A new place begins: she pledges, and is trained where the rules want it, before a room opens.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn ask_newcomer(&mut self, app: &App, place: AffiliationId, now: Millis) -> Result<()> {
        self.begin_without_pledge(place).await?;
        self.settle_place(app, place, now).await
    }

    /// Keeps what a place owes now; its rooms are heard from then on, or no longer.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn settle_place(&mut self, app: &App, place: AffiliationId, now: Millis) -> Result<()> {
        let Some(place) = store::pledger(self.conn(), place).await? else { return Ok(()) };
        let asks = Asks::of(&place, &*app.policies.named(&place.profile)?, now);
        if place.has_ended || asks == place.asks {
            return Ok(());
        }
        self.set_asks(place.id, asks).await?;
        if asks.is_any() != place.asks.is_any() {
            self.turn_rooms(app, &place, asks).await?;
        }
        Ok(())
    }

    async fn turn_rooms(&mut self, app: &App, place: &Pledger, asks: Asks) -> Result<()> {
        for room in store::rooms_of(self.conn(), place).await? {
            let (inner, account) = (app.clone(), place.account);
            self.tell(move || {
                match asks.is_any() {
                    true => inner.live.part(room, account),
                    false => inner.live.join(room, account),
                }
                inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room }))
            });
        }
        Ok(())
    }
}
