//! The invitations that wait for the reader: who asks, why, and for whose room; nothing of what is written there (000-note(3)b).

use super::{InvitationBody, store};
use crate::app::App;
use crate::bodies::{self, Body};
use crate::error::Result;
use crate::patients::PatientBody;
use crate::rooms;
use crate::sessions::Session;
use tsumugi_protocol::{MyInvitation, MyInvitations};

/// Them, the oldest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn mine(app: &App, who: &Session) -> Result<MyInvitations> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut invitations = Vec::new();
    for row in store::approved_for(conn, who.account).await? {
        let Some(steering) = rooms::store::steering(conn, who.account, row.room).await? else { continue };
        let body = InvitationBody::open(&steering.opened_key(app).await?, row.id, &row.sealed)?;
        let face = rooms::store::face(conn, row.room).await?;
        let patient = match (steering.patient, face.and_then(|face| face.patient_sealed)) {
            (Some(id), Some(sealed)) => Some(bodies::open::<PatientBody>(app, id, &sealed).await?.label()),
            _ => None,
        };
        invitations.push(MyInvitation {
            room: row.room,
            office: steering.office_name(app, conn).await?,
            patient,
            by: (*app.cards.one(app, conn, row.proposed_as).await?).clone(),
            involvement: body.involvement,
            message: body.message,
            history: row.history,
            until: row.until,
        });
    }
    Ok(MyInvitations { invitations })
}
