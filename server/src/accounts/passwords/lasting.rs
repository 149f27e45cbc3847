//! Until when an account's password is good, by the rules of its regions now.

use super::accept::rules_for;
use super::age::end_of;
use crate::accounts::store::{AccountRow, AffiliationRow};
use crate::app::App;
use crate::error::Result;
use tsumugi_protocol::PasswordEnd;

/// The end of an account's password, where it has one.
///
/// # Errors
/// When no password meets the rules of all its regions.
pub fn end_for(app: &App, account: &AccountRow, places: &[AffiliationRow]) -> Result<Option<PasswordEnd>> {
    if account.password_hash.is_none() {
        return Ok(None);
    }
    Ok(end_of(&rules_for(app, places)?, account.password_kind, account.password_set_at))
}
