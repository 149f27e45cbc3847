//! Taking a request back, as long as nobody decided it.

use super::rules::may_cancel;
use super::{entry, store};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, WhichErasure};

/// Takes it back; whoever could be one of the two may. Taken back already, nothing changes.
///
/// # Errors
/// `not_found`, the same for one that is not there; `erasure_decided`; `account_restricted`; `not_while_shared`.
pub async fn cancel(app: &App, who: &Arc<Session>, ask: WhichErasure) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::erasure(tx.conn(), ask.erasure).await?.ok_or(Code::NotFound)?;
            let facts = store::facts(tx.conn(), who.account, row.room).await?.ok_or(Code::NotFound)?;
            if may_cancel(row.step, facts.asker)? {
                tx.cancel_erasure(row.id).await?;
                inner.audit.append(tx, &entry("erasures.cancel", &who, &row, now)).await?;
            }
            Ok(Done {})
        })
        .await
}
