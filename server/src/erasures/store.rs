//! All SQL of erasures.

use super::Step;
use super::facts::{Asker, Facts};
use crate::crypto::seal::KeyId;
use crate::rooms::Head;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, CardId, Change, ErasureId, MemberState, Millis, OfficeId, PatientId, Position, RegionId,
    RoomId, RoomKind, RoomState, Wisher,
};
use uuid::Uuid;

/// How many of a list are shown.
const SHOWN: i64 = 200;
/// So many posts go in one act, so that others do not wait behind all of them.
const AT_ONCE: i64 = 2_000;

/// What an account is to a room: one statement, nothing in both cases of no.
pub(super) async fn facts(
    conn: &mut Conn,
    account: AccountId,
    room: RoomId,
) -> Result<Option<Facts>, StoreFault> {
    const SQL: &str = "SELECT * FROM (SELECT r.region, g.profile, r.kind, r.state, r.key_id, \
        h.last_position, h.change, h.member_version, h.active_at, COALESCE(r.steward, f.office) AS office, \
        (SELECT m.state FROM members m WHERE m.room = r.id AND m.account = $1 AND m.state IN ('member', 'invited')) AS membership, \
        (SELECT COUNT(*) FROM affiliations a JOIN roles o ON o.affiliation = a.id AND o.role = 'office_admin' \
         WHERE a.account = $1 AND a.ended_at IS NULL AND a.office = COALESCE(r.steward, f.office)) AS admin, \
        (SELECT COUNT(*) FROM affiliations a JOIN roles o ON o.affiliation = a.id AND o.role = 'office_head' \
         WHERE a.account = $1 AND a.ended_at IS NULL AND a.office = COALESCE(r.steward, f.office)) AS head, \
        (SELECT COUNT(*) FROM affiliations a JOIN roles o ON o.affiliation = a.id AND o.role = 'secretariat' \
         WHERE a.account = $1 AND a.ended_at IS NULL AND a.region = r.region) AS desk, \
        (SELECT a.card FROM affiliations a JOIN roles o ON o.affiliation = a.id WHERE a.account = $1 AND a.ended_at IS NULL \
         AND ((o.role IN ('office_admin', 'office_head') AND a.office = COALESCE(r.steward, f.office)) \
         OR (o.role = 'secretariat' AND a.region = r.region)) ORDER BY a.created_at, a.id, o.role LIMIT 1) AS card \
        FROM rooms r JOIN regions g ON g.id = r.region JOIN room_heads h ON h.room = r.id \
        LEFT JOIN members c ON c.room = r.id AND c.account = r.created_by AND r.kind = 'free_group' \
        LEFT JOIN affiliations f ON f.id = c.affiliation WHERE r.id = $2) found \
        WHERE found.membership IS NOT NULL OR found.admin > 0 OR found.head > 0 OR found.desk > 0";
    let row: Option<FactsRow> = on_engine!(conn, "finding who may erase a room", c => sqlx::query_as(SQL)
        .bind(account.0).bind(room.0).fetch_optional(c).await)?;
    Ok(row.and_then(FactsRow::read))
}

struct FactsRow {
    region: Uuid,
    profile: String,
    kind: String,
    state: String,
    key_id: Uuid,
    last_position: i64,
    change: i64,
    member_version: i64,
    active_at: i64,
    office: Option<Uuid>,
    membership: Option<String>,
    admin: i64,
    head: i64,
    desk: i64,
    card: Option<Uuid>,
}

row!(FactsRow:
    region, profile, kind, state, key_id, last_position, change, member_version, active_at, office,
    membership, admin, head, desk, card
);

