//! The roles of an office, for those who sign for it, run it, or are of its region's desk.

use super::standing::Standing;
use super::store::{self, HolderRow};
use super::{governance, mine};
use crate::accounts::AccountBody;
use crate::app::App;
use crate::error::Result;
use crate::offices;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Code, OfficeId, OfficeRoles, Role, RoleHolder, RolePerson, RoleRules, WhichOffice};

/// † At most so many are shown; lists by name are opened and sorted in memory.
const MOST: usize = 5_000;

/// Who holds which role there, what is offered, and what the reader may do about it.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office of others; the same for one that is not there.
pub async fn of_office(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<OfficeRoles> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let office = offices::store::office(conn, ask.office).await?;
    let at = office.as_ref().map(|office| (ask.office, office.region));
    let standing = Standing::of(conn, who.account, at).await?;
    if !standing.is_desk && !standing.is_admin {
        standing.decides()?;
    }
    let profile = offices::store::profile_of(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let rules = app.policies.named(&profile)?;
    let rows = store::holders(conn, ask.office).await?;
    let holders = seen(app, conn, rows).await?;
    let rows = store::waiting_in(conn, ask.office, app.clock.now()).await?;
    let governance = governance::of(conn, ask.office, &holders).await?;
    Ok(OfficeRoles {
        offered: mine::seen(app, conn, rows).await?,
        people: people(app, conn, ask.office).await?,
        may_offer: [Role::OfficeAdmin, Role::Secretariat, Role::Committee, Role::Auditor]
            .into_iter()
            .filter(|role| standing.gives(*role).is_ok())
            .collect(),
        may_record_head: standing.gives(Role::OfficeHead).is_ok(),
        may_govern: standing.decides().is_ok(),
        governance,
        rules: RoleRules {
            min_admins: rules.min_admins.0,
            explained: rules.admin_grant_explained,
            admin_must_hold: rules.admin_must_hold.iter().copied().collect(),
        },
        holders,
    })
}

/// Holders as they are shown.
pub(super) async fn seen(app: &App, conn: &mut Conn, rows: Vec<HolderRow>) -> Result<Vec<RoleHolder>> {
    let mut all = Vec::new();
    for row in rows {
        let Some(role) = Role::of(&row.role) else { continue };
        let appointed_by = match row.appointed_by {
            Some(account) => Some(AccountBody::of(app, account).await?.name),
            None => None,
        };
        all.push(RoleHolder {
            affiliation: row.affiliation,
            card: (*app.cards.one(app, conn, row.card).await?).clone(),
            role,
            since: row.since,
            appointed_by,
            explained_on: row.explained_on,
        });
    }
    Ok(all)
}

async fn people(app: &App, conn: &mut Conn, office: OfficeId) -> Result<Vec<RolePerson>> {
    let mut people = Vec::new();
    for (affiliation, card) in store::people(conn, office).await?.into_iter().take(MOST) {
        people.push(RolePerson { affiliation, card: (*app.cards.one(app, conn, card).await?).clone() });
    }
    people
        .sort_by(|one, other| (&one.card.kana, one.affiliation).cmp(&(&other.card.kana, other.affiliation)));
    Ok(people)
}
