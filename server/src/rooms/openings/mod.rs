//! How timelines come to be opened, who manages them, and which physician has charge of them (001§29-2, 001§29-5).

mod answer;
mod ask;
mod control;
mod list;
mod open;
mod pause;
mod rules;
mod settle;
pub(crate) mod store;

pub use answer::{approve_opening, reject_opening};
pub use ask::ask_physician;
pub use control::take_control;
pub use list::openings;
pub use open::open_timeline;
pub use pause::{pause, resume};

use super::Standing;
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::policy::{Asked, Profile};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use store::{OpeningRow, Workplace};
use tsumugi_protocol::{Code, MemberState, Millis, Occupation, RoomId};

/// Whether somebody acts as a physician with that place: it is her occupation there, and where the region demands that it was
/// looked at, it was (K-41).
async fn is_physician(app: &App, conn: &mut Conn, rules: &Profile, place: &Workplace) -> Result<bool> {
    if !place.says_physician || rules.professional_verification != Asked::Required {
        return Ok(place.says_physician);
    }
    Ok(app.cards.one(app, conn, place.card).await?.mark.is_some())
}

/// The same of the place that a membership is held for.
async fn acts_as_physician(app: &App, conn: &mut Conn, standing: &Standing) -> Result<bool> {
    let place = accounts::store::place(conn, standing.membership.affiliation).await?;
    let says = place.is_some_and(|place| {
        !place.has_ended && Occupation::of(&place.occupation) == Some(Occupation::Physician)
    });
    if !says || standing.rules(app)?.professional_verification != Asked::Required {
        return Ok(says);
    }
    Ok(app.cards.one(app, conn, standing.membership.card).await?.mark.is_some())
}

/// The timeline in whose charge the reader is, or for which she is asked.
///
/// # Errors
/// `not_found` for whoever does not belong to it; `invitation_open` for whoever is only invited; `physician_required`;
/// `account_restricted`.
async fn of_physician(tx: &mut Tx, who: &Session, room: RoomId) -> Result<(Standing, OpeningRow)> {
    tx.let_stand(who)?;
    let standing = standing(tx, who, room).await?;
    let found = store::opening(tx.conn(), room).await?;
    let row = match found.filter(|row| row.physician == Some(who.account)) {
        Some(row) => row,
        None if standing.membership.state == MemberState::Invited => {
            return Err(Code::InvitationOpen.into());
        }
        None => return Err(Code::PhysicianRequired.into()),
    };
    who.let_write()?;
    Ok((standing, row))
}

/// Where the reader stands towards a room, invitations included.
///
/// # Errors
/// `signed_out`; `not_found`.
async fn standing(tx: &mut Tx, who: &Session, room: RoomId) -> Result<Standing> {
    if let Some(over) = who.over() {
        return Err(over.code().into());
    }
    let found = super::store::standing(tx.conn(), who.account, room).await?;
    let mut standing = found.ok_or(Code::NotFound)?;
    standing.refresh(tx);
    Ok(standing)
}

/// What the audit says of an act about a timeline.
fn entry((act, at): (&'static str, Millis), who: &Session, standing: &Standing) -> Entry {
    Entry {
        at,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(standing.region),
        room: Some(standing.room),
        ..Entry::default()
    }
}
