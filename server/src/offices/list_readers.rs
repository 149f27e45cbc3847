//! Who reads the timelines that an office is steward of, and who is barred from them: names and counts, nothing written.

use super::running::Running;
use super::store;
use crate::accounts;
use crate::app::App;
use crate::error::Result;
use crate::rooms;
use crate::sessions::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, CardId, Millis, ReaderList, ReaderSeen, WhichOffice};

/// The people in the timelines of one's own office, in the order of their reading.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn list_readers(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<ReaderList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let barred: BTreeMap<AccountId, Millis> = store::barred(conn, ask.office).await?.into_iter().collect();
    let mut people: BTreeMap<AccountId, (CardId, u32)> = BTreeMap::new();
    for (account, card, is_in) in rooms::store::in_timelines_of(conn, ask.office).await? {
        if is_in || barred.contains_key(&account) {
            people.entry(account).or_insert((card, 0)).1 += u32::from(is_in);
        }
    }
    let mut readers = Vec::new();
    for (account, (card, timelines)) in people {
        let row = accounts::store::account(conn, account).await?;
        if row.is_some_and(|row| !row.is_closed()) {
            let card = (*app.cards.one(app, conn, card).await?).clone();
            readers.push(ReaderSeen { card, timelines, barred_since: barred.get(&account).copied() });
        }
    }
    readers.sort_by(|one, other| (&one.card.kana, one.card.id).cmp(&(&other.card.kana, other.card.id)));
    Ok(ReaderList { readers })
}
