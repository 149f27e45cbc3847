//! Cards: a person's name, office and occupation as they were when something was written. A card never changes.
//!
//! Her mark is part of it (002-gl4, 002-gl5): whoever is looked at, or no longer is, gets another card. So lists of people, the
//! confirm sheet and whatever else names her card of now show the mark of the moment, while a post keeps the mark that its
//! author had when she wrote it, as it keeps her name (c-49, B21). And a mark falls by itself with the name or occupation it
//! stood for: the new card does not have it.

use super::store;
use crate::app::App;
use crate::bodies::{Body, FORMAT, body_of};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Card, CardId, Mark, Occupation, PersonKind};

/// Past this many opened cards, memory starts anew.
const HELD: usize = 20_000;

/// The sealed part of a card.
#[derive(Clone, Serialize, Deserialize)]
pub struct CardBody {
    /// Format of this object.
    pub v: u8,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Office name, for staff.
    pub office: Option<String>,
    /// Occupation.
    pub occupation: Occupation,
    /// For family: how they are related.
    pub relation: Option<String>,
    /// That she was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// Cards that were opened lately.
#[derive(Default)]
pub struct Cards(Mutex<HashMap<CardId, Arc<Card>>>);

impl Cards {
    /// Opens cards, from memory where they were used lately. Every id asked for is in the answer.
    ///
    /// # Errors
    /// When a card cannot be read or opened.
    pub async fn open(
        &self,
        app: &App,
        conn: &mut Conn,
        wanted: impl IntoIterator<Item = CardId>,
    ) -> Result<HashMap<CardId, Arc<Card>>> {
        let wanted: BTreeSet<CardId> = wanted.into_iter().collect();
        let mut found = HashMap::with_capacity(wanted.len());
        for id in wanted {
            found.insert(id, self.one(app, conn, id).await?);
        }
        Ok(found)
    }

    /// One card.
    ///
    /// # Errors
    /// As [`Cards::open`].
    pub async fn one(&self, app: &App, conn: &mut Conn, id: CardId) -> Result<Arc<Card>> {
        let held = self.held().get(&id).cloned();
        match held {
            Some(card) => Ok(card),
            None => self.load(app, conn, id).await,
        }
    }

    async fn load(&self, app: &App, conn: &mut Conn, id: CardId) -> Result<Arc<Card>> {
        let (account, sealed) =
            store::card(conn, id).await?.ok_or_else(|| Fault::noticed("finding a card"))?;
        let key = app.keys.ready(seal::key_of(&sealed)?).await?;
        let card = Arc::new(CardBody::open(&key, id, &sealed)?.shown(id, account));
        let mut held = self.held();
        if held.len() >= HELD {
            held.clear();
        }
        held.insert(id, card.clone());
        Ok(card)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<CardId, Arc<Card>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CardBody {
    fn shown(self, id: CardId, account: AccountId) -> Card {
        Card {
            id,
            account,
            kind: self.kind,
            name: self.name,
            kana: self.kana,
            office: self.office,
            occupation: self.occupation,
            relation: self.relation,
            mark: self.mark,
        }
    }

    /// The sealed part of what is shown.
    #[must_use]
    pub fn of(card: &Card) -> Self {
        Self {
            v: FORMAT,
            kind: card.kind,
            name: card.name.clone(),
            kana: card.kana.clone(),
            office: card.office.clone(),
            occupation: card.occupation,
            relation: card.relation.clone(),
            mark: card.mark,
        }
    }
}

body_of!(CardBody, "cards", CardId);
