//! All SQL of invitations.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, History, InvitationId, InvitationState, Millis, PatientId, RegionId,
    RoomId,
};
use uuid::Uuid;

/// An invitation as it is stored.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// The room.
    pub room: RoomId,
    /// Who is invited.
    pub account: AccountId,
    /// The place she would be a member for.
    pub affiliation: AffiliationId,
    /// Who proposed her.
    pub proposed_by: AccountId,
    /// The card of whoever did.
    pub proposed_as: CardId,
    /// What she may read of what was written before.
    pub history: History,
    /// How far it has come.
    pub state: InvitationState,
    /// Involvement and message.
    pub sealed: Vec<u8>,
    /// Why it was rejected or declined.
    pub answer: Option<Vec<u8>>,
    /// When.
    pub proposed_at: Millis,
    /// Until when it counts.
    pub until: Millis,
}

/// The columns of an [`InvitationRow`].
macro_rules! columns {
    () => {
        "SELECT i.id, i.room, i.account, i.affiliation, i.proposed_by, i.proposed_as, i.history, i.state, i.sealed, \
         i.answer, i.proposed_at, i.expires_at FROM invitations i WHERE "
    };
}

type Columns = (Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, String, String, Vec<u8>, Option<Vec<u8>>, i64, i64);

/// Words that nobody knows make no invitation.
fn row_of(
    (id, room, account, affiliation, by, card, history, state, sealed, answer, at, until): Columns,
) -> Option<InvitationRow> {
    Some(InvitationRow {
        id: InvitationId(id),
        room: RoomId(room),
        account: AccountId(account),
        affiliation: AffiliationId(affiliation),
        proposed_by: AccountId(by),
        proposed_as: CardId(card),
        history: History::of(&history)?,
        state: InvitationState::of(&state)?,
        sealed,
        answer,
        proposed_at: Millis(at),
        until: Millis(until),
    })
}

