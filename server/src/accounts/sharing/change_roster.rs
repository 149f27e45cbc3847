//! Who shares an account changes: whoever left knows its password, so that ends with it.

use super::share::{add, key_of, sealed};
use super::{changed_hands, ids, offices_of, read, store};
use crate::accounts::Reason;
use crate::accounts::overseeing::{Doing, Facts};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{ChangeRoster, Code, Done, Refusal, limits};

/// Adds and removes people; every session of the account ends and a new password is needed.
///
/// # Errors
/// As [`Facts::decide`]; `step_up_required`; `reason_missing`; `not_found` for an account that is not shared, or somebody who is not on its
/// roster; `bad_field` where nothing would change, nobody would be left, or too many would be there; `id_taken`;
/// `account_restricted`.
pub async fn change_roster(app: &App, who: &Arc<Session>, ask: ChangeRoster) -> Result<Done> {
    who.let_write()?;
    if ask.add.is_empty() && ask.remove.is_empty() {
        return Err(Refusal::new(Code::BadField).with("field", "add").into());
    }
    let people = {
        let mut view = app.store.view().await?;
        Facts::of(app, view.conn(), who.account, ask.account).await?.decide(Doing::Share)?;
        read(&ask.add, &offices_of(app, view.conn(), ask.account).await?)?
    };
    app.passkeys.fresh.require(who, app.clock.now())?;
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let lines = sealed(&key_of(app, ask.account).await?, &people)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Facts::of(&inner, tx.conn(), who.account, ask.account).await?.decide(Doing::Share)?;
            if !store::is_shared(tx.conn(), ask.account).await? {
                return Err(Code::NotFound.into());
            }
            let there: Vec<_> =
                store::people(tx.conn(), ask.account).await?.into_iter().map(|(id, _)| id).collect();
            // What an earlier ask did already is done.
            let lines: Vec<_> = lines.iter().filter(|(id, _)| !there.contains(id)).cloned().collect();
            let remove: BTreeSet<_> = ask.remove.iter().copied().collect();
            let leaving: Vec<_> = remove.iter().filter(|id| there.contains(id)).copied().collect();
            for id in &remove {
                store::person(tx.conn(), ask.account, *id).await?.ok_or(Code::NotFound)?;
            }
            if lines.is_empty() && leaving.is_empty() {
                return Ok(Done {});
            }
            let left = there.len() - leaving.len() + lines.len();
            if left == 0 || left > limits::ROSTER {
                return Err(Refusal::new(Code::BadField).with("field", "remove").into());
            }
            for id in &leaving {
                tx.end_roster_person(*id, now).await?;
            }
            add(tx, ask.account, &lines, now).await?;
            let (came, went) = (ids(lines.iter().map(|(id, _)| id)), ids(leaving.iter()));
            let changed = format!(r#""added":[{came}],"removed":[{went}]"#);
            let act = (ask.account, "accounts.change_roster");
            changed_hands(&inner, tx, &who, act, (&reason, &changed), now).await?;
            Ok(Done {})
        })
        .await
}
