//! A new passkey: asked for by a session that showed a moment ago whose it is.

use super::ceremonies::{Owner, Step};
use super::list::{entry, list};
use super::prove::begun;
use super::{PasskeyBody, checked, store};
use crate::accounts::{self, AccountBody};
use crate::app::App;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::passkeys::{Answer, Passkey};
use crate::crypto::random;
use crate::crypto::seal::{self, Key};
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    BeginPasskey, Code, Next, NoticeKind, PasskeyBegun, PasskeyId, PasskeyList, RegisterPasskey,
};

/// What the browser is to make.
///
/// # Errors
/// `passkeys_not_here`; `not_while_shared`; `second_factor_required`, `password_expired`; `step_up_required`; `passkeys_full`.
pub async fn register_begin(app: &App, who: &Session, ask: BeginPasskey) -> Result<PasskeyBegun> {
    who.let_keep()?;
    let site = app.passkeys.at(&ask.origin)?;
    let (rows, account) = {
        let mut view = app.store.view().await?;
        let rows = store::of_account(view.conn(), who.account).await?;
        (rows, accounts::store::account(view.conn(), who.account).await?)
    };
    let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
    may_register(who, rows.len())?;
    app.passkeys.fresh.require(who, app.clock.now())?;
    let mut known = Vec::new();
    for row in &rows {
        known.push(bodies::open::<PasskeyBody>(app, row.id, &row.sealed).await?.passkey()?);
    }
    let name = bodies::open::<AccountBody>(app, account.id, &account.sealed).await?.name;
    let (options, state) = site.begin_registration(who.account.0, &name, &known)?;
    begun(app, Owner::Account(who.account), site.host(), Step::Register(state), options)
}

/// A session that lacks its second factor may make the account's first one, and no more.
fn may_register(who: &Session, known: usize) -> Result<(), Code> {
    match who.next.first() {
        Some(Next::SecondFactor) if known > 0 => Err(Code::SecondFactorRequired),
        Some(Next::NewPassword) => Err(Code::PasswordExpired),
        Some(Next::ActingPerson) => Err(Code::ActingPersonRequired),
        Some(Next::Rules) => Err(Code::RulesNotAcknowledged),
        Some(Next::SecondFactor) | None if known >= super::store::MOST => Err(Code::PasskeysFull),
        Some(Next::SecondFactor) | None => Ok(()),
    }
}

/// Keeps what the browser made.
///
/// # Errors
/// `passkey_failed`, whatever is wrong with it; `bad_field` for a name that cannot be shown; as [`register_begin`].
pub async fn register_finish(app: &App, who: &Arc<Session>, ask: RegisterPasskey) -> Result<PasskeyList> {
    let name = checked(&ask.name)?;
    let passkey = made(app, who, &ask).ok_or(Code::PasskeyFailed)?;
    let key = key_of(app, who).await?;
    let (id, now) = (PasskeyId(random::new_id(&app.clock)), app.clock.now());
    let sealed = PasskeyBody { v: FORMAT, key: passkey.to_text()?, name: name.clone() }.sealed(&key, id)?;
    let hash = app.lookup.passkey(passkey.id());
    let (inner, session) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&session)?;
            let known = store::count(tx.conn(), session.account).await?;
            may_register(&session, usize::try_from(known).unwrap_or(usize::MAX))?;
            if !tx.insert_passkey(id, session.account, hash.as_bytes(), &sealed, now).await? {
                return Err(Code::PasskeyFailed.into());
            }
            inner.audit.append(tx, &entry(&session, "passkeys.register_finish", id, now)).await?;
            Notice::of(NoticeKind::FactorAdded).naming(name.clone()).tell(&inner, tx, session.account).await
        })
        .await?;
    list(app, who).await
}

fn made(app: &App, who: &Session, ask: &RegisterPasskey) -> Option<Passkey> {
    let begun = app.passkeys.ceremonies.take(&ask.ceremony, app.clock.now())?;
    let Step::Register(state) = begun.step else { return None };
    if begun.owner != Owner::Account(who.account) {
        return None;
    }
    let site = app.passkeys.sites.named(&begun.site)?;
    site.finish_registration(&state, &Answer::read(&ask.credential.0)?).ok()
}

/// The key of what is sealed for an account.
pub(super) async fn key_of(app: &App, who: &Session) -> Result<Key> {
    let account = {
        let mut view = app.store.view().await?;
        accounts::store::account(view.conn(), who.account).await?
    };
    let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
    Ok(app.keys.ready(seal::key_of(&account.sealed)?).await?)
}
