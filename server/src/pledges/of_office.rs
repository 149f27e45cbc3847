//! The collection list of an office: whose pledge it has, whose it has not, and those of people who left (004§7b).

use super::store::{self, PledgeRow, Pledger};
use super::{Asks, PledgeBody, addressee};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::Running;
use crate::offices::store as offices;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::HashMap;
use std::sync::Arc;
use tsumugi_protocol::{AffiliationId, Code, PledgeList, PledgeSeen, WhichOffice};

/// † At most so many are shown.
const MOST: usize = 5_000;

/// The list, for the office's administrator and the region's desk.
///
/// # Errors
/// As [`Running::admin_or_desk`].
pub async fn of_office(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<PledgeList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::admin_or_desk(conn, who.account, Some(ask.office)).await?;
    let profile = offices::profile_of(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let rules = app.policies.named(&profile)?;
    let mut latest: HashMap<AffiliationId, PledgeRow> = HashMap::new();
    for row in store::pledges(conn, ask.office).await? {
        latest.insert(row.affiliation, row);
    }
    let (mut people, mut left) = (Vec::new(), Vec::new());
    for place in store::of_office(conn, ask.office).await?.into_iter().rev().take(MOST) {
        let row = latest.remove(&place.id);
        if place.has_ended && row.is_none() {
            continue;
        }
        let is_here = !place.has_ended;
        let shown = seen(app, conn, (&place, &rules), row).await?;
        if is_here { people.push(shown) } else { left.push(shown) }
    }
    people.sort_by(|one, other| {
        let order = |seen: &PledgeSeen| (!seen.is_missing, seen.card.kana.clone(), seen.affiliation);
        order(one).cmp(&order(other))
    });
    Ok(PledgeList {
        office: ask.office,
        version: rules.pledge_version.clone(),
        to: addressee(rules.staff_pledge_to),
        may_be_waived: rules.staff_pledge_waiver,
        people,
        left,
    })
}

async fn seen(
    app: &App,
    conn: &mut Conn,
    (place, rules): (&Pledger, &Profile),
    row: Option<PledgeRow>,
) -> Result<PledgeSeen> {
    let body = match &row {
        Some(row) => Some(bodies::open::<PledgeBody>(app, row.id, &row.sealed).await?),
        None => None,
    };
    let (original_with, copy_with, document) =
        body.map(|body| (body.original_with, body.copy_with, body.document)).unwrap_or_default();
    Ok(PledgeSeen {
        affiliation: place.id,
        card: (*app.cards.one(app, conn, place.card).await?).clone(),
        since: place.since,
        is_missing: !place.has_ended && Asks::of(place, rules, app.clock.now()).pledge,
        way: row.as_ref().map(|row| row.way),
        on: row.as_ref().map(|row| row.given_on.clone()),
        version: row.map(|row| row.version),
        original_with,
        copy_with,
        document,
    })
}
