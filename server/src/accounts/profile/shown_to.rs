//! Whom one sees: oneself, whoever shares a room or an office with one, and the staff of a region whose desk one is.

use super::store;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::AccountId;

/// Whether the one sees the other's card, and with it her photo and marks.
///
/// # Errors
/// When rows cannot be read.
pub async fn sees(conn: &mut Conn, who: AccountId, other: AccountId) -> Result<bool> {
    Ok(who == other || store::is_seen_by(conn, who, other).await?)
}
