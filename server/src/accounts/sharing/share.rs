//! Registering an account as shared: with a reason, somebody who answers for it, and a roster.

use super::rules::{self, Facts};
use super::{RosterBody, changed_hands, ids, offices_of, read, store};
use crate::accounts::overseeing::{self, Doing};
use crate::accounts::{self, Reason};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal::{self, Key};
use crate::error::Result;
use crate::sessions::{Session, store as sessions};
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, Code, Done, Refusal, RosterPerson, RosterPersonId, ShareAccount,
};

/// From now on whoever signs in with it says who acts.
///
/// # Errors
/// As [`overseeing::Facts::decide`] and [`rules::decide`]; `step_up_required`; `reason_missing`; `bad_field` for an empty roster; `id_taken` for an
/// account that has another one already; `account_restricted`.
pub async fn share(app: &App, who: &Arc<Session>, ask: ShareAccount) -> Result<Done> {
    who.let_write()?;
    let people = {
        let mut view = app.store.view().await?;
        may_share(app, view.conn(), who, &ask).await?;
        read(&ask.roster, &offices_of(app, view.conn(), ask.account).await?)?
    };
    app.passkeys.fresh.require(who, app.clock.now())?;
    if people.is_empty() {
        return Err(Refusal::new(Code::BadField).with("field", "roster").into());
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let key = key_of(app, ask.account).await?;
    let lines = sealed(&key, &people)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            may_share(&inner, tx.conn(), &who, &ask).await?;
            if store::is_shared(tx.conn(), ask.account).await? {
                let mut there: Vec<_> =
                    store::people(tx.conn(), ask.account).await?.into_iter().map(|(id, _)| id).collect();
                let mut asked: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
                there.sort_unstable();
                asked.sort_unstable();
                return if there == asked { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            tx.insert_shared_account(ask.account, ask.responsible, now).await?;
            add(tx, ask.account, &lines, now).await?;
            let came = format!(r#""added":[{}]"#, ids(lines.iter().map(|(id, _)| id)));
            changed_hands(&inner, tx, &who, (ask.account, "accounts.share"), (&reason, &came), now).await?;
            Ok(Done {})
        })
        .await
}

/// The key that seals what belongs to an account.
pub(super) async fn key_of(app: &App, account: AccountId) -> Result<Key> {
    let row = {
        let mut view = app.store.view().await?;
        accounts::store::account(view.conn(), account).await?.ok_or(Code::NotFound)?
    };
    Ok(app.keys.ready(seal::key_of(&row.sealed)?).await?)
}

/// The lines of a roster, sealed.
pub(super) fn sealed(key: &Key, people: &[RosterPerson]) -> Result<Vec<(RosterPersonId, Vec<u8>)>> {
    let line = |person: &RosterPerson| {
        let (name, kana) = (person.name.clone(), person.kana.clone());
        let body = RosterBody { v: FORMAT, name, kana, occupation: person.occupation };
        Ok((person.id, body.sealed(key, person.id)?))
    };
    people.iter().map(line).collect()
}

/// Keeps lines of a roster.
pub(super) async fn add(
    tx: &mut Tx,
    account: AccountId,
    lines: &[(RosterPersonId, Vec<u8>)],
    now: tsumugi_protocol::Millis,
) -> Result<()> {
    for (id, sealed) in lines {
        if store::is_taken(tx.conn(), *id).await? {
            return Err(Code::IdTaken.into());
        }
        tx.insert_roster_person(*id, account, sealed, now).await?;
    }
    Ok(())
}

async fn may_share(app: &App, conn: &mut Conn, who: &Session, ask: &ShareAccount) -> Result<()> {
    overseeing::Facts::of(app, conn, who.account, ask.account).await?.decide(Doing::Share)?;
    let account = accounts::store::account(conn, ask.account).await?.ok_or(Code::NotFound)?;
    let profiles = sessions::profiles_of(conn, ask.account).await?;
    let responsible = accounts::store::account(conn, ask.responsible).await?;
    let ties = accounts::store::ties(conn, ask.responsible, ask.account).await?;
    let works_there = store::work_together(conn, ask.responsible, ask.account).await?;
    let is_shared_too = store::is_shared(conn, ask.responsible).await?;
    let facts = Facts {
        rule: app.policies.shared_account(profiles.iter().map(String::as_str)),
        kind: account.kind,
        is_used: account.password_hash.is_some(),
        is_answered_for: works_there
            && !is_shared_too
            && ask.responsible != ask.account
            && responsible.is_some_and(|row| row.state == AccountState::Active),
        by_an_admin: ties.as_admin,
        has_role: store::holds_a_role(conn, ask.account).await?,
    };
    // What was shared once stays what it was: a retry is no second decision.
    if store::is_shared(conn, ask.account).await? {
        return Ok(());
    }
    Ok(rules::decide(&facts)?)
}