impl FactsRow {
    /// Words that this version does not know open nothing.
    fn read(self) -> Option<Facts> {
        Some(Facts {
            region: RegionId(self.region),
            profile: self.profile,
            kind: RoomKind::of(&self.kind)?,
            state: RoomState::of(&self.state)?,
            office: self.office.map(OfficeId),
            key: KeyId(self.key_id),
            head: Head {
                last_position: Position(self.last_position),
                change: Change(self.change),
                member_version: self.member_version,
                active_at: Millis(self.active_at),
            },
            membership: self.membership.as_deref().and_then(MemberState::of),
            asker: Asker { is_admin: self.admin > 0, is_head: self.head > 0, is_desk: self.desk > 0 },
            card: self.card.map(CardId),
        })
    }
}

/// An erasure as it is stored.
#[derive(Debug, Clone)]
pub struct ErasureRow {
    /// Its id.
    pub id: ErasureId,
    /// The room.
    pub room: RoomId,
    /// The room's region.
    pub region: RegionId,
    /// The office that answers for it.
    pub office: OfficeId,
    /// The room's key.
    pub key: KeyId,
    /// Whose wish.
    pub wisher: Wisher,
    /// Who wished it, and how that is known.
    pub sealed: Vec<u8>,
    /// On which day.
    pub given_on: String,
    /// Who asked.
    pub asked_by: AccountId,
    /// With which card.
    pub asked_as: CardId,
    /// When.
    pub asked_at: Millis,
    /// How far it has come.
    pub step: Step,
    /// The second person.
    pub seconded_by: Option<AccountId>,
    /// With which card.
    pub seconded_as: Option<CardId>,
    /// When it was decided.
    pub decided_at: Option<Millis>,
    /// When the key was listed as destroyed.
    pub listed_at: Option<Millis>,
    /// When it was wiped.
    pub destroyed_at: Option<Millis>,
    /// When what it had closed was removed.
    pub cleared_at: Option<Millis>,
    /// How many posts that were.
    pub posts: Option<i64>,
    /// The certificate.
    pub statement: Option<String>,
    /// Its signature.
    pub signature: Option<String>,
}

struct Stored {
    id: Uuid,
    room: Uuid,
    region: Uuid,
    office: Uuid,
    key_id: Uuid,
    wisher: String,
    sealed: Vec<u8>,
    given_on: String,
    asked_by: Uuid,
    asked_as: Uuid,
    asked_at: i64,
    state: String,
    seconded_by: Option<Uuid>,
    seconded_as: Option<Uuid>,
    decided_at: Option<i64>,
    listed_at: Option<i64>,
    destroyed_at: Option<i64>,
    cleared_at: Option<i64>,
    posts: Option<i64>,
    statement: Option<String>,
    signature: Option<String>,
}

row!(Stored:
    id, room, region, office, key_id, wisher, sealed, given_on, asked_by, asked_as, asked_at, state,
    seconded_by, seconded_as, decided_at, listed_at, destroyed_at, cleared_at, posts, statement, signature
);

impl Stored {
    fn read(self) -> Option<ErasureRow> {
        Some(ErasureRow {
            id: ErasureId(self.id),
            room: RoomId(self.room),
            region: RegionId(self.region),
            office: OfficeId(self.office),
            key: KeyId(self.key_id),
            wisher: Wisher::of(&self.wisher)?,
            sealed: self.sealed,
            given_on: self.given_on,
            asked_by: AccountId(self.asked_by),
            asked_as: CardId(self.asked_as),
            asked_at: Millis(self.asked_at),
            step: Step::of(&self.state)?,
            seconded_by: self.seconded_by.map(AccountId),
            seconded_as: self.seconded_as.map(CardId),
            decided_at: self.decided_at.map(Millis),
            listed_at: self.listed_at.map(Millis),
            destroyed_at: self.destroyed_at.map(Millis),
            cleared_at: self.cleared_at.map(Millis),
            posts: self.posts,
            statement: self.statement,
            signature: self.signature,
        })
    }
}

