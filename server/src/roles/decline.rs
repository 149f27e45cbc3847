//! Saying no to a role: nothing changes but that it is answered.

use super::{Answer, decide, store};
use crate::accounts::AccountBody;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, NoticeKind, WhichAppointment};

/// Declines; whoever offered it is told.
///
/// # Errors
/// As [`decide`]; `not_while_shared`.
pub async fn decline(app: &App, who: &Arc<Session>, ask: WhichAppointment) -> Result<Done> {
    who.let_keep()?;
    let name = AccountBody::of(app, who.account).await?.name;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::appointment(tx.conn(), ask.appointment).await?;
            if !decide(row.as_ref(), who.account, Answer::Declined, now)? {
                return Ok(Done {});
            }
            let row = row.ok_or(Code::NotFound)?;
            tx.answer_appointment(row.id, Answer::Declined.as_str(), now).await?;
            let entry = Entry {
                at: now,
                act: "roles.decline",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(who.account.0),
                detail: Some(format!(r#"{{"appointment":"{}","role":"{}"}}"#, row.id, row.role)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            if let Some(by) = row.offered_by {
                Notice::of(NoticeKind::RoleDeclined).naming(&name).tell(&inner, tx, by).await?;
            }
            Ok(Done {})
        })
        .await
}
