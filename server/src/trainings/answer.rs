//! An administrator, or the desk, says whether somebody attended what she says she did.

use super::record::entry;
use super::store::{self, TrainingRow};
use crate::app::App;
use crate::error::Result;
use crate::offices::{self, Running};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, TrainingState, WhichTraining};

/// Confirms it: it counts from now on.
///
/// # Errors
/// As [`answer`].
pub async fn confirm(app: &App, who: &Arc<Session>, ask: WhichTraining) -> Result<Done> {
    answer(app, who, ask, TrainingState::Held, "trainings.confirm").await
}

/// Does not.
///
/// # Errors
/// As [`answer`].
pub async fn reject(app: &App, who: &Arc<Session>, ask: WhichTraining) -> Result<Done> {
    answer(app, who, ask, TrainingState::Rejected, "trainings.reject").await
}

/// # Errors
/// As [`Running::admin_or_desk`], the same for one that is not there; as [`decide`]; `account_restricted`; `not_while_shared`.
async fn answer(
    app: &App,
    who: &Arc<Session>,
    ask: WhichTraining,
    answer: TrainingState,
    act: &'static str,
) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::training(tx.conn(), ask.training).await?;
            Running::admin_or_desk(tx.conn(), who.account, row.as_ref().map(|row| row.office)).await?;
            let row = row.ok_or(Code::OtherOffice)?;
            if !decide(&row, answer, row.recorded_by == who.account)? {
                return Ok(Done {});
            }
            tx.decide_training(row.id, answer, who.account, now).await?;
            let attended = store::attended(tx.conn(), row.id).await?;
            if answer == TrainingState::Held {
                tx.count_training(&inner, &row, &attended, now).await?;
            }
            let office = offices::store::office(tx.conn(), row.office).await?.ok_or(Code::OtherOffice)?;
            let about = (row.id, attended.len());
            inner.audit.append(tx, &entry(&who, act, office.region, about, now)).await?;
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to write.
///
/// # Errors
/// `not_found` for what is no declaration any more, but for the same answer again; `not_for_yourself`.
fn decide(row: &TrainingRow, answer: TrainingState, is_own: bool) -> Result<bool, Code> {
    match (row.state, row.topics.is_empty()) {
        (state, true) if state == answer => Ok(false),
        (TrainingState::Declared, _) if is_own => Err(Code::NotForYourself),
        (TrainingState::Declared, _) => Ok(true),
        (TrainingState::Held | TrainingState::Rejected, _) => Err(Code::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AccountId, OfficeId, TrainingId, TrainingTopic, TrainingWay};
    use uuid::Uuid;

    #[test]
    fn what_is_answered_by_table() {
        use TrainingState::{Declared, Held, Rejected};
        let row = |state, topics: &[TrainingTopic]| TrainingRow {
            id: TrainingId(Uuid::nil()),
            office: OfficeId(Uuid::nil()),
            way: TrainingWay::Video,
            topics: topics.to_vec(),
            held_on: "2026-03-01".to_owned(),
            state,
            sealed: Vec::new(),
            recorded_by: AccountId(Uuid::nil()),
        };
        for (row, answer, is_own, expected) in [
            (row(Declared, &[]), Held, false, Ok(true)),
            (row(Declared, &[]), Rejected, false, Ok(true)),
            (row(Declared, &[]), Held, true, Err(Code::NotForYourself)),
            (row(Held, &[]), Held, false, Ok(false)),
            (row(Held, &[]), Rejected, false, Err(Code::NotFound)),
            (row(Rejected, &[]), Held, false, Err(Code::NotFound)),
            (row(Held, &[TrainingTopic::Rules]), Held, false, Err(Code::NotFound)),
            (row(Held, &[TrainingTopic::Rules]), Rejected, false, Err(Code::NotFound)),
        ] {
            assert_eq!(decide(&row, answer, is_own), expected, "{row:?} {answer:?} {is_own}");
        }
    }
}
