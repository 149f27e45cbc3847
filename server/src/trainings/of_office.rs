//! The trainings of an office, and who of its people is due.

use super::{TrainingBody, store};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::Running;
use crate::offices::store as offices;
use crate::pledges::Asks;
use crate::pledges::store as places;
use crate::sessions::Session;
use std::sync::Arc;
use tsumugi_protocol::{Code, Trainee, TrainingList, TrainingSeen, WhichOffice};

/// † At most so many trainings.
const MOST: i64 = 200;

/// The list, for the office's administrator and the region's desk.
///
/// # Errors
/// As [`Running::admin_or_desk`].
pub async fn of_office(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<TrainingList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Running::admin_or_desk(conn, who.account, Some(ask.office)).await?;
    let profile = offices::profile_of(conn, ask.office).await?.ok_or(Code::OtherOffice)?;
    let (rules, now) = (app.policies.named(&profile)?, app.clock.now());
    let mut trainings = Vec::new();
    for row in store::of_office(conn, ask.office, MOST).await? {
        trainings.push(TrainingSeen {
            training: row.id,
            title: bodies::open::<TrainingBody>(app, row.id, &row.sealed).await?.title,
            way: row.way,
            topics: row.topics,
            on: row.held_on,
            state: row.state,
            attended: store::attended(conn, row.id).await?,
        });
    }
    let mut people = Vec::new();
    for place in places::of_office(conn, ask.office).await?.into_iter().filter(|place| !place.has_ended) {
        people.push(Trainee {
            affiliation: place.id,
            card: (*app.cards.one(app, conn, place.card).await?).clone(),
            trained_on: place.training_day(),
            is_overdue: place.is_training_overdue(&rules, now),
            is_kept_out: Asks::of(&place, &rules, now).training,
        });
    }
    people.sort_by(|one, other| {
        let order = |seen: &Trainee| {
            (!(seen.is_kept_out || seen.is_overdue), seen.card.kana.clone(), seen.affiliation)
        };
        order(one).cmp(&order(other))
    });
    Ok(TrainingList { is_gate: rules.training_gate, months: rules.training_period.0, trainings, people })
}
