//! The card under which somebody of a roster writes: her own name, and the office of the account.

use super::{RosterBody, store};
use crate::accounts::CardBody;
use crate::app::App;
use crate::bodies::{self, Body};
use crate::crypto::random;
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::sessions::Session;
use crate::store::Tx;
use tsumugi_protocol::CardId;

impl Tx {
    /// The card for what is written now: the membership's own, but for a shared account that of whoever acts (c-2).
    ///
    /// # Errors
    /// When rows cannot be read, opened or written.
    pub async fn card_to_write_under(&mut self, app: &App, who: &Session, card: CardId) -> Result<CardId> {
        let Some(person) = who.acting else { return Ok(card) };
        if let Some(acting) = store::acting_card(self.conn(), card, person).await? {
            return Ok(acting);
        }
        let missing = || Fault::noticed("finding who acts");
        let sealed = store::person(self.conn(), who.account, person).await?.ok_or_else(missing)?;
        let key = app.keys.ready(seal::key_of(&sealed)?).await?;
        let line = bodies::open::<RosterBody>(app, person, &sealed).await?;
        let base = app.cards.one(app, self.conn(), card).await?;
        let acting = CardId(random::new_id(&app.clock));
        let body = CardBody {
            v: 1,
            kind: base.kind,
            name: line.name,
            kana: line.kana,
            office: base.office.clone(),
            occupation: line.occupation,
            relation: None,
            mark: None,
        };
        self.insert_acting_card(
            (card, person, acting),
            who.account,
            &body.sealed(&key, acting)?,
            app.clock.now(),
        )
        .await?;
        Ok(acting)
    }
}
