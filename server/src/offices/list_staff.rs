//! Who works for an office, as its administrator and its region's desk see them (000§8c).

use super::running::{Running, is_its_desk};
use super::store;
use crate::accounts::{self, AccountBody};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{AccountState, Code, Millis, Role, StaffList, StaffSeen, WhichOffice};

/// † At most so many are shown; lists by name are opened and sorted in memory.
const MOST: usize = 5_000;

/// The staff of an office that one runs, or that is of one's desk's region.
///
/// # Errors
/// `office_admin_only`; `other_office` for an admin of others; the same for an office that is not there.
pub async fn list_staff(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<StaffList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    if !is_its_desk(conn, who.account, ask.office).await? {
        Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    }
    let profile = store::profile_of(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let unused_for = app.policies.named(&profile)?.unused_for();
    let sharing = app.policies.shared_account(std::iter::once(profile.as_str()));
    let now = app.clock.now();
    let mut staff = Vec::new();
    for row in store::staff(conn, ask.office).await?.into_iter().take(MOST) {
        let body: AccountBody = bodies::open(app, row.account, &row.sealed).await?;
        let name = app.lookup.sign_in_name(&AccountBody::normal_email(&body.email));
        let locked_until = accounts::store::locked_until(conn, name.as_bytes(), now).await?;
        let card = (*app.cards.one(app, conn, row.card).await?).clone();
        let roles: Vec<Role> = row.roles.split(',').filter_map(Role::of).collect();
        let Some(state) = AccountState::of(&row.state) else { continue };
        let seen = StaffSeen {
            affiliation: row.affiliation,
            card,
            may_be_shared: !row.is_shared
                && roles.is_empty()
                && if row.has_password { sharing.lets_persons() } else { sharing.lets_departments() },
            roles,
            state,
            has_entered: row.has_password,
            is_shared: row.is_shared,
            locked_until,
            unused_since: unused_since(row.last_act.unwrap_or(row.since), now, unused_for),
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

fn unused_since(last: Millis, now: Millis, longest: Duration) -> Option<Millis> {
    (now.since(last) >= longest).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_is_told_to_the_millisecond() {
        let days = Duration::from_secs(90 * 24 * 60 * 60);
        let end = Millis(7).plus(days);
        assert_eq!(unused_since(Millis(7), Millis(end.0 - 1), days), None);
        assert_eq!(unused_since(Millis(7), end, days), Some(Millis(7)));
        assert_eq!(unused_since(end, Millis(7), days), None, "a clock that was put back");
    }
}
