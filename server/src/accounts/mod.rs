//! People: accounts, what they are called, where they work, and who is signed in.

mod cards;
mod enter;
mod link;
mod me;
mod sessions;
mod sign_in;
mod sign_out;
pub(crate) mod store;

pub use cards::{CardBody, Cards};
pub use enter::enter;
pub use link::{FIRST_LINK_HOURS, FirstLink, hand_out_links};
pub use me::me;
pub use sessions::{Session, Sessions};
pub use sign_in::sign_in;
pub use sign_out::sign_out;

use crate::app::App;
use crate::crypto::lookup::LookupHash;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::AccountId;
use unicode_normalization::UnicodeNormalization;

/// What an account is called: the sealed part of its row.
#[derive(Serialize, Deserialize)]
pub struct AccountBody {
    /// Format of this object.
    pub v: u8,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// E-mail address as given.
    pub email: String,
}

impl AccountBody {
    /// The keyed hash by which the account of an e-mail address is found.
    #[must_use]
    pub fn found_by(app: &App, email: &str) -> LookupHash {
        app.lookup.email(&Self::normal_email(email))
    }

    /// The normal form of an e-mail address: NFKC, trimmed, lower case. Unique per server.
    #[must_use]
    pub fn normal_email(email: &str) -> String {
        email.nfkc().collect::<String>().trim().to_lowercase()
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for an account; the error is serde's.
    pub fn sealed(&self, key: &Key, id: AccountId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing an account", error))?;
        Ok(seal::seal(key, &place(id), &bytes).into_bytes())
    }

    fn open(key: &Key, id: AccountId, sealed: &[u8]) -> Result<Self> {
        let opened = seal::open(key, &place(id), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened account"))?)
    }
}

fn place(id: AccountId) -> Place<'static> {
    Place { table: "accounts", row: id.0, author: None }
}

/// An account may sign in.
pub const ACTIVE: &str = "active";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_of_an_address_do_not_matter() {
        assert_eq!(AccountBody::normal_email("　Ｍizukami@Demo.Example "), "mizukami@demo.example");
    }
}
