//! What the operator of the machine decides where a desk cannot: nobody reviews herself, and a desk may be one person. She is
//! shown no document; what she has seen is in the reason.

use super::rules::{self, Facts};
use super::settle::{Decider, settle};
use super::{DecisionBody, store};
use crate::accounts::{self, AccountBody, Reason};
use crate::app::App;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::store::Tx;
use tsumugi_protocol::{Code, Millis, Occupation, Verdict, VerificationId};

/// What waits, as the operator sees it.
pub struct WaitingSeen {
    /// Its id.
    pub id: VerificationId,
    /// The holder's address.
    pub email: String,
    /// The occupation it is about.
    pub occupation: Occupation,
    /// When it was asked for.
    pub asked_at: Millis,
}

/// Everything that waits, the oldest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn all_waiting(app: &App) -> Result<Vec<WaitingSeen>> {
    let mut view = app.store.view().await?;
    let mut seen = Vec::new();
    for row in store::all_waiting(view.conn()).await? {
        let account = accounts::store::account(view.conn(), row.account).await?;
        let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
        let email = bodies::open::<AccountBody>(app, row.account, &account.sealed).await?.email;
        seen.push(WaitingSeen { id: row.id, email, occupation: row.occupation, asked_at: row.asked_at });
    }
    Ok(seen)
}

/// Approves or rejects in the desk's stead.
///
/// # Errors
/// `reason_missing`; `bad_field`; `not_found`; `verification_decided`.
pub async fn decide_as_operator(app: &App, id: VerificationId, verdict: Verdict, why: &str) -> Result<()> {
    let reason = Reason::read(why)?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let row = store::verification(tx.conn(), id).await?.ok_or(Code::NotFound)?;
            let facts = Facts { state: row.state, is_desk: true, is_own: false, is_hers: false };
            let Some(state) = rules::decide(facts, verdict)? else { return Ok(()) };
            let account = accounts::store::account(tx.conn(), row.account).await?;
            let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
            let key = inner.keys.ready(seal::key_of(&account.sealed)?).await?;
            let sealed = DecisionBody { v: FORMAT, reason: reason.clone() }.sealed(&key, id)?;
            settle(&inner, tx, &row, (state, &sealed), Decider::Operator, now).await
        })
        .await
}
