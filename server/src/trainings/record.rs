//! Writing down a training and who attended it, by whoever answers for the office's people.

use super::TrainingBody;
use super::store::{self, TrainingRow};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::offices::{self, Running};
use crate::pledges::Day;
use crate::pledges::store as places;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AffiliationId, Code, Done, Millis, OfficeId, RecordTraining, Refusal, RegionId, TrainingId,
    TrainingState, limits,
};

/// Writes it down; it counts at once for everybody who attended.
///
/// # Errors
/// `bad_field`; as [`Running::admin_or_desk`]; `not_found` for who does not work there; `id_taken`; `account_restricted`;
/// `not_while_shared`.
pub async fn record(app: &App, who: &Arc<Session>, ask: RecordTraining) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let on = Day::read(&ask.on, "on", now)?;
    let title = title(&ask.title)?;
    let topics: BTreeSet<_> = ask.topics.iter().copied().collect();
    let attended: BTreeSet<_> = ask.attended.iter().copied().collect();
    for (is_wrong, field) in [
        (topics.is_empty(), "topics"),
        (attended.is_empty() || ask.attended.len() > limits::ATTENDED, "attended"),
    ] {
        if is_wrong {
            return Err(Refusal::new(Code::BadField).with("field", field).into());
        }
    }
    let attended: Vec<AffiliationId> = attended.into_iter().collect();
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Running::admin_or_desk(tx.conn(), who.account, Some(ask.office)).await?;
            if let Some(stood) = store::training(tx.conn(), ask.training).await? {
                let same = (stood.office, stood.recorded_by) == (ask.office, who.account);
                let same = same && store::attended(tx.conn(), ask.training).await? == attended;
                return if same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            for place in &attended {
                let place = places::pledger(tx.conn(), *place).await?;
                if !place.is_some_and(|it| it.office == ask.office && !it.has_ended) {
                    return Err(Code::NotFound.into());
                }
            }
            let new = New { id: ask.training, office: ask.office, title: &title };
            let (region, sealed) = new.sealed(&inner, tx).await?;
            let row = TrainingRow {
                id: ask.training,
                office: ask.office,
                way: ask.way,
                topics: topics.iter().copied().collect(),
                held_on: on.0.to_string(),
                state: TrainingState::Held,
                sealed,
                recorded_by: who.account,
            };
            tx.insert_training(&row, &attended, now).await?;
            tx.count_training(&inner, &row, &attended, now).await?;
            let about = (row.id, attended.len());
            inner.audit.append(tx, &entry(&who, "trainings.record", region, about, now)).await?;
            Ok(Done {})
        })
        .await
}

/// What it was called.
///
/// # Errors
/// `bad_field`.
pub(super) fn title(typed: &str) -> Result<String, Refusal> {
    let title = Text::line(typed, limits::NAME_CHARS);
    title.ok_or_else(|| Refusal::new(Code::BadField).with("field", "title"))
}

/// A training to be sealed.
pub(super) struct New<'a> {
    pub id: TrainingId,
    pub office: OfficeId,
    pub title: &'a str,
}

impl New<'_> {
    /// Its title, sealed for the office; and the office's region.
    pub async fn sealed(&self, app: &App, tx: &mut Tx) -> Result<(RegionId, Vec<u8>)> {
        let office = offices::store::office(tx.conn(), self.office).await?;
        let office = office.ok_or_else(|| Fault::noticed("finding an office"))?;
        let key = app.keys.ready(seal::key_of(&office.sealed)?).await?;
        let body = TrainingBody { v: FORMAT, title: self.title.to_owned() };
        Ok((office.region, body.sealed(&key, self.id)?))
    }
}

/// The entry of an act about a training, with how many it concerns.
pub(super) fn entry(
    who: &Session,
    act: &'static str,
    region: RegionId,
    (id, people): (TrainingId, usize),
    now: Millis,
) -> Entry {
    Entry {
        at: now,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(region),
        subject: Some(id.0),
        detail: Some(format!(r#"{{"people":{people}}}"#)),
        ..Entry::default()
    }
}

impl Tx {
    /// Lets a training count for everybody who attended, in each of their places.
    pub(super) async fn count_training(
        &mut self,
        app: &App,
        row: &TrainingRow,
        attended: &[AffiliationId],
        now: Millis,
    ) -> Result<()> {
        for place in attended {
            for place in self.train(*place, &row.held_on).await? {
                self.settle_place(app, place, now).await?;
            }
        }
        Ok(())
    }
}
