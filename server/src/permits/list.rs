//! The records of consents in a connection.

use super::{PermitBody, store};
use crate::app::App;
use crate::bodies::{self, Body};
use crate::error::Result;
use crate::patients::{self, PatientBody};
use crate::rooms::{Act, Standing};
use crate::sessions::Session;
use std::collections::HashMap;
use tsumugi_protocol::{Patient, PatientId, Permit, PermitList, RoomKind, WhichRoom};

/// All of them, the newest first. The patient is shown to who has to do with her, the note to who wrote it.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn list(app: &App, who: &Session, ask: WhichRoom) -> Result<PermitList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let standing = Standing::at_the_door(conn, who, ask.room, Act::Read).await?;
    if standing.kind != RoomKind::Connection {
        return Ok(PermitList { permits: Vec::new() });
    }
    let mut known: HashMap<PatientId, Vec<u8>> =
        patients::store::known_to(conn, who.account).await?.into_iter().collect();
    let key = standing.opened_key(app).await?;
    let mut shown: HashMap<PatientId, Option<Patient>> = HashMap::new();
    let mut permits = Vec::new();
    for row in store::of_room(conn, ask.room).await? {
        if let Some(sealed) = known.remove(&row.patient) {
            let opened = bodies::open::<PatientBody>(app, row.patient, &sealed).await.ok();
            shown.insert(row.patient, opened.map(|body| body.shown(row.patient)));
        }
        let note = match row.recorded_by == who.account {
            true => Some(PermitBody::open(&key, row.id, &row.sealed)?.note),
            false => None,
        };
        permits.push(Permit {
            permit: row.id,
            patient: shown.get(&row.patient).cloned().flatten(),
            by: (*app.cards.one(app, conn, row.recorded_as).await?).clone(),
            from: row.from,
            on: row.on,
            note,
            recorded_at: row.recorded_at,
            ended_at: row.ended_at,
        });
    }
    Ok(PermitList { permits })
}
