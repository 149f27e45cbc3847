//! Who of an office has acknowledged the rules in force, for its administrator (002-intro3).

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::offices::{Running, store as offices};
use crate::regions::store as regions;
use crate::sessions::Session;
use std::sync::Arc;
use tsumugi_protocol::{Acknowledged, Code, RulesReader, RulesStanding, WhichOffice};

/// Everybody who works there, who has not first.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn standing(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<RulesStanding> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let office = offices::office(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let profile = regions::profile(conn, office.region).await?.ok_or(Code::OtherOffice)?;
    let version = app.policies.named(&profile)?.edition();
    let mut people = Vec::new();
    for row in store::readers(conn, ask.office).await? {
        let acknowledged = row.acknowledged.map(|(version, at)| Acknowledged { version, at });
        let is_current = acknowledged.as_ref().is_some_and(|one| one.version == version);
        people.push(RulesReader {
            card: (*app.cards.one(app, conn, row.card).await?).clone(),
            acknowledged,
            is_current,
        });
    }
    people.sort_by(|one, other| (one.is_current, &one.card.kana).cmp(&(other.is_current, &other.card.kana)));
    let missing = people.iter().filter(|person| !person.is_current).count();
    Ok(RulesStanding { version, missing: u32::try_from(missing).unwrap_or(u32::MAX), people })
}
