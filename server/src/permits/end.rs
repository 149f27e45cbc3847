//! Ending a record: the timeline has opened, or none will, or the consent no longer stands.

use super::{entry, store};
use crate::accounts::Reason;
use crate::app::App;
use crate::error::Result;
use crate::rooms::{Act, Standing};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, EndPermit};

/// Ends it, by either of the two, with a reason; nobody is reminded any more. Ended already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`, also where she is not in its connection; `account_restricted`.
pub async fn end(app: &App, who: &Arc<Session>, ask: EndPermit) -> Result<Done> {
    let text = Reason::read(&ask.reason)?;
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let row = store::permit(tx.conn(), ask.permit).await?.ok_or(Code::NotFound)?;
            let standing = Standing::in_the_act(tx, &who, row.room, Act::Read).await?;
            if row.ended_at.is_some() {
                return Ok(Done {});
            }
            let key = standing.opened_key(&inner).await?;
            let reason = Reason::about(&inner, row.room.0, &key, text.clone())?;
            reason.write(tx, Some(who.account), "permits.end", now).await?;
            tx.end_permit(row.id, who.account, now).await?;
            let more = format!(r#","reason":"{}""#, reason.id.0);
            let about = (row.id, row.patient);
            inner.audit.append(tx, &entry(("permits.end", now), &who, &standing, about, &more)).await?;
            Ok(Done {})
        })
        .await
}
