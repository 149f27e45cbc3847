//! Saying that one attended a training: it counts for nothing before an administrator confirms it.

use super::record::{New, entry, title};
use super::store::{self, TrainingRow};
use crate::app::App;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::pledges::Day;
use crate::pledges::store as places;
use crate::policy::Daily;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, DeclareTraining, Done, NoticeKind, TrainingState};

/// Writes it down and tells the office's administrators.
///
/// # Errors
/// `bad_field`; `not_found` for a place that is none of hers; `id_taken`; `daily_limit`; `account_restricted`; `not_while_shared`.
pub async fn declare(app: &App, who: &Arc<Session>, ask: DeclareTraining) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let on = Day::read(&ask.on, "on", now)?;
    let title = title(&ask.title)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let place = places::pledger(tx.conn(), ask.affiliation).await?;
            let place =
                place.filter(|it| it.account == who.account && !it.has_ended).ok_or(Code::NotFound)?;
            if let Some(stood) = store::training(tx.conn(), ask.training).await? {
                let same = (stood.office, stood.recorded_by) == (place.office, who.account);
                let same = same && stood.held_on == on.0.to_string();
                return if same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let most = inner.policies.named(&place.profile)?.declarations_a_day.0;
            let done = store::declared_since(tx.conn(), who.account, now.before(Daily::SPAN)).await?;
            Daily::let_one_more(done, most)?;
            let new = New { id: ask.training, office: place.office, title: &title };
            let (region, sealed) = new.sealed(&inner, tx).await?;
            let row = TrainingRow {
                id: ask.training,
                office: place.office,
                way: ask.way,
                topics: Vec::new(),
                held_on: on.0.to_string(),
                state: TrainingState::Declared,
                sealed,
                recorded_by: who.account,
            };
            tx.insert_training(&row, &[place.id], now).await?;
            inner.audit.append(tx, &entry(&who, "trainings.declare", region, (row.id, 1), now)).await?;
            let card = inner.cards.one(&inner, tx.conn(), place.card).await?;
            let notice = Notice::of(NoticeKind::TrainingDeclared).naming(card.name.clone());
            for admin in notices::store::admins_of_office(tx.conn(), place.office).await? {
                if admin != who.account {
                    notice.tell(&inner, tx, admin).await?;
                }
            }
            Ok(Done {})
        })
        .await
}
