//! Passing the draft of a report on to the secretariat (001§19-4b).

use super::standing::{Step, dealt_with};
use super::{IncidentBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, IncidentStatus, NoticeKind, PassOn, Refusal, StepKind, limits};

/// Passes it on with what it says now. What was passed on stays as it is.
///
/// # Errors
/// `not_found` for one of others and one that is not there; `incident_closed`; `bad_field`; `account_restricted`.
pub async fn pass_on(app: &App, who: &Arc<Session>, ask: PassOn) -> Result<Done> {
    who.let_write()?;
    let text = Text::short(&ask.text, limits::AIM_CHARS)
        .ok_or_else(|| Refusal::new(Code::BadField).with("field", "text"))?;
    let sealed = {
        let mut view = app.store.view().await?;
        let found = dealt_with(app, view.conn(), who, ask.incident, Step::PassOn).await?;
        let sealed = found.sealed.ok_or_else(|| Fault::noticed("opening a draft"));
        if found.status != IncidentStatus::Draft {
            return Ok(Done {});
        }
        let key = app.keys.ready(seal::key_of(&sealed?)?).await?;
        IncidentBody { v: FORMAT, text }.sealed(&key, ask.incident)?
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = dealt_with(&inner, tx.conn(), &who, ask.incident, Step::PassOn).await?;
            if found.status != IncidentStatus::Draft {
                return Ok(Done {});
            }
            tx.set_incident_status(found.id, IncidentStatus::New).await?;
            tx.set_incident_text(found.id, &sealed).await?;
            tx.note_step(&inner, (found.id, StepKind::PassedOn), who.account, None, now).await?;
            let entry = Entry {
                at: now,
                act: "incidents.pass_on",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(found.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let notice = Notice::of(NoticeKind::IncidentRaised);
            for account in store::desks(tx.conn(), found.id).await? {
                if account != who.account {
                    notice.tell(&inner, tx, account).await?;
                }
            }
            Ok(Done {})
        })
        .await
}
