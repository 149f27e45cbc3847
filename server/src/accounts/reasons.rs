//! Why somebody did something to an account or a device: sealed beside the audit, which only refers to it.

use super::store;
use crate::app::App;
use crate::bodies::{Body, body_of};
use crate::crypto::random;
use crate::crypto::seal::{self, Key};
use crate::error::{Fault, Result};
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{AccountId, Code, Millis, Refusal, limits};
use uuid::Uuid;

/// A reason's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonId(pub Uuid);

/// The sealed part of a reason.
#[derive(Serialize, Deserialize)]
pub struct ReasonBody {
    /// Format of this object.
    pub v: u8,
    /// The text.
    pub text: String,
}

body_of!(ReasonBody, "reasons", ReasonId);

/// A reason about to be kept.
pub struct Reason {
    /// Its id, for the audit row.
    pub id: ReasonId,
    subject: Uuid,
    sealed: Vec<u8>,
}

impl Reason {
    /// Takes what was typed, sealed with the key of the account it is about.
    ///
    /// # Errors
    /// `reason_missing`; `bad_field` when it is too long.
    pub async fn of(app: &App, subject: AccountId, typed: &str) -> Result<Self> {
        let text = Self::read(typed)?;
        let row = {
            let mut view = app.store.view().await?;
            store::account(view.conn(), subject).await?
        };
        let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
        let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
        Self::about(app, subject.0, &key, text)
    }

    /// The words of a reason.
    ///
    /// # Errors
    /// `reason_missing`; `bad_field` when it is too long.
    pub fn read(typed: &str) -> Result<String, Refusal> {
        let text = typed.trim().to_owned();
        if text.is_empty() {
            return Err(Code::ReasonMissing.into());
        }
        if text.chars().count() > limits::REASON_CHARS {
            return Err(Refusal::new(Code::BadField).with("field", "reason"));
        }
        Ok(text)
    }

    /// Of words that were read, sealed with the key of what it is about.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn about(app: &App, subject: Uuid, key: &Key, text: String) -> Result<Self> {
        let id = ReasonId(random::new_id(&app.clock));
        Ok(Self { id, subject, sealed: ReasonBody { v: 1, text }.sealed(key, id)? })
    }

    /// What the audit row says of it.
    #[must_use]
    pub fn detail(&self) -> String {
        format!(r#"{{"reason":"{}"}}"#, self.id.0)
    }

    /// Keeps it; nobody in `by` is the operator of the machine.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn write(&self, tx: &mut Tx, by: Option<AccountId>, act: &str, now: Millis) -> Result<()> {
        Ok(tx.insert_reason(self.id, self.subject, by, act, &self.sealed, now).await?)
    }
}
