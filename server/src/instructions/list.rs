//! The instructions that stand, for whoever gave them and whoever is to follow them.

use super::{InstructionBody, store};
use crate::accounts;
use crate::app::App;
use crate::bodies;
use crate::error::{Fault, Result};
use crate::patients::{self, PatientBody};
use crate::sessions::Session;
use crate::store::Conn;
use tsumugi_protocol::{AffiliationId, Card, Instruction, InstructionList};

/// Them, the latest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list(app: &App, who: &Session) -> Result<InstructionList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut instructions = Vec::new();
    for row in store::instructions_of(conn, who.account).await? {
        let Some(patient) = patients::store::patient(conn, row.patient).await? else { continue };
        let body: InstructionBody = bodies::open(app, row.id, &row.sealed).await?;
        instructions.push(Instruction {
            instruction: row.id,
            patient: bodies::open::<PatientBody>(app, row.patient, &patient.sealed).await?.shown(row.patient),
            by: card_of(app, conn, row.physician).await?,
            to: card_of(app, conn, row.instructed).await?,
            channel: row.channel,
            on: row.on,
            members: body.members,
            at: row.given_at,
        });
    }
    Ok(InstructionList { instructions })
}

async fn card_of(app: &App, conn: &mut Conn, place: AffiliationId) -> Result<Card> {
    let place = accounts::store::place(conn, place).await?;
    let place = place.ok_or_else(|| Fault::noticed("finding the place of an instruction"))?;
    Ok((*app.cards.one(app, conn, place.card).await?).clone())
}
