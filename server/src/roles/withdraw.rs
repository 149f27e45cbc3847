//! Taking an offer back before it is answered.

use super::standing::Standing;
use super::{Answer, store};
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Role, WhichAppointment};

/// Takes it back: whoever may offer that role there may. Taken back already, nothing changes.
///
/// # Errors
/// `not_found`, the same for one that is not there, of others, or answered; `account_restricted`.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WhichAppointment) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = store::appointment(tx.conn(), ask.appointment).await?.ok_or(Code::NotFound)?;
            let role = Role::of(&row.role).ok_or(Code::NotFound)?;
            let place = accounts::place(tx.conn(), row.affiliation).await?.ok_or(Code::NotFound)?;
            let at = place.office.map(|office| (office, place.region));
            let standing = Standing::of(tx.conn(), who.account, at).await?;
            standing.gives(role).map_err(|_| Code::NotFound)?;
            match row.answer.as_deref() {
                None => {}
                Some(given) if given == Answer::Withdrawn.as_str() => return Ok(Done {}),
                Some(_) => return Err(Code::NotFound.into()),
            }
            tx.answer_appointment(row.id, Answer::Withdrawn.as_str(), now).await?;
            let entry = Entry {
                at: now,
                act: "roles.withdraw",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(place.region),
                subject: Some(place.account.0),
                detail: Some(format!(r#"{{"appointment":"{}","role":"{}"}}"#, row.id, row.role)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