/// An invitation.
pub async fn invitation(conn: &mut Conn, id: InvitationId) -> Result<Option<InvitationRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "i.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading an invitation", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The invitation of somebody to a room that waits, for approval or for her.
pub async fn waiting_for(
    conn: &mut Conn,
    room: RoomId,
    account: AccountId,
) -> Result<Option<InvitationRow>, StoreFault> {
    const SQL: &str =
        concat!(columns!(), "i.room = $1 AND i.account = $2 AND i.state IN ('proposed', 'approved')");
    let row: Option<Columns> = on_engine!(conn, "finding an invitation", c => sqlx::query_as(SQL)
        .bind(room.0).bind(account.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// How many people somebody proposed for rooms of a region after a moment.
pub async fn proposed_since(
    conn: &mut Conn,
    account: AccountId,
    region: RegionId,
    since: Millis,
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM invitations i JOIN rooms r ON r.id = i.room \
                       WHERE i.proposed_by = $1 AND r.region = $2 AND i.proposed_at > $3";
    on_engine!(conn, "counting proposals", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(region.0).bind(since.0).fetch_one(c).await)
}

/// The invitations to a room: those that wait first, then those that came to an end, the latest first.
pub async fn of_room(conn: &mut Conn, room: RoomId) -> Result<Vec<InvitationRow>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "i.room = $1 ORDER BY CASE WHEN i.state IN ('proposed', 'approved') THEN 0 ELSE 1 END, \
         CASE WHEN i.state IN ('proposed', 'approved') THEN i.proposed_at ELSE -i.proposed_at END, i.id LIMIT 200"
    );
    let rows: Vec<Columns> =
        on_engine!(conn, "listing invitations", c => sqlx::query_as(SQL).bind(room.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// The approved invitations of somebody, the oldest first.
pub async fn approved_for(conn: &mut Conn, account: AccountId) -> Result<Vec<InvitationRow>, StoreFault> {
    const SQL: &str =
        concat!(columns!(), "i.account = $1 AND i.state = 'approved' ORDER BY i.proposed_at, i.id");
    let rows: Vec<Columns> = on_engine!(conn, "listing one's invitations", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// Somebody who may be proposed for a room.
#[derive(Debug, Clone, Copy)]
pub struct CandidateRow {
    /// The place.
    pub affiliation: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// The card there.
    pub card: CardId,
    /// The patient she stands beside, for patient and family.
    pub patient: Option<PatientId>,
}

/// For which room candidates are looked for, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The room.
    pub room: RoomId,
    /// Its region.
    pub region: RegionId,
    /// Who looks.
    pub asker: AccountId,
    /// The patient whose family may be asked.
    pub beside: Option<PatientId>,
    /// An account that was found by its address.
    pub found: Option<AccountId>,
    /// One place alone.
    pub only: Option<AffiliationId>,
}

/// Places, in the room's region, of colleagues of the asker, of people she shares a room with, beside that patient and of the
/// account that was found; nobody who is in the room or invited to it.
pub async fn candidates(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<CandidateRow>, StoreFault> {
    const SQL: &str = "SELECT f.id, f.account, f.card, f.patient FROM affiliations f \
        JOIN accounts a ON a.id = f.account AND a.state IN ('active', 'restricted') \
        WHERE f.region = $1 AND f.ended_at IS NULL AND f.account <> $2 \
        AND (f.id = $6 OR $6 IS NULL) AND (f.account = $5 OR f.patient = $4 \
        OR f.office IN (SELECT o.office FROM affiliations o WHERE o.account = $2 AND o.ended_at IS NULL) \
        OR EXISTS (SELECT 1 FROM members n JOIN members m ON m.room = n.room AND m.affiliation = f.id \
        AND m.state = 'member' WHERE n.account = $2 AND n.state = 'member')) \
        AND NOT EXISTS (SELECT 1 FROM members x WHERE x.room = $3 AND x.account = f.account \
        AND x.state IN ('member', 'invited')) ORDER BY f.id LIMIT 500";
    let rows: Vec<(Uuid, Uuid, Uuid, Option<Uuid>)> = on_engine!(conn, "finding candidates", c => sqlx::query_as(SQL)
        .bind(wanted.region.0).bind(wanted.asker.0).bind(wanted.room.0).bind(wanted.beside.map(|id| id.0))
        .bind(wanted.found.map(|id| id.0)).bind(wanted.only.map(|id| id.0)).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(affiliation, account, card, patient)| CandidateRow {
            affiliation: AffiliationId(affiliation),
            account: AccountId(account),
            card: CardId(card),
            patient: patient.map(PatientId),
        })
        .collect())
}

impl Tx {
    /// Keeps a proposal.
    pub(super) async fn insert_invitation(&mut self, new: &InvitationRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO invitations (id, room, account, affiliation, proposed_by, proposed_as, history, state, \
                           sealed, proposed_at, expires_at, took_part) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)";
        on_engine!(self.conn(), "keeping a proposal", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.room.0).bind(new.account.0).bind(new.affiliation.0).bind(new.proposed_by.0)
            .bind(new.proposed_as.0).bind(new.history.as_str()).bind(new.state.as_str()).bind(&new.sealed)
            .bind(new.proposed_at.0).bind(new.until.0).execute(c).await.map(|_| ()))
    }

    /// Keeps who approved a proposal, what she was told and did not mind, and until when it counts now.
    pub(super) async fn approve_invitation(
        &mut self,
        id: InvitationId,
        by: AccountId,
        acknowledged: Option<&str>,
        (now, until): (Millis, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE invitations SET state = 'approved', approved_by = $2, approved_at = $3, acknowledged = $4, \
                           expires_at = $5 WHERE id = $1";
        on_engine!(self.conn(), "approving a proposal", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(now.0).bind(acknowledged).bind(until.0).execute(c).await.map(|_| ()))
    }

    /// An invitation comes to an end.
    pub(crate) async fn end_invitation(
        &mut self,
        id: InvitationId,
        state: InvitationState,
        answer: Option<&[u8]>,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE invitations SET state = $2, answer = $3, ended_at = $4, took_part = $5 WHERE id = $1";
        let took_part = i64::from(state == InvitationState::Accepted);
        on_engine!(self.conn(), "ending an invitation", c => sqlx::query(SQL)
            .bind(id.0).bind(state.as_str()).bind(answer).bind(now.0).bind(took_part).execute(c).await.map(|_| ()))
    }

    /// What waits for somebody in a room lapses.
    pub(crate) async fn lapse_invitations_to(
        &mut self,
        room: RoomId,
        account: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE invitations SET state = 'lapsed', ended_at = $3 \
                           WHERE room = $1 AND account = $2 AND state IN ('proposed', 'approved')";
        on_engine!(self.conn(), "lapsing an invitation", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// What waits for somebody's place lapses with it.
    pub(crate) async fn lapse_invitations_for(
        &mut self,
        place: AffiliationId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE invitations SET state = 'lapsed', ended_at = $2 \
                           WHERE affiliation = $1 AND state IN ('proposed', 'approved')";
        on_engine!(self.conn(), "lapsing the invitations of a place", c => sqlx::query(SQL)
            .bind(place.0).bind(now.0).execute(c).await.map(|_| ()))
    }
}