/// The columns of an [`ErasureRow`].
macro_rules! columns {
    () => {
        "SELECT e.id, e.room, e.region, e.office, e.key_id, e.wisher, e.sealed, e.given_on, e.asked_by, e.asked_as, e.asked_at, \
         e.state, e.seconded_by, e.seconded_as, e.decided_at, e.listed_at, e.destroyed_at, e.cleared_at, e.posts, e.statement, \
         e.signature FROM erasures e WHERE "
    };
}

/// An erasure.
pub(super) async fn erasure(conn: &mut Conn, id: ErasureId) -> Result<Option<ErasureRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "e.id = $1");
    let row: Option<Stored> = on_engine!(conn, "reading an erasure", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(Stored::read))
}

/// Those that were decided and are not done, the oldest first.
pub(super) async fn under_way(conn: &mut Conn) -> Result<Vec<ErasureRow>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "e.state IN ('decided', 'listed', 'destroyed', 'cleared') ORDER BY e.decided_at, e.id"
    );
    let rows: Vec<Stored> =
        on_engine!(conn, "finding erasures under way", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(Stored::read).collect())
}

/// Those that an account has a say in, the newest first.
pub(super) async fn of_decider(conn: &mut Conn, account: AccountId) -> Result<Vec<ErasureRow>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "EXISTS (SELECT 1 FROM affiliations a JOIN roles o ON o.affiliation = a.id WHERE a.account = $1 AND a.ended_at IS NULL \
         AND ((o.role IN ('office_admin', 'office_head') AND a.office = e.office) \
         OR (o.role = 'secretariat' AND a.region = e.region))) ORDER BY e.asked_at DESC, e.id DESC LIMIT $2"
    );
    let rows: Vec<Stored> = on_engine!(conn, "listing erasures", c => sqlx::query_as(SQL)
        .bind(account.0).bind(SHOWN).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(Stored::read).collect())
}

