//! People: accounts, what they are called, where they work, and who is signed in.

mod cards;
mod enter;
mod lacks;
mod link;
mod locked;
mod lockout;
mod me;
mod pace;
pub(crate) mod proof;
mod sign_in;
mod sign_out;
pub(crate) mod store;
mod throttle;
mod turns;

pub use cards::{CardBody, Cards};
pub use enter::enter;
pub use link::{FIRST_LINK_HOURS, FirstLink, hand_out_links};
pub use me::me;
pub use pace::Pace;
pub use proof::forget_old_sign_ins;
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use throttle::Throttle;
pub use turns::Turns;

use crate::app::App;
use crate::bodies::{self, body_of};
use crate::crypto::lookup::LookupHash;
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

/// What may be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// Everything that its person may.
    Active,
    /// Reading only (000-note(2)b).
    Restricted,
    /// Nobody comes in.
    Suspended,
    /// It is closed for good.
    Closed,
}

impl AccountState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Restricted, Self::Suspended, Self::Closed];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Restricted => "restricted",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether somebody may come in.
    #[must_use]
    pub const fn may_come_in(self) -> bool {
        matches!(self, Self::Active | Self::Restricted)
    }
}

impl AccountBody {
    /// What an account is called.
    ///
    /// # Errors
    /// When the row cannot be read or opened.
    pub async fn of(app: &App, account: AccountId) -> Result<Self> {
        let sealed = {
            let mut view = app.store.view().await?;
            let row = store::account(view.conn(), account).await?;
            row.ok_or_else(|| Fault::noticed("finding an account"))?.sealed
        };
        bodies::open(app, account, &sealed).await
    }

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
}

body_of!(AccountBody, "accounts", AccountId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_of_an_address_do_not_matter() {
        assert_eq!(AccountBody::normal_email("　Ｍizukami@Demo.Example "), "mizukami@demo.example");
    }
}
