//! People: accounts, what they are called, where they work, and who is signed in.

mod cards;
mod enter;
mod link;
mod lookups;
mod me;
mod pace;
mod sessions;
mod sign_in;
mod sign_out;
pub(crate) mod store;
mod throttle;

pub use cards::{CardBody, Cards};
pub use enter::enter;
pub use link::{FIRST_LINK_HOURS, FirstLink, hand_out_links};
pub use lookups::Lookups;
pub use me::me;
pub use pace::Pace;
pub use sessions::{Session, Sessions};
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use throttle::Throttle;

use crate::app::App;
use crate::bodies::body_of;
use crate::crypto::lookup::LookupHash;
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
