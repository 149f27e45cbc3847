//! Saying no to an office that asks: nothing changes but that it is answered.

use super::{AdmissionBody, Answer, decide, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, NoticeKind, WhichAdmission};

/// Declines; whoever asked is told.
///
/// # Errors
/// As [`decide`]; `not_while_shared`.
pub async fn decline_admission(app: &App, who: &Arc<Session>, ask: WhichAdmission) -> Result<Done> {
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::admission(tx.conn(), ask.admission).await?;
            if !decide(row.as_ref(), who.account, Answer::Declined, now)? {
                return Ok(Done {});
            }
            let row = row.ok_or(Code::NotFound)?;
            tx.answer_admission(row.id, Answer::Declined.as_str(), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.decline_admission",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(who.account.0),
                detail: Some(format!(r#"{{"office":"{}"}}"#, row.office)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let name = bodies::open::<AdmissionBody>(&inner, row.id, &row.sealed).await?.name;
            Notice::of(NoticeKind::AdmissionDeclined)
                .naming(name)
                .tell(&inner, tx, row.asked_by)
                .await
                .map(|()| Done {})
        })
        .await
}
