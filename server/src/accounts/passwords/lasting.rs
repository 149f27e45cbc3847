//! Until when an account's password is good, by the rules of its regions now.

use super::accept::rules_of;
use super::age::end_of;
use super::store::set_since;
use crate::app::App;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, PasswordEnd};

/// The end of an account's password, where it has one.
///
/// # Errors
/// When rows cannot be read.
pub async fn end_for(app: &App, conn: &mut Conn, account: AccountId) -> Result<Option<PasswordEnd>> {
    let Some((kind, set)) = set_since(conn, account).await? else { return Ok(None) };
    Ok(end_of(&rules_of(app, conn, account).await?, kind, set))
}
