//! What a person is told about her own account: on screen, and by a mail that says nothing of anybody.
//!
//! Every verb tells inside its own act: `Notice::of(NoticeKind::Locked).tell(app, tx, account)`. The row, and the mail
//! where its kind wants one, come with the act's commit or not at all.

mod deliver;
mod letter;
mod list;
mod seen;
mod smtp;
pub(crate) mod store;
mod words;

pub use deliver::deliver;
pub use letter::{Letter, Way};
pub use list::list;
pub use seen::seen;

use crate::accounts::{self, AccountBody, Address};
use crate::app::App;
use crate::bodies::{Body, FORMAT, body_of};
use crate::crypto::{random, seal};
use crate::error::{Fault, Result};
use crate::live;
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{AccountId, Event, NoticeId, NoticeKind};

/// Something to tell a person.
#[derive(Debug, Clone)]
pub struct Notice {
    kind: NoticeKind,
    name: Option<String>,
    also_to: Option<Address>,
    by_mail: bool,
}

/// The sealed part of a notice.
#[derive(Serialize, Deserialize)]
pub struct NoticeBody {
    /// Format of this object.
    pub v: u8,
    /// What it is about: a device's or a key's name, a colleague's.
    pub name: String,
}

body_of!(NoticeBody, "notices", NoticeId);

impl Notice {
    /// A notice of a kind.
    #[must_use]
    pub fn of(kind: NoticeKind) -> Self {
        Self { kind, name: None, also_to: None, by_mail: true }
    }

    /// Says what it is about, on screen only: no mail ever names anything.
    #[must_use]
    pub fn naming(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sends the mail to this address as well: one that was the account's until now.
    #[must_use]
    pub fn also_to(mut self, address: Address) -> Self {
        self.also_to = Some(address);
        self
    }

    /// Sends no mail: another one says it already.
    #[must_use]
    pub fn on_screen_only(mut self) -> Self {
        self.by_mail = false;
        self
    }

    /// Tells an account, with the commit of this act. An account that is not there is told nothing.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn tell(&self, app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
        let Some(row) = accounts::store::account(tx.conn(), account).await? else { return Ok(()) };
        let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
        let (id, now) = (NoticeId(random::new_id(&app.clock)), app.clock.now());
        let body = self.name.as_ref().map(|name| NoticeBody { v: FORMAT, name: name.clone() });
        let sealed = body.map(|body| body.sealed(&key, id)).transpose()?;
        tx.insert_notice(id, account, self.kind, sealed.as_deref(), now).await?;
        let own = Address::read(&AccountBody::open(&key, row.id, &row.sealed)?.email);
        for to in own.into_iter().chain(self.also_to.clone()).filter(|_| self.by_mail) {
            Letter::notice(self.kind, to, row.lang).post(app, tx, account, &key).await?;
        }
        let (inner, noticed) = (app.clone(), live::encode(&Event::Noticed));
        tx.tell(move || inner.live.tell(account, None, &noticed));
        Ok(())
    }

    /// Tells the administrators of every office that an account works for, save herself.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn tell_admins_of(&self, app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
        for admin in store::admins_of(tx.conn(), account).await? {
            if admin != account {
                self.tell(app, tx, admin).await?;
            }
        }
        Ok(())
    }
}

/// A kind that a row has and nobody knows.
fn unknown() -> Fault {
    Fault::noticed("reading a notice of an unknown kind")
}
