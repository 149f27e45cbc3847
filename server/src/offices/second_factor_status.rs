//! Who of an office has no second factor yet: for its admins.

use super::store;
use crate::accounts;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{Code, SecondFactorStatus, WhichOffice};

/// Who has none.
///
/// # Errors
/// `not_found` for an office that the asker does not run.
pub async fn second_factor_status(app: &App, who: &Session, ask: WhichOffice) -> Result<SecondFactorStatus> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let runs = accounts::store::offices_administered(conn, who.account).await?;
    if !runs.contains(&ask.office) {
        return Err(Code::NotFound.into());
    }
    let profile = store::profile_of(conn, ask.office).await?.ok_or(Code::NotFound)?;
    let rule = app.policies.named(&profile)?.second_factor_rule();
    let staff = store::staff_by_passkeys(conn, ask.office).await?;
    let people = u32::try_from(staff.len()).unwrap_or(u32::MAX);
    let mut without = Vec::new();
    for (card, _) in staff.into_iter().filter(|(_, passkeys)| *passkeys == 0) {
        without.push((*app.cards.one(app, conn, card).await?).clone());
    }
    Ok(SecondFactorStatus { wanted: rule.wanted, from: rule.from, without, people })
}
