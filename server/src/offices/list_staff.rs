//! Who works for an office, as its administrator sees them (000§8c).

use super::running::Running;
use super::store;
use crate::accounts::{self, AccountBody};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use std::cmp::Ordering;
use std::sync::Arc;
use tsumugi_protocol::{AccountState, Role, StaffList, StaffSeen, WhichOffice};

/// † At most so many are shown; lists by name are opened and sorted in memory.
const MOST: usize = 5_000;

/// The staff of one's own office.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn list_staff(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<StaffList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let now = app.clock.now();
    let mut staff = Vec::new();
    for row in store::staff(conn, ask.office).await?.into_iter().take(MOST) {
        let body: AccountBody = bodies::open(app, row.account, &row.sealed).await?;
        let name = app.lookup.sign_in_name(&AccountBody::normal_email(&body.email));
        let locked_until = accounts::store::locked_until(conn, name.as_bytes(), now).await?;
        let card = (*app.cards.one(app, conn, row.card).await?).clone();
        let roles = row.roles.split(',').filter_map(Role::of).collect();
        let Some(state) = AccountState::of(&row.state) else { continue };
        let seen = StaffSeen {
            affiliation: row.affiliation,
            card,
            roles,
            state,
            has_entered: row.has_password,
            locked_until,
            last_act: row.last_act,
        };
        staff.push((body.kana, seen));
    }
    staff.sort_by(|(one, a), (other, b)| match one.cmp(other) {
        Ordering::Equal => a.card.account.cmp(&b.card.account),
        order => order,
    });
    Ok(StaffList { staff: staff.into_iter().map(|(_, seen)| seen).collect() })
}
