//! Invitations: somebody is proposed for a room, an administrator approves, and she judges for herself (000§8d, 000-note(3)b).

mod approve;
mod candidates;
mod list;
mod mine;
mod propose;
mod reject;
mod rules;
pub(crate) mod store;
mod withdraw;

pub use approve::approve;
pub use candidates::candidates;
pub use list::list;
pub use mine::mine;
pub use propose::propose;
pub use reject::reject;
pub use withdraw::withdraw;

use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::seal::Place;
use crate::error::Result;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use store::InvitationRow;
use tsumugi_protocol::{Code, InvitationId, Millis};

/// The sealed part of an invitation, with the room's key.
#[derive(Serialize, Deserialize)]
pub struct InvitationBody {
    /// Format of this object.
    pub v: u8,
    /// What she has to do with it.
    pub involvement: String,
    /// A word to her.
    pub message: String,
}

crate::bodies::body_of!(InvitationBody, "invitations", InvitationId);

/// Why it was rejected or declined, sealed likewise.
#[derive(Serialize, Deserialize)]
pub struct AnswerBody {
    /// Format of this object.
    pub v: u8,
    /// The reason.
    pub reason: String,
}

impl Body for AnswerBody {
    type Row = InvitationId;

    fn place(row: InvitationId) -> Place<'static> {
        Place { table: "invitations.answer", row: row.0, author: None }
    }

    fn format(&self) -> u8 {
        self.v
    }
}

/// An invitation of a room whose door she passes; the same nothing where there is no such invitation and where she does not.
///
/// # Errors
/// `not_found`; `invitation_open`; `signed_out`.
async fn at_the_door(conn: &mut Conn, who: &Session, id: InvitationId) -> Result<(InvitationRow, Steering)> {
    let row = store::invitation(conn, id).await?.ok_or(Code::NotFound)?;
    let steering = Steering::at_the_door(conn, who, row.room).await?;
    Ok((row, steering))
}

/// What the audit says of an act about an invitation.
fn entry(
    (act, at): (&'static str, Millis),
    who: &Session,
    steering: &Steering,
    about: &InvitationRow,
) -> Entry {
    Entry {
        at,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(steering.region),
        room: Some(steering.room),
        subject: Some(about.account.0),
        detail: Some(format!(r#"{{"invitation":"{}"}}"#, about.id)),
        ..Entry::default()
    }
}
