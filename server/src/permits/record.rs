//! Recording a consent that somebody obtained to write of a patient in a connection (001§16-2).

use super::rules::{self, Recording};
use super::store::{self, PermitRow};
use super::{PermitBody, entry};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::error::Result;
use crate::patients::PatientBody;
use crate::posts::Text;
use crate::rooms::{Act, Standing};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Millis, RecordPermit, Refusal, limits};

/// Keeps who consented, when, and how, the note sealed with the room's key. It opens no timeline (c-45). A retry changes nothing.
///
/// # Errors
/// `bad_field` for a day that is none or has not come, and for a note that is blank or too long; `not_found`, `invitation_open`,
/// `not_connected`; as [`rules::record`]; `account_restricted`.
pub async fn record(app: &App, who: &Arc<Session>, ask: RecordPermit) -> Result<Done> {
    let now = app.clock.now();
    let note = note(&ask, now)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let standing = Standing::in_the_act(tx, &who, ask.room, Act::Write).await?;
            let stood = store::permit(tx.conn(), ask.permit).await?;
            let found = store::exception(tx.conn(), who.account, ask.room, ask.patient).await?;
            let facts = Recording {
                room: standing.kind,
                who: who.kind,
                is_known: found.is_some(),
                stands: stood.map(|row| {
                    (row.room, row.patient, row.recorded_by) == (ask.room, ask.patient, who.account)
                }),
            };
            if !rules::record(facts)? {
                return Ok(Done {});
            }
            let key = standing.opened_key(&inner).await?;
            let card = tx.card_to_write_under(&inner, &who, standing.membership.card).await?;
            let row = PermitRow {
                id: ask.permit,
                room: ask.room,
                patient: ask.patient,
                recorded_by: who.account,
                recorded_as: card,
                from: ask.from,
                on: ask.on.clone(),
                sealed: PermitBody { v: FORMAT, note: note.clone() }.sealed(&key, ask.permit)?,
                recorded_at: now,
                ended_at: None,
            };
            tx.insert_permit(&row).await?;
            let more = format!(r#","from":"{}""#, ask.from.as_str());
            let about = (ask.permit, ask.patient);
            inner.audit.append(tx, &entry(("permits.record", now), &who, &standing, about, &more)).await?;
            Ok(Done {})
        })
        .await
}

fn note(ask: &RecordPermit, now: Millis) -> Result<String, Refusal> {
    let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    if !PatientBody::has_come(&ask.on, now) {
        return Err(bad("on"));
    }
    Text::short(&ask.note, limits::PERMIT_CHARS).ok_or_else(|| bad("note"))
}
