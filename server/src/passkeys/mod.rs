//! Passkeys: what an account registered, the ceremonies under way, and what they open.

mod ceremonies;
mod fresh;
mod list;
mod prove;
mod recoveries;
mod recovery;
mod register;
mod sign_in;
pub(crate) mod store;

pub use fresh::Fresh;
pub use list::{list, remove, rename};
pub use prove::{prove_begin, prove_finish};
pub use recoveries::recoveries;
pub use recovery::{recovery_approve, recovery_open};
pub use register::{register_begin, register_finish};
pub use sign_in::{sign_in_begin, sign_in_finish};

use crate::bodies::body_of;
use crate::crypto::passkeys::{Passkey, Site, Sites};
use crate::error::Result;
use ceremonies::Ceremonies;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{Code, PasskeyId, Refusal, limits};
use uuid::Uuid;

/// The sealed part of a passkey.
#[derive(Serialize, Deserialize)]
pub struct PasskeyBody {
    /// Format of this object.
    pub v: u8,
    /// Public key, counter and what else the ceremony needs.
    pub key: String,
    /// What its person calls it.
    pub name: String,
}

body_of!(PasskeyBody, "passkeys", PasskeyId);

impl PasskeyBody {
    /// The passkey itself.
    ///
    /// # Errors
    /// When it was written by something else.
    pub fn passkey(&self) -> Result<Passkey> {
        Passkey::of_text(&self.key)
    }
}

/// A case of recovery.
#[derive(Clone, Copy)]
pub struct CaseId(pub Uuid);

/// The sealed part of a recovery: why.
#[derive(Serialize, Deserialize)]
pub struct RecoveryBody {
    /// Format of this object.
    pub v: u8,
    /// In the words of the admin who opened it.
    pub reason: String,
}

body_of!(RecoveryBody, "recoveries", CaseId);

/// What a running server knows of passkeys.
#[derive(Default)]
pub struct Passkeys {
    /// The hosts that can have them.
    sites: Sites,
    ceremonies: Ceremonies,
    /// Sessions that showed a moment ago who they are.
    pub fresh: Fresh,
}

impl Passkeys {
    /// For a server with these origins.
    #[must_use]
    pub fn of(origins: &[String]) -> Self {
        Self { sites: Sites::of(origins), ..Self::default() }
    }

    /// The site of the page that asks.
    ///
    /// # Errors
    /// `passkeys_not_here`.
    fn at(&self, origin: &str) -> Result<&Site> {
        Ok(self.sites.at(origin).ok_or(Code::PasskeysNotHere)?)
    }
}

/// A name that can be shown.
fn checked(name: &str) -> Result<String> {
    let name = name.trim();
    let is_good =
        !name.is_empty() && name.chars().count() <= limits::NAME_CHARS && !name.chars().any(char::is_control);
    if is_good {
        Ok(name.to_owned())
    } else {
        Err(Refusal::new(Code::BadField).with("field", "name").with("column", 0).into())
    }
}
