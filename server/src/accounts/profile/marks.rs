//! The mark on somebody's card: given or taken away, it is another card.

use crate::accounts::{CardBody, store};
use crate::app::App;
use crate::bodies::Body;
use crate::crypto::{random, seal};
use crate::error::{Fault, Result};
use crate::store::Tx;
use tsumugi_protocol::{AffiliationId, Card, CardId, Mark, Millis};

impl Tx {
    /// Gives the card of a place this mark, or none; the rooms in which she wears it hear of the new one. A card that has it
    /// already stays.
    ///
    /// # Errors
    /// When rows cannot be read, opened or written.
    pub async fn mark_card(
        &mut self,
        app: &App,
        place: AffiliationId,
        mark: Option<Mark>,
        now: Millis,
    ) -> Result<()> {
        let row = store::place(self.conn(), place).await?;
        let row = row.ok_or_else(|| Fault::noticed("finding a place"))?;
        let card = app.cards.one(app, self.conn(), row.card).await?;
        if card.mark == mark {
            return Ok(());
        }
        let account = store::account(self.conn(), row.account).await?;
        let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
        let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
        let shown = Card { id: CardId(random::new_id(&app.clock)), mark, ..(*card).clone() };
        let sealed = CardBody::of(&shown).sealed(&key, shown.id)?;
        self.replace_card((place, row.account), shown.id, shown.occupation, &sealed, now).await?;
        self.wear_card(app, place, &shown).await
    }
}
