//! Which roles are offered to the reader.

use super::store::{self, AppointmentRow};
use crate::accounts::AccountBody;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use tsumugi_protocol::{AppointmentList, AppointmentSeen, GovernanceRole, Role};

/// Those that wait for her answer, the oldest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn mine(app: &App, who: &Session) -> Result<AppointmentList> {
    let mut view = app.store.view().await?;
    let rows = store::waiting_for(view.conn(), who.account, app.clock.now()).await?;
    Ok(AppointmentList { appointments: seen(app, view.conn(), rows).await? })
}

/// Offers as they are shown.
pub(super) async fn seen(
    app: &App,
    conn: &mut Conn,
    rows: Vec<(AppointmentRow, tsumugi_protocol::CardId)>,
) -> Result<Vec<AppointmentSeen>> {
    let mut all = Vec::new();
    for (row, card) in rows {
        let Some(role) = Role::of(&row.role) else { continue };
        let offered_by = match row.offered_by {
            Some(account) => Some(AccountBody::of(app, account).await?.name),
            None => None,
        };
        all.push(AppointmentSeen {
            appointment: row.id,
            card: (*app.cards.one(app, conn, card).await?).clone(),
            role,
            offered_by,
            explained_on: row.explained_on,
            holds: row.holds.as_deref().and_then(GovernanceRole::of),
            offered_at: row.offered_at,
            until: row.until,
        });
    }
    Ok(all)
}
