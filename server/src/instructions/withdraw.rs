//! Taking an instruction back: whoever was instructed manages the timeline no more, the physician does.

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, WhichInstruction};

/// Takes it back. Done already, nothing changes.
///
/// # Errors
/// `account_restricted`; `not_found` for one she did not give, there or not.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WhichInstruction) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = store::instruction(tx.conn(), ask.instruction).await?;
            let row = found.filter(|row| row.by == who.account).ok_or(Code::NotFound)?;
            if row.is_withdrawn {
                return Ok(Done {});
            }
            tx.withdraw_instruction(row.id, now).await?;
            let entry = Entry {
                at: now,
                act: "instructions.withdraw",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(row.patient.0),
                detail: Some(format!(r#"{{"instruction":"{}","to":"{}"}}"#, row.id, row.to)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
