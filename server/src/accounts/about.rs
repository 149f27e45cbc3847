//! How to tell this service from one that only looks like it (002-2.1S8).

use crate::app::App;
use tsumugi_protocol::About;

/// The official address, the one sender of mails, the support desk, the domain of those who run the service, the terms in
/// force, and whether a passkey alone may open the door.
#[must_use]
pub fn about(app: &App) -> About {
    About {
        official: app.outward.origin.clone(),
        sender: app.outward.mail.as_ref().map(|mail| mail.sender.clone()),
        support: app.outward.support.clone(),
        staff_domain: app.outward.staff_domain.clone(),
        passkey_alone: app.policies.some_passkey_alone(),
        terms: app.policies.terms_version(std::iter::empty()),
    }
}
