//! Who shares an account changes: whoever left knows its password, so that ends with it.

use super::share::{add, key_of, sealed};
use super::{changed_hands, read, store};
use crate::accounts::Reason;
use crate::accounts::overseeing::{self, Doing};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{ChangeRoster, Code, Done, Refusal, limits};

/// Adds and removes people; every session of the account ends and a new password is needed.
///
/// # Errors
/// As [`overseeing::decide`]; `reason_missing`; `not_found` for an account that is not shared, or somebody who is not on its
/// roster; `bad_field` where nothing would change, nobody would be left, or too many would be there; `id_taken`;
/// `account_restricted`.
pub async fn change_roster(app: &App, who: &Arc<Session>, ask: ChangeRoster) -> Result<Done> {
    who.let_write()?;
    let people = read(&ask.add)?;
    if people.is_empty() && ask.remove.is_empty() {
        return Err(Refusal::new(Code::BadField).with("field", "add").into());
    }
    {
        let mut view = app.store.view().await?;
        overseeing::decide(&overseeing::facts(view.conn(), who.account, ask.account).await?, Doing::Share)?;
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let lines = sealed(&key_of(app, ask.account).await?, &people)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            overseeing::decide(&overseeing::facts(tx.conn(), who.account, ask.account).await?, Doing::Share)?;
            if !store::is_shared(tx.conn(), ask.account).await? {
                return Err(Code::NotFound.into());
            }
            let there: Vec<_> =
                store::people(tx.conn(), ask.account).await?.into_iter().map(|(id, _)| id).collect();
            let is_there = ask.remove.iter().all(|id| there.contains(id));
            let left = there.iter().filter(|id| !ask.remove.contains(id)).count() + lines.len();
            if !is_there {
                return Err(Code::NotFound.into());
            }
            if left == 0 || left > limits::ROSTER {
                return Err(Refusal::new(Code::BadField).with("field", "remove").into());
            }
            for id in &ask.remove {
                tx.end_roster_person(*id, now).await?;
            }
            add(tx, ask.account, &lines, now).await?;
            changed_hands(&inner, tx, &who, (ask.account, "accounts.change_roster"), &reason, now).await?;
            Ok(Done {})
        })
        .await
}
