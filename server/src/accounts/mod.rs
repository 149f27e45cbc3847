//! People: accounts, what they are called, where they work, and who is signed in.

mod about;
mod address;
mod admissions;
mod arrival;
mod cards;
mod change_password;
mod close;
mod display_name;
mod email;
mod emergency;
mod enter;
mod forgot;
mod leaving;
mod link;
mod locked;
mod lockout;
mod me;
mod operator;
mod overseeing;
mod pace;
pub(crate) mod passwords;
mod privileges;
pub(crate) mod profile;
pub(crate) mod proof;
mod prove;
mod reasons;
mod renewal;
mod reset;
mod seats;
mod set_state;
mod sharing;
mod sign_in;
mod sign_out;
pub(crate) mod store;
mod support;
mod throttle;
mod turns;
mod unlock;

pub use about::about;
pub use address::Address;
pub use admissions::{
    AdmissionBody, Asking, NewAdmission, accept_admission, decline_admission, list_admissions,
};
pub use arrival::Arrival;
pub use cards::{CardBody, Cards};
pub use change_password::change_password;
pub use close::close;
pub use display_name::DisplayName;
pub use email::{change_email, confirm_email};
pub use emergency::{declare_exception, enter_by_exception};
pub use enter::enter;
pub use forgot::{Forgotten, forgot};
pub use leaving::Left;
pub use link::{FirstLink, LinkPurpose, MailedForm, MailedLink, hand_out_link, hand_out_links};
pub use me::me;
pub use operator::{AccountSeen, all, close_as_operator, set_state_as_operator, unlock_as_operator};
pub use overseeing::{Doing, Facts};
pub use pace::Pace;
pub use privileges::{Attempts, note_refusal};
pub use profile::{
    Completeness, Picture, Pictures, Size, change_profile, faces, photo, remove_photo, set_photo,
};
pub use proof::forget_old_sign_ins;
pub use prove::prove;
pub use reasons::{Reason, ReasonBody, ReasonId};
pub use renewal::NextLink;
pub use reset::{admin_reset, reset};
pub use seats::Seat;
pub use set_state::set_state;
pub use sharing::{act_as, change_roster, roster, share, unshare};
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use support::{CaseDays, SupportCase, close_for, open_support_case};
pub use throttle::Throttle;
pub use turns::Turns;
pub use unlock::unlock;

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
