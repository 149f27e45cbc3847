//! What the reader pledges in each of her offices, and what waits for her.

use super::store;
use super::{Asks, addressee};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, MyPledges, PledgeSheet, Task};

/// A sheet for each place, those that wait first.
///
/// # Errors
/// When rows cannot be read.
pub async fn mine(app: &App, who: &Arc<Session>) -> Result<MyPledges> {
    let mut view = app.store.view().await?;
    let now = app.clock.now();
    let mut sheets = Vec::new();
    for place in store::of_account(view.conn(), who.account).await? {
        let rules = app.policies.named(&place.profile)?;
        let asks = Asks::of(&place, &rules, now);
        let given = store::latest(view.conn(), place.id).await?.filter(|_| !asks.pledge);
        sheets.push(PledgeSheet {
            affiliation: place.id,
            card: (*app.cards.one(app, view.conn(), place.card).await?).clone(),
            version: rules.pledge_version.clone(),
            points: rules.pledge_points.clone(),
            damages: rules.damages_text.clone(),
            to: addressee(rules.staff_pledge_to),
            is_due: asks.pledge,
            lacks_training: asks.training,
            given_on: given.map(|row| row.given_on),
            trained_on: place.training_day(),
            is_training_overdue: place.is_training_overdue(&rules, now),
        });
    }
    sheets.sort_by_key(|sheet| !(sheet.is_due || sheet.lacks_training));
    Ok(MyPledges { sheets })
}

/// What waits for somebody, for her first screen.
pub struct Waiting;

impl Waiting {
    /// The tasks.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn tasks(app: &App, conn: &mut Conn, account: AccountId) -> Result<Vec<Task>> {
        let now = app.clock.now();
        let mut tasks = Vec::new();
        for place in store::of_account(conn, account).await? {
            let rules = app.policies.named(&place.profile)?;
            let asks = Asks::of(&place, &rules, now);
            tasks.extend(asks.pledge.then_some(Task::Pledge));
            let is_due = asks.training || place.is_training_overdue(&rules, now);
            tasks.extend(is_due.then_some(Task::Training));
        }
        Ok(tasks)
    }
}