/// Whether one waits, or is under way, for a room.
pub(super) async fn is_asked_for(conn: &mut Conn, room: RoomId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM erasures WHERE room = $1 AND state <> 'cancelled'";
    let count: i64 = on_engine!(conn, "looking for an erasure of a room", c => sqlx::query_scalar(SQL)
        .bind(room.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// The sealed body of the patient of a room.
pub(super) async fn patient_of(
    conn: &mut Conn,
    room: RoomId,
) -> Result<Option<(PatientId, Vec<u8>)>, StoreFault> {
    const SQL: &str =
        "SELECT p.id, p.sealed FROM rooms r JOIN patients p ON p.id = r.patient WHERE r.id = $1";
    let row: Option<(Uuid, Vec<u8>)> = on_engine!(conn, "reading the patient of a room", c => sqlx::query_as(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(row.map(|(id, sealed)| (PatientId(id), sealed)))
}

/// Everybody who can be one of the two: admins and heads of the office, the desk of the region.
pub(super) async fn deciders(
    conn: &mut Conn,
    office: OfficeId,
    region: RegionId,
) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f JOIN roles r ON r.affiliation = f.id \
                       AND ((r.role IN ('office_admin', 'office_head') AND f.office = $1) OR (r.role = 'secretariat' AND f.region = $2)) \
                       JOIN accounts a ON a.id = f.account AND a.state = 'active' \
                       WHERE f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who decides about an erasure", c => sqlx::query_scalar(SQL)
        .bind(office.0).bind(region.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// How many posts a room has.
pub(super) async fn posts_of(conn: &mut Conn, room: RoomId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM posts WHERE room = $1";
    on_engine!(conn, "counting posts", c => sqlx::query_scalar(SQL).bind(room.0).fetch_one(c).await)
}

/// A room that was not erased, as a restored store may have one whose key was destroyed since.
pub(super) struct Standing {
    pub room: RoomId,
    pub region: RegionId,
    pub key: KeyId,
    pub head: Head,
}

/// All rooms that are not erased.
pub(super) async fn standing_rooms(conn: &mut Conn) -> Result<Vec<Standing>, StoreFault> {
    const SQL: &str = "SELECT r.id, r.region, r.key_id, h.last_position, h.change, h.member_version, h.active_at \
                       FROM rooms r JOIN room_heads h ON h.room = r.id WHERE r.state <> 'erased'";
    type Columns = (Uuid, Uuid, Uuid, i64, i64, i64, i64);
    let rows: Vec<Columns> =
        on_engine!(conn, "reading the keys of rooms", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let read = |(id, region, key, last_position, change, member_version, active_at): Columns| Standing {
        room: RoomId(id),
        region: RegionId(region),
        key: KeyId(key),
        head: Head {
            last_position: Position(last_position),
            change: Change(change),
            member_version,
            active_at: Millis(active_at),
        },
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The key of a room, whatever its state.
pub async fn key_of_room(conn: &mut Conn, room: RoomId) -> Result<Option<KeyId>, StoreFault> {
    const SQL: &str = "SELECT key_id FROM rooms WHERE id = $1";
    let row: Option<Uuid> = on_engine!(conn, "finding the key of a room", c => sqlx::query_scalar(SQL)
        .bind(room.0).fetch_optional(c).await)?;
    Ok(row.map(KeyId))
}

impl Tx {
    /// Keeps a request.
    pub(super) async fn insert_erasure(&mut self, row: &ErasureRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO erasures (id, room, region, office, key_id, wisher, sealed, given_on, asked_by, asked_as, \
                           asked_at, state, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        on_engine!(self.conn(), "keeping an erasure", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.room.0).bind(row.region.0).bind(row.office.0).bind(row.key.0)
            .bind(row.wisher.as_str()).bind(row.sealed.as_slice()).bind(row.given_on.as_str()).bind(row.asked_by.0)
            .bind(row.asked_as.0).bind(row.asked_at.0).bind(row.step.as_str()).bind(row.decided_at.map(|at| at.0))
            .execute(c).await.map(|_| ()))
    }

    /// The second person decided it.
    pub(super) async fn decide_erasure(
        &mut self,
        id: ErasureId,
        (by, card): (AccountId, CardId),
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE erasures SET state = 'decided', seconded_by = $2, seconded_as = $3, decided_at = $4 \
                           WHERE id = $1 AND state = 'asked'";
        on_engine!(self.conn(), "deciding an erasure", c => sqlx::query(SQL)
            .bind(id.0).bind(by.0).bind(card.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// It was taken back.
    pub(super) async fn cancel_erasure(&mut self, id: ErasureId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE erasures SET state = 'cancelled' WHERE id = $1 AND state = 'asked'";
        on_engine!(self.conn(), "taking an erasure back", c => sqlx::query(SQL)
            .bind(id.0).execute(c).await.map(|_| ()))
    }

    /// What waits for a room has nothing to wait for any more.
    pub(super) async fn cancel_erasures_of(&mut self, room: RoomId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE erasures SET state = 'cancelled' WHERE room = $1 AND state = 'asked'";
        on_engine!(self.conn(), "taking erasures of a room back", c => sqlx::query(SQL)
            .bind(room.0).execute(c).await.map(|_| ()))
    }

    /// The key is on the list of the destroyed.
    pub(super) async fn note_listed(&mut self, id: ErasureId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE erasures SET state = 'listed', listed_at = $2 WHERE id = $1 AND state = 'decided'";
        on_engine!(self.conn(), "noting a listed key", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// The key is wiped.
    pub(super) async fn note_destroyed(
        &mut self,
        id: ErasureId,
        posts: i64,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE erasures SET state = 'destroyed', destroyed_at = $2, posts = $3 \
                           WHERE id = $1 AND state = 'listed'";
        on_engine!(self.conn(), "noting a destroyed key", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).bind(posts).execute(c).await.map(|_| ()))
    }

    /// What it had closed is removed.
    pub(super) async fn note_cleared(&mut self, id: ErasureId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE erasures SET state = 'cleared', cleared_at = $2 WHERE id = $1 AND state = 'destroyed'";
        on_engine!(self.conn(), "noting a cleared room", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// The certificate is signed.
    pub(super) async fn note_certified(
        &mut self,
        id: ErasureId,
        (statement, signature): (&str, &str),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE erasures SET state = 'certified', statement = $2, signature = $3 \
                           WHERE id = $1 AND state = 'cleared'";
        on_engine!(self.conn(), "keeping a certificate", c => sqlx::query(SQL)
            .bind(id.0).bind(statement).bind(signature).execute(c).await.map(|_| ()))
    }

    /// Nobody belongs to a room any more, and nobody is invited to it. Who did.
    pub(super) async fn empty_room(
        &mut self,
        room: RoomId,
        change: Change,
        now: Millis,
    ) -> Result<Vec<AccountId>, StoreFault> {
        const WHO: &str =
            "SELECT account FROM members WHERE room = $1 AND state IN ('member', 'invited') ORDER BY account";
        const OUT: &str = "UPDATE members SET state = 'left', change = $2, since = $3 \
                           WHERE room = $1 AND state IN ('member', 'invited', 'barred')";
        const LAPSE: &str = "UPDATE invitations SET state = 'lapsed', ended_at = $2 \
                             WHERE room = $1 AND state IN ('proposed', 'approved')";
        let people: Vec<Uuid> = on_engine!(self.conn(), "finding who is in a room", c => sqlx::query_scalar(WHO)
            .bind(room.0).fetch_all(c).await)?;
        on_engine!(self.conn(), "emptying a room", c => sqlx::query(OUT)
            .bind(room.0).bind(change.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "ending the invitations of a room", c => sqlx::query(LAPSE)
            .bind(room.0).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(people.into_iter().map(AccountId).collect())
    }

    /// Removes the oldest posts of a room; whether there were any.
    pub(super) async fn remove_posts(&mut self, room: RoomId) -> Result<bool, StoreFault> {
        const SQL: &str = "DELETE FROM posts WHERE room = $1 \
                           AND position < (SELECT MIN(p.position) + $2 FROM posts p WHERE p.room = $1)";
        let gone = on_engine!(self.conn(), "removing posts", c => sqlx::query(SQL)
            .bind(room.0).bind(AT_ONCE).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(gone > 0)
    }

    /// Removes whatever else the key of a room had closed: its title, what was said of people proposed, reasons.
    pub(super) async fn wipe_room(&mut self, room: RoomId) -> Result<(), StoreFault> {
        const RECEIPTS: &str = "DELETE FROM receipts WHERE room = $1";
        const TITLE: &str = "UPDATE rooms SET sealed = NULL WHERE id = $1";
        const INVITATIONS: &str = "UPDATE invitations SET sealed = $2, answer = NULL WHERE room = $1";
        const REASONS: &str = "UPDATE reasons SET sealed = $2 WHERE subject = $1";
        const AGREEMENTS: &str = "UPDATE agreements SET sealed = $2 WHERE room = $1";
        const PERMITS: &str = "UPDATE permits SET sealed = $2 WHERE room = $1";
        const TRANSFERS: &str = "DELETE FROM transfers WHERE room = $1";
        const DELEGATIONS: &str = "UPDATE delegations SET sealed = NULL WHERE room = $1";
        for sql in [RECEIPTS, TITLE, TRANSFERS, DELEGATIONS] {
            on_engine!(self.conn(), "wiping a room", c => sqlx::query(sql)
                .bind(room.0).execute(c).await.map(|_| ()))?;
        }
        let nothing: &[u8] = &[];
        for sql in [INVITATIONS, REASONS, AGREEMENTS, PERMITS] {
            on_engine!(self.conn(), "wiping what was said about a room", c => sqlx::query(sql)
                .bind(room.0).bind(nothing).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }
}
