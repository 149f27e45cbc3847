//! A reviewer's decision: the mark is given or not, with a reason that its holder reads.

use super::DecisionBody;
use super::rules::{self, Facts};
use super::settle::{Decider, settle};
use super::store::{self, VerificationRow};
use crate::accounts::{self, Reason};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, DecideVerification, Done, VerificationId};

/// Approves or rejects. Approved, the mark is on the card of the place it was asked for, and on no other of the account.
///
/// # Errors
/// `account_restricted`; `reason_missing`; `bad_field`; as [`rules::decide`].
pub async fn decide(app: &App, who: &Arc<Session>, ask: DecideVerification) -> Result<Done> {
    who.let_write()?;
    let reason = Reason::read(&ask.reason)?;
    let key = {
        let mut view = app.store.view().await?;
        let (row, facts) = facts(view.conn(), who, ask.verification).await?;
        if rules::decide(facts, ask.verdict)?.is_none() {
            return Ok(Done {});
        }
        let account = accounts::store::account(view.conn(), row.account).await?;
        let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
        app.keys.ready(seal::key_of(&account.sealed)?).await?
    };
    let sealed = DecisionBody { v: FORMAT, reason }.sealed(&key, ask.verification)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let (row, facts) = facts(tx.conn(), &who, ask.verification).await?;
            let Some(state) = rules::decide(facts, ask.verdict)? else { return Ok(Done {}) };
            settle(&inner, tx, &row, (state, &sealed), Decider::Desk(who.account, who.id), now).await?;
            Ok(Done {})
        })
        .await
}

async fn facts(conn: &mut Conn, who: &Session, id: VerificationId) -> Result<(VerificationRow, Facts)> {
    let row = store::verification(conn, id).await?.ok_or(Code::NotFound)?;
    let facts = Facts {
        state: row.state,
        is_desk: store::is_desk_of(conn, who.account, row.affiliation).await?,
        is_own: row.account == who.account,
        is_hers: row.decided_by == Some(who.account),
    };
    Ok((row, facts))
}
