//! A proof by passkey of somebody who is known: the second factor after a password, or the step-up before a dangerous act.

use super::ceremonies::{Owner, Step};
use super::store::{self, PasskeyRow};
use super::{PasskeyBody, Passkeys};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body};
use crate::crypto::passkeys::{Assertion, Flaw, Passkey, Proving};
use crate::crypto::seal;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::sessions::{self, NewSession, Origin, Session};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    BeginPasskey, Code, Factor, Next, PasskeyBegun, ProvePasskey, Refusal, WebAuthn, limits,
};

/// What the browser is to show.
///
/// # Errors
/// `passkeys_not_here`; `passkey_failed` where the account has none for this site.
pub async fn prove_begin(app: &App, who: &Session, ask: BeginPasskey) -> Result<PasskeyBegun> {
    let site = app.passkeys.at(&ask.origin)?;
    let rows = {
        let mut view = app.store.view().await?;
        store::of_account(view.conn(), who.account).await?
    };
    let mut known = Vec::new();
    for row in &rows {
        known.push(bodies::open::<PasskeyBody>(app, row.id, &row.sealed).await?.passkey()?);
    }
    known.retain(|passkey: &Passkey| passkey.site() == site.host());
    if known.is_empty() {
        return Err(Code::PasskeyFailed.into());
    }
    let (options, state) = site.begin_proof(&known)?;
    begun(app, Owner::Account(who.account), site.host(), Step::Prove(state), options)
}

/// Keeps a ceremony and names it.
pub(super) fn begun(
    app: &App,
    owner: Owner,
    host: &str,
    step: Step,
    options: serde_json::Value,
) -> Result<PasskeyBegun> {
    let kept = app.passkeys.ceremonies.begin(owner, host, step, app.clock.now());
    let ceremony = kept.ok_or(Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS))?;
    Ok(PasskeyBegun { ceremony, options: WebAuthn(options) })
}

/// Completes the session, or makes it fresh; either way it gets a new token.
///
/// # Errors
/// `passkey_failed`, whatever is wrong; as [`Opening::replace`](crate::sessions::Opening::replace).
pub async fn prove_finish(
    app: &App,
    origin: &Origin,
    who: &Arc<Session>,
    ask: ProvePasskey,
) -> Result<(Secret, Session)> {
    let (state, site) = app.passkeys.proving(app, who, &ask.ceremony).ok_or(Code::PasskeyFailed)?;
    let sent = Assertion::read(&ask.credential.0).ok_or(Code::PasskeyFailed)?;
    let shown = shown(app, &sent, state, &site).await?;
    if shown.row.account != who.account {
        return Err(Code::PasskeyFailed.into());
    }
    let mut factors = who.factors.clone();
    factors.push(Factor::Passkey);
    factors.sort_unstable();
    factors.dedup();
    let rule = {
        let mut view = app.store.view().await?;
        let profiles = sessions::store::profiles_of(view.conn(), who.account).await?;
        app.policies.second_factor(profiles.iter().map(String::as_str))
    };
    // Where only certificates count, a passkey proves who she is and completes nothing.
    let is_enough = rule.next(&factors, true, app.clock.now()).is_none();
    let next: Vec<Next> =
        who.next.iter().copied().filter(|next| *next != Next::SecondFactor || !is_enough).collect();
    let new = NewSession::after(app, who, &factors, &next);
    let now = app.clock.now();
    let opening = new.rows("passkeys.prove_finish", origin, now);
    let (inner, old) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&old)?;
            shown.write(&inner, tx).await?;
            opening.replace(&inner, tx, &old).await
        })
        .await?;
    app.passkeys.fresh.note(new.session.id, now);
    Ok((new.token, new.session))
}

impl Passkeys {
    /// The proof of an account under way; it is used up by this.
    fn proving(&self, app: &App, who: &Session, ceremony: &str) -> Option<(Proving, String)> {
        let begun = self.ceremonies.take(ceremony, app.clock.now())?;
        let Step::Prove(state) = begun.step else { return None };
        (begun.owner == Owner::Account(who.account)).then_some((state, begun.site))
    }
}

/// A passkey that was shown, and what is to be kept of that.
pub(super) struct Shown {
    /// As it was stored.
    pub row: PasskeyRow,
    sealed: Vec<u8>,
}

impl Shown {
    /// Keeps its counter. Of two proofs at once one wins.
    ///
    /// # Errors
    /// `passkey_failed`.
    pub async fn write(&self, app: &App, tx: &mut Tx) -> Result<()> {
        let now = app.clock.now();
        if tx.use_passkey(self.row.id, self.row.uses, &self.sealed, now).await? {
            Ok(())
        } else {
            Err(Code::PasskeyFailed.into())
        }
    }
}

/// The passkey that made an assertion, if it did.
///
/// # Errors
/// `passkey_failed`.
pub(super) async fn shown(app: &App, sent: &Assertion, state: Proving, host: &str) -> Result<Shown> {
    let site = app.passkeys.sites.named(host).ok_or(Code::PasskeyFailed)?;
    let found = {
        let mut view = app.store.view().await?;
        store::by_hash(view.conn(), app.lookup.passkey(sent.key_id()).as_bytes()).await?
    };
    let row = found.filter(|row| sent.is_of(row.account.0)).ok_or(Code::PasskeyFailed)?;
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    let body = PasskeyBody::open(&key, row.id, &row.sealed)?;
    let mut passkey = body.passkey()?;
    match site.finish_proof(state, sent, &mut passkey) {
        Ok(()) => {}
        Err(Flaw::Wrong) => return Err(Code::PasskeyFailed.into()),
        Err(Flaw::CounterBack) => {
            counter_went_back(app, &row).await?;
            return Err(Code::PasskeyFailed.into());
        }
    }
    let sealed = PasskeyBody { key: passkey.to_text()?, ..body }.sealed(&key, row.id)?;
    Ok(Shown { row, sealed })
}

/// There may be two of the key: said in the log and in the audit, never to whoever asked.
async fn counter_went_back(app: &App, row: &PasskeyRow) -> Result<()> {
    tracing::warn!(passkey = %row.id, "the counter of a passkey did not rise: it may have been copied");
    let now = app.clock.now();
    let entry = Entry { at: now, act: "passkeys.counter_back", subject: Some(row.id.0), ..Entry::default() };
    let inner = app.clone();
    app.store.act(async move |tx: &mut Tx| -> Result<()> { Ok(inner.audit.append(tx, &entry).await?) }).await
}
