//! All SQL of rooms, their counters, members and receipts.

pub use super::openings::store::{Workplace, known_workplace, workplaces};
use super::steering::Charge;
use super::{Acting, Head, Membership, Parting, Standing, Steering};
use crate::consents::Sharing;
use crate::crypto::seal::KeyId;
use crate::pledges::Asks;
use crate::store::{Bulk, Cells, Conn, Kind, StoreFault, Tx, Value, on_engine, row};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Change, MemberState, Millis, OfficeId, PatientId, PersonKind, Position,
    Receipt, RegionId, RoomConsent, RoomId, RoomKind, RoomState, WaitsFor,
};
use uuid::Uuid;

static HEADS: Bulk = Bulk {
    table: "room_heads",
    columns: &["room", "last_position", "change", "member_version", "active_at"],
    keys: 1,
    rank: 2,
    rises: None,
};

static RECEIPTS: Bulk = Bulk {
    table: "receipts",
    columns: &["room", "account", "position", "at"],
    keys: 2,
    rank: 4,
    rises: Some("position"),
};

/// The columns of a standing, for statements that load other facts along with it.
macro_rules! standing_columns {
    () => {
        concat!(
        "m.room AS room, r.region, g.profile, r.kind, r.state, r.waits_for, r.patient, r.steward, r.key_id, \
         h.last_position, h.change, h.member_version, h.active_at, \
         m.state AS membership, m.affiliation, m.card, m.from_position, COALESCE(c.position, 0) AS read_position, a.asks, ",
        crate::consents::store::room_consent!(),
        " AS consent"
        )
    };
}
pub(crate) use standing_columns;

/// The tables of a standing beside the member's own.
macro_rules! standing_joins {
    () => {
        " JOIN rooms r ON r.id = m.room JOIN regions g ON g.id = r.region \
         JOIN room_heads h ON h.room = m.room JOIN affiliations a ON a.id = m.affiliation \
         LEFT JOIN receipts c ON c.room = m.room AND c.account = m.account "
    };
}
pub(crate) use standing_joins;

/// The tables of a standing.
macro_rules! standing_tables {
    () => {
        concat!(" FROM members m", crate::rooms::store::standing_joins!())
    };
}

/// A standing as it is stored.
#[derive(Clone)]
pub(crate) struct StandingRow {
    room: Uuid,
    region: Uuid,
    profile: String,
    kind: String,
    state: String,
    waits_for: Option<String>,
    patient: Option<Uuid>,
    steward: Option<Uuid>,
    key_id: Uuid,
    last_position: i64,
    change: i64,
    member_version: i64,
    active_at: i64,
    membership: String,
    affiliation: Uuid,
    card: Uuid,
    from_position: i64,
    read_position: i64,
    asks: i64,
    consent: String,
}

row!(StandingRow:
    room, region, profile, kind, state, waits_for, patient, steward, key_id, last_position, change,
    member_version, active_at, membership, affiliation, card, from_position, read_position, asks, consent
);

impl StandingRow {
    /// The room it is about.
    pub(crate) fn room(&self) -> Uuid {
        self.room
    }

    /// The kinds of `standing_columns`, in order.
    pub(crate) const KINDS: [Kind; 20] = {
        use Kind::{Int, Text, Uuid};
        [
            Uuid, Uuid, Text, Text, Text, Text, Uuid, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Int,
            Int, Int, Text,
        ]
    };

    /// The columns of a row that begins with `standing_columns`.
    pub(crate) fn of(cells: &mut Cells) -> Option<Self> {
        Some(Self {
            room: cells.uuid()?,
            region: cells.uuid()?,
            profile: cells.text()?,
            kind: cells.text()?,
            state: cells.text()?,
            waits_for: cells.text(),
            patient: cells.uuid(),
            steward: cells.uuid(),
            key_id: cells.uuid()?,
            last_position: cells.int()?,
            change: cells.int()?,
            member_version: cells.int()?,
            active_at: cells.int()?,
            membership: cells.text()?,
            affiliation: cells.uuid()?,
            card: cells.uuid()?,
            from_position: cells.int()?,
            read_position: cells.int()?,
            asks: cells.int()?,
            consent: cells.text()?,
        })
    }

    /// Words that this version does not know give no standing: what cannot be understood is not opened.
    pub(crate) fn read(self) -> Option<Standing> {
        Some(Standing {
            room: RoomId(self.room),
            region: RegionId(self.region),
            profile: self.profile,
            kind: RoomKind::of(&self.kind)?,
            state: RoomState::of(&self.state)?,
            waits_for: self.waits_for.as_deref().and_then(WaitsFor::of),
            patient: self.patient.map(PatientId),
            steward: self.steward.map(OfficeId),
            key: KeyId(self.key_id),
            head: Head {
                last_position: Position(self.last_position),
                change: Change(self.change),
                member_version: self.member_version,
                active_at: Millis(self.active_at),
            },
            membership: Membership {
                state: MemberState::of(&self.membership)?,
                affiliation: AffiliationId(self.affiliation),
                card: CardId(self.card),
                from_position: Position(self.from_position),
            },
            read_position: Position(self.read_position.max(self.from_position - 1)),
            asks: Asks::of_row(self.asks),
            sharing: Sharing(RoomConsent::of(&self.consent)?),
        })
    }
}

/// Where a person stands towards a room: one statement, nothing in both cases of no.
pub async fn standing(
    conn: &mut Conn,
    account: AccountId,
    room: RoomId,
) -> Result<Option<Standing>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT ",
        standing_columns!(),
        standing_tables!(),
        "WHERE m.room = $1 AND m.account = $2 AND m.state IN ('member', 'invited')"
    );
    let keys = vec![room.0.into(), account.0.into()];
    let rows = conn.rows("finding a standing", SQL, keys, &StandingRow::KINDS, StandingRow::of).await?;
    Ok(rows.into_iter().next().and_then(StandingRow::read))
}

/// What a person is to who belongs to a room: one statement, nothing in both cases of no.
pub async fn steering(
    conn: &mut Conn,
    account: AccountId,
    room: RoomId,
) -> Result<Option<Steering>, StoreFault> {
    const SQL: &str = "SELECT * FROM (SELECT r.region, g.profile, r.kind, r.state, r.waits_for, r.patient, r.key_id, r.created_by, \
        w.manager, w.physician, \
        (SELECT COUNT(*) FROM members k WHERE k.room = r.id AND k.state = 'member' \
         AND (k.account = w.manager OR k.account = w.physician)) AS in_charge, \
        h.last_position, h.change, h.member_version, h.active_at, COALESCE(r.steward, f.office) AS office, \
        (SELECT m.state FROM members m WHERE m.room = r.id AND m.account = $1 AND m.state IN ('member', 'invited')) AS membership, \
        (SELECT COUNT(*) FROM affiliations a WHERE a.account = $1 AND a.ended_at IS NULL \
         AND a.office = COALESCE(r.steward, f.office)) AS of_office, \
        (SELECT COUNT(*) FROM affiliations a JOIN roles o ON o.affiliation = a.id AND o.role = 'office_admin' \
         WHERE a.account = $1 AND a.ended_at IS NULL AND a.office = COALESCE(r.steward, f.office)) AS admin, \
        (SELECT MAX(d.expires_at) FROM delegations d JOIN affiliations a ON a.office = d.delegate AND a.account = $1 \
         AND a.ended_at IS NULL JOIN roles o ON o.affiliation = a.id AND o.role = 'office_admin' \
         WHERE d.patient = r.patient AND d.steward = r.steward AND d.state = 'active') AS acts_until, \
        (SELECT COUNT(*) FROM delegations d WHERE d.patient = r.patient AND d.steward = r.steward \
         AND d.state = 'active' AND d.approved_on IS NOT NULL) AS approved \
        FROM rooms r JOIN regions g ON g.id = r.region JOIN room_heads h ON h.room = r.id \
        LEFT JOIN members c ON c.room = r.id AND c.account = r.created_by AND r.kind = 'free_group' \
        LEFT JOIN affiliations f ON f.id = c.affiliation LEFT JOIN openings w ON w.room = r.id WHERE r.id = $2) found \
        WHERE found.membership IS NOT NULL OR found.admin > 0 OR found.acts_until IS NOT NULL";
    let row: Option<SteeringRow> = on_engine!(conn, "finding who steers a room", c => sqlx::query_as(SQL)
        .bind(account.0).bind(room.0).fetch_optional(c).await)?;
    Ok(row.and_then(|row| row.read(room)))
}

struct SteeringRow {
    region: Uuid,
    profile: String,
    kind: String,
    state: String,
    waits_for: Option<String>,
    manager: Option<Uuid>,
    physician: Option<Uuid>,
    in_charge: i64,
    patient: Option<Uuid>,
    key_id: Uuid,
    created_by: Option<Uuid>,
    last_position: i64,
    change: i64,
    member_version: i64,
    active_at: i64,
    office: Option<Uuid>,
    membership: Option<String>,
    of_office: i64,
    admin: i64,
    acts_until: Option<i64>,
    approved: i64,
}

row!(SteeringRow:
    region, profile, kind, state, waits_for, manager, physician, in_charge, patient, key_id, created_by,
    last_position, change, member_version, active_at, office, membership, of_office, admin, acts_until,
    approved
);

impl SteeringRow {
    /// Words that this version does not know open nothing.
    fn read(self, room: RoomId) -> Option<Steering> {
        let membership = match self.membership {
            Some(word) => Some(MemberState::of(&word)?),
            None => None,
        };
        Some(Steering {
            room,
            region: RegionId(self.region),
            profile: self.profile,
            kind: RoomKind::of(&self.kind)?,
            state: RoomState::of(&self.state)?,
            waits_for: self.waits_for.as_deref().and_then(WaitsFor::of),
            charge: Charge {
                manager: self.manager.map(AccountId),
                physician: self.physician.map(AccountId),
                is_there: self.in_charge > 0,
            },
            patient: self.patient.map(PatientId),
            office: self.office.map(OfficeId),
            created_by: self.created_by.map(AccountId),
            key: KeyId(self.key_id),
            head: Head {
                last_position: Position(self.last_position),
                change: Change(self.change),
                member_version: self.member_version,
                active_at: Millis(self.active_at),
            },
            membership,
            is_of_office: self.of_office > 0,
            is_admin: self.admin > 0,
            acting: self
                .acts_until
                .map(|until| Acting { until: Millis(until), is_approved: self.approved > 0 }),
        })
    }
}

/// The standings of a person in all her rooms, the liveliest first.
pub async fn standings(conn: &mut Conn, account: AccountId) -> Result<Vec<Standing>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT ",
        standing_columns!(),
        standing_tables!(),
        "WHERE m.account = $1 AND m.state IN ('member', 'invited') ORDER BY h.active_at DESC, m.room"
    );
    let rows: Vec<StandingRow> =
        on_engine!(conn, "finding standings", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(StandingRow::read).collect())
}

/// What the list shows beside a standing.
pub struct Face {
    /// The room.
    pub room: Uuid,
    /// Sealed title and aim.
    pub sealed: Option<Vec<u8>>,
    /// The patient's sealed body.
    pub patient_sealed: Option<Vec<u8>>,
    /// The steward office's sealed body.
    pub steward_sealed: Option<Vec<u8>>,
    /// The office that acts for it …
    pub delegate: Option<Uuid>,
    /// … and its sealed body.
    pub delegate_sealed: Option<Vec<u8>>,
}

/// Who acts for the steward of a room, for statements that load a face.
macro_rules! delegate_joins {
    () => {
        " LEFT JOIN delegations d ON d.patient = r.patient AND d.steward = r.steward AND d.state = 'active' \
         AND d.approved_on IS NOT NULL LEFT JOIN offices e ON e.id = d.delegate "
    };
}

row!(Face: room, sealed, patient_sealed, steward_sealed, delegate, delegate_sealed);

/// The faces of all rooms of a person.
pub async fn faces(conn: &mut Conn, account: AccountId) -> Result<Vec<Face>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT r.id AS room, r.sealed, p.sealed AS patient_sealed, o.sealed AS steward_sealed, \
         d.delegate, e.sealed AS delegate_sealed FROM members m JOIN rooms r ON r.id = m.room \
         LEFT JOIN patients p ON p.id = r.patient LEFT JOIN offices o ON o.id = r.steward",
        delegate_joins!(),
        "WHERE m.account = $1 AND m.state IN ('member', 'invited')"
    );
    on_engine!(conn, "reading rooms", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)
}

/// The face of one room, whose door was passed.
pub async fn face(conn: &mut Conn, room: RoomId) -> Result<Option<Face>, StoreFault> {
    const SQL: &str = concat!(
        "SELECT r.id AS room, r.sealed, p.sealed AS patient_sealed, o.sealed AS steward_sealed, \
         d.delegate, e.sealed AS delegate_sealed \
         FROM rooms r LEFT JOIN patients p ON p.id = r.patient LEFT JOIN offices o ON o.id = r.steward",
        delegate_joins!(),
        "WHERE r.id = $1"
    );
    let kinds = [Kind::Uuid, Kind::Bytes, Kind::Bytes, Kind::Bytes, Kind::Uuid, Kind::Bytes];
    let read = |cells: &mut Cells| {
        Some(Face {
            room: cells.uuid()?,
            sealed: cells.bytes(),
            patient_sealed: cells.bytes(),
            steward_sealed: cells.bytes(),
            delegate: cells.uuid(),
            delegate_sealed: cells.bytes(),
        })
    };
    Ok(conn.rows("reading a room", SQL, vec![room.0.into()], &kinds, read).await?.pop())
}

/// A member as stored.
pub struct MemberRow {
    /// Who.
    pub account: AccountId,
    /// The card others see.
    pub card: CardId,
    /// Invited, member or left.
    pub state: MemberState,
    /// First post she may read.
    pub from_position: Position,
}

impl MemberRow {
    /// Words that this version does not know give no member.
    fn of(cells: &mut Cells) -> Option<Option<Self>> {
        let (account, card) = (AccountId(cells.uuid()?), CardId(cells.uuid()?));
        let (state, from_position) = (cells.text()?, Position(cells.int()?));
        // Others see of somebody who was barred only that she left.
        let shown = if state == Parting::Barred.as_str() { MemberState::Left.as_str() } else { &state };
        Some(MemberState::of(shown).map(|state| Self { account, card, state, from_position }))
    }
}

/// The timelines of an office that somebody is barred from and has a place for still.
pub async fn barred_from(
    conn: &mut Conn,
    account: AccountId,
    office: OfficeId,
) -> Result<Vec<RoomId>, StoreFault> {
    const SQL: &str = "SELECT m.room FROM members m JOIN rooms r ON r.id = m.room AND r.steward = $2 \
                       JOIN affiliations f ON f.id = m.affiliation AND f.ended_at IS NULL \
                       WHERE m.account = $1 AND m.state = 'barred' ORDER BY m.room";
    let rows: Vec<Uuid> = on_engine!(conn, "finding what somebody is barred from", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(RoomId).collect())
}

/// Who is or was in the timelines of an office, each time with the card she has there and whether she is in it now.
pub async fn in_timelines_of(
    conn: &mut Conn,
    office: OfficeId,
) -> Result<Vec<(AccountId, CardId, bool)>, StoreFault> {
    const SQL: &str = "SELECT m.account, m.card, m.state FROM rooms r JOIN members m ON m.room = r.id \
                       WHERE r.steward = $1 ORDER BY m.account, m.since DESC, m.room";
    let rows: Vec<(Uuid, Uuid, String)> = on_engine!(conn, "reading who is in timelines", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    let is_in = |word: &str| MemberState::of(word) == Some(MemberState::Member);
    Ok(rows
        .into_iter()
        .map(|(account, card, word)| (AccountId(account), CardId(card), is_in(&word)))
        .collect())
}

/// Everybody of a room, those who left included.
pub async fn members(conn: &mut Conn, room: RoomId) -> Result<Vec<MemberRow>, StoreFault> {
    const SQL: &str =
        "SELECT account, card, state, from_position FROM members WHERE room = $1 ORDER BY since, account";
    let kinds = [Kind::Uuid, Kind::Uuid, Kind::Text, Kind::Int];
    let rows = conn.rows("reading members", SQL, vec![room.0.into()], &kinds, MemberRow::of).await?;
    Ok(rows.into_iter().flatten().collect())
}

/// How many people of each kind read each room of a person.
pub async fn reader_counts(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(RoomId, PersonKind, u32)>, StoreFault> {
    const SQL: &str = "SELECT o.room, a.kind, COUNT(*) FROM members m \
                       JOIN members o ON o.room = m.room AND o.state = 'member' JOIN accounts a ON a.id = o.account \
                       WHERE m.account = $1 AND m.state IN ('member', 'invited') GROUP BY o.room, a.kind";
    let rows: Vec<(Uuid, String, i64)> =
        on_engine!(conn, "counting readers", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(room, kind, count)| {
            Some((RoomId(room), PersonKind::of(&kind)?, u32::try_from(count).ok()?))
        })
        .collect())
}

/// The other person's card in each connection of a person.
pub async fn others(conn: &mut Conn, account: AccountId) -> Result<Vec<(RoomId, CardId)>, StoreFault> {
    const SQL: &str = "SELECT o.room, o.card FROM members m JOIN rooms r ON r.id = m.room AND r.kind = 'connection' \
                       JOIN members o ON o.room = m.room AND o.account <> m.account \
                       WHERE m.account = $1 AND m.state IN ('member', 'invited')";
    let rows: Vec<(Uuid, Uuid)> =
        on_engine!(conn, "reading connections", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(room, card)| (RoomId(room), CardId(card))).collect())
}

/// How far each member of a room has read, as stored.
pub async fn receipts(conn: &mut Conn, room: RoomId) -> Result<Vec<Receipt>, StoreFault> {
    const SQL: &str = "SELECT c.account, c.position FROM receipts c \
                       JOIN members m ON m.room = c.room AND m.account = c.account AND m.state = 'member' \
                       WHERE c.room = $1 ORDER BY c.account";
    let read = |cells: &mut Cells| {
        Some(Receipt { account: AccountId(cells.uuid()?), position: Position(cells.int()?) })
    };
    conn.rows("reading receipts", SQL, vec![room.0.into()], &[Kind::Uuid, Kind::Int], read).await
}

/// The newest change of a room's members.
pub async fn newest_member_change(conn: &mut Conn, room: RoomId) -> Result<Change, StoreFault> {
    const SQL: &str = "SELECT COALESCE(MAX(change), 0) FROM members WHERE room = $1";
    let keys = vec![room.0.into()];
    let newest = conn.rows("finding member changes", SQL, keys, &[Kind::Int], Cells::int).await?;
    Ok(Change(newest.into_iter().max().unwrap_or_default()))
}

/// A person one shares a room with, and the affiliation she is in it for.
pub struct Acquaintance {
    /// Who.
    pub account: AccountId,
    /// The affiliation.
    pub affiliation: AffiliationId,
    /// The card.
    pub card: CardId,
}

/// Somebody one shares a room with; nothing for everybody else, known or not.
pub async fn acquaintance(
    conn: &mut Conn,
    who: AccountId,
    other: AccountId,
) -> Result<Option<Acquaintance>, StoreFault> {
    const SQL: &str = "SELECT o.affiliation, o.card FROM members m \
                       JOIN members o ON o.room = m.room AND o.account = $2 AND o.state = 'member' \
                       WHERE m.account = $1 AND m.state = 'member' ORDER BY o.since, o.room LIMIT 1";
    let row: Option<(Uuid, Uuid)> = on_engine!(conn, "finding an acquaintance", c => sqlx::query_as(SQL)
        .bind(who.0).bind(other.0).fetch_optional(c).await)?;
    Ok(row.map(|(affiliation, card)| Acquaintance {
        account: other,
        affiliation: AffiliationId(affiliation),
        card: CardId(card),
    }))
}

/// What stands under a room id that a client chose.
pub struct Made {
    /// Kind.
    pub kind: Option<RoomKind>,
    /// State.
    pub state: Option<RoomState>,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// Its newest change.
    pub change: Change,
}

/// The connection of two people, whoever asked for it.
pub async fn connection_of(
    conn: &mut Conn,
    one: AccountId,
    other: AccountId,
) -> Result<Option<(RoomId, Made)>, StoreFault> {
    const SQL: &str = "SELECT r.id, r.kind, r.state, r.created_by, h.change FROM members m \
                       JOIN members o ON o.room = m.room AND o.account = $2 AND o.state IN ('member', 'invited') \
                       JOIN rooms r ON r.id = m.room AND r.kind = 'connection' JOIN room_heads h ON h.room = r.id \
                       WHERE m.account = $1 AND m.state IN ('member', 'invited') LIMIT 1";
    let row: Option<(Uuid, String, String, Option<Uuid>, i64)> = on_engine!(conn, "finding a connection", c => sqlx::query_as(SQL)
            .bind(one.0).bind(other.0).fetch_optional(c).await)?;
    Ok(row.map(|(room, kind, state, by, change)| (RoomId(room), made_of(&kind, &state, by, change))))
}

fn made_of(kind: &str, state: &str, by: Option<Uuid>, change: i64) -> Made {
    Made {
        kind: RoomKind::of(kind),
        state: RoomState::of(state),
        created_by: by.map(AccountId),
        change: Change(change),
    }
}

/// The room of an id, if there is one; only its maker learns more than that it is taken.
pub async fn made(conn: &mut Conn, room: RoomId) -> Result<Option<Made>, StoreFault> {
    const SQL: &str = "SELECT r.kind, r.state, r.created_by, h.change FROM rooms r JOIN room_heads h ON h.room = r.id \
                       WHERE r.id = $1";
    let row: Option<(String, String, Option<Uuid>, i64)> =
        on_engine!(conn, "finding a room", c => sqlx::query_as(SQL).bind(room.0).fetch_optional(c).await)?;
    Ok(row.map(|(kind, state, by, change)| made_of(&kind, &state, by, change)))
}

/// A new room.
pub struct NewRoom {
    /// Its id.
    pub id: RoomId,
    /// Its region.
    pub region: RegionId,
    /// Kind.
    pub kind: RoomKind,
    /// State.
    pub state: RoomState,
    /// The patient, for timelines.
    pub patient: Option<PatientId>,
    /// The steward office, for timelines.
    pub steward: Option<OfficeId>,
    /// Its key.
    pub key_id: Uuid,
    /// Sealed title and aim.
    pub sealed: Option<Vec<u8>>,
    /// Who made it.
    pub created_by: Option<AccountId>,
}

/// A new member.
#[derive(Debug, Clone, Copy)]
pub struct NewMember {
    /// Who.
    pub account: AccountId,
    /// The affiliation the membership is held for.
    pub affiliation: AffiliationId,
    /// The card others see.
    pub card: CardId,
    /// Invited or member.
    pub state: MemberState,
    /// Who asked her.
    pub invited_by: Option<AccountId>,
}

impl Tx {
    /// Keeps a new room with its first members; they all come with change 1.
    pub async fn insert_room(
        &mut self,
        new: &NewRoom,
        members: &[NewMember],
        now: Millis,
    ) -> Result<Head, StoreFault> {
        const ROOM: &str = "INSERT INTO rooms (id, region, kind, state, patient, steward, key_id, sealed, created_by, created_at) \
                            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        const HEAD: &str = "INSERT INTO room_heads (room, last_position, change, member_version, active_at) \
                            VALUES ($1, 0, 1, 1, $2)";
        on_engine!(self.conn(), "keeping a room", c => sqlx::query(ROOM)
            .bind(new.id.0).bind(new.region.0).bind(new.kind.as_str()).bind(new.state.as_str())
            .bind(new.patient.map(|id| id.0)).bind(new.steward.map(|id| id.0)).bind(new.key_id)
            .bind(new.sealed.as_deref()).bind(new.created_by.map(|id| id.0)).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "keeping a room's counters", c => sqlx::query(HEAD)
            .bind(new.id.0).bind(now.0).execute(c).await.map(|_| ()))?;
        for member in members {
            self.insert_member(new.id, member, Position(1), Change(1), now).await?;
        }
        Ok(Head { last_position: Position(0), change: Change(1), member_version: 1, active_at: now })
    }

    async fn insert_member(
        &mut self,
        room: RoomId,
        new: &NewMember,
        from: Position,
        change: Change,
        now: Millis,
    ) -> Result<(), StoreFault> {
        // Whoever the steward bars from its timelines is kept out of this one as well, whatever brought her here.
        const SQL: &str = "INSERT INTO members (room, account, affiliation, card, state, from_position, change, invited_by, since) \
                           VALUES ($1, $2, $3, $4, CASE WHEN EXISTS (SELECT 1 FROM rooms r JOIN bars b ON b.office = r.steward \
                           WHERE r.id = $1 AND b.account = $2) THEN 'barred' ELSE $5 END, $6, $7, $8, $9)";
        on_engine!(self.conn(), "keeping a member", c => sqlx::query(SQL)
            .bind(room.0).bind(new.account.0).bind(new.affiliation.0).bind(new.card.0).bind(new.state.as_str())
            .bind(from.0).bind(change.0).bind(new.invited_by.map(|id| id.0)).bind(now.0)
            .execute(c).await.map(|_| ()))
    }

    /// Somebody is invited to a room that stands, for the first time or again.
    pub async fn invite_member(
        &mut self,
        room: RoomId,
        new: &NewMember,
        change: Change,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE members SET affiliation = $3, card = $4, state = 'invited', from_position = $5, change = $6, \
                           invited_by = $7, since = $8 WHERE room = $1 AND account = $2 AND state = 'left'";
        let again = on_engine!(self.conn(), "inviting somebody again", c => sqlx::query(SQL)
            .bind(room.0).bind(new.account.0).bind(new.affiliation.0).bind(new.card.0).bind(1_i64)
            .bind(change.0).bind(new.invited_by.map(|id| id.0)).bind(now.0).execute(c).await
            .map(|done| done.rows_affected() == 1))?;
        // From where on she reads is set when she joins; until then she reads nothing.
        if again { Ok(()) } else { self.insert_member(room, new, Position(1), change, now).await }
    }

    /// An invited person becomes a member.
    pub async fn accept_member(
        &mut self,
        room: RoomId,
        account: AccountId,
        from: Position,
        change: Change,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE members SET state = 'member', change = $3, since = $4, from_position = $5 \
                           WHERE room = $1 AND account = $2 AND state = 'invited'";
        on_engine!(self.conn(), "accepting an invitation", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(change.0).bind(now.0).bind(from.0).execute(c).await.map(|_| ()))
    }

    /// Another card of somebody in a room.
    pub async fn replace_member_card(
        &mut self,
        room: RoomId,
        account: AccountId,
        card: CardId,
        change: Change,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE members SET card = $3, change = $4 WHERE room = $1 AND account = $2";
        on_engine!(self.conn(), "replacing a member's card", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(card.0).bind(change.0).execute(c).await.map(|_| ()))
    }

    /// Somebody's membership or invitation ends, for good or while she is barred.
    pub async fn end_member(
        &mut self,
        (room, account): (RoomId, AccountId),
        parting: Parting,
        change: Change,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE members SET state = $5, change = $3, since = $4 \
                           WHERE room = $1 AND account = $2 AND state IN ('member', 'invited')";
        on_engine!(self.conn(), "ending a membership", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(change.0).bind(now.0).bind(parting.as_str())
            .execute(c).await.map(|_| ()))
    }

    /// What somebody was barred from ends for good, with the place it was held for.
    pub async fn forget_barred(
        &mut self,
        account: AccountId,
        place: AffiliationId,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE members SET state = 'left' WHERE account = $1 AND affiliation = $2 AND state = 'barred'";
        on_engine!(self.conn(), "forgetting what was barred", c => sqlx::query(SQL)
            .bind(account.0).bind(place.0).execute(c).await.map(|_| ()))
    }

    /// Somebody who was barred is a member again, under the card that her place has now; what she may read is set after it.
    pub async fn unbar_member(
        &mut self,
        room: RoomId,
        account: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE members SET state = 'member', since = $3, \
                           card = (SELECT f.card FROM affiliations f WHERE f.id = members.affiliation) \
                           WHERE room = $1 AND account = $2 AND state = 'barred'";
        on_engine!(self.conn(), "letting a member back", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// From where on a member reads.
    pub async fn read_from(
        &mut self,
        room: RoomId,
        account: AccountId,
        from: Position,
        change: Change,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE members SET from_position = $3, change = $4 WHERE room = $1 AND account = $2";
        on_engine!(self.conn(), "setting what a member reads", c => sqlx::query(SQL)
            .bind(room.0).bind(account.0).bind(from.0).bind(change.0).execute(c).await.map(|_| ()))
    }

    /// A room goes to another state.
    pub async fn set_room_state(&mut self, room: RoomId, state: RoomState) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE rooms SET state = $2 WHERE id = $1";
        on_engine!(self.conn(), "changing a room's state", c => sqlx::query(SQL)
            .bind(room.0).bind(state.as_str()).execute(c).await.map(|_| ()))
    }

    /// Queues a room's new counters; one row per room and batch is written.
    pub fn move_head(&mut self, room: RoomId, head: Head) {
        let row: Vec<Value> = vec![
            room.0.into(),
            head.last_position.0.into(),
            head.change.0.into(),
            head.member_version.into(),
            head.active_at.0.into(),
        ];
        self.upsert(&HEADS, row);
    }

    /// The counters that this batch has queued for a room.
    #[must_use]
    pub fn queued_head(&self, room: RoomId) -> Option<Head> {
        let row = self.pending(&HEADS, &[room.0.into()])?;
        let number = |index: usize| match row.get(index) {
            Some(Value::Int(Some(number))) => Some(*number),
            _ => None,
        };
        Some(Head {
            last_position: Position(number(1)?),
            change: Change(number(2)?),
            member_version: number(3)?,
            active_at: Millis(number(4)?),
        })
    }

    /// Queues read marks.
    pub fn write_marks(&mut self, marks: &[((RoomId, AccountId), Position)], now: Millis) {
        for ((room, account), position) in marks {
            let row = vec![room.0.into(), account.0.into(), position.0.into(), now.0.into()];
            self.upsert(&RECEIPTS, row);
        }
    }
}

/// The region of an affiliation.
pub async fn region_of(
    conn: &mut Conn,
    affiliation: AffiliationId,
) -> Result<Option<(RegionId, String)>, StoreFault> {
    const SQL: &str =
        "SELECT f.region, r.profile FROM affiliations f JOIN regions r ON r.id = f.region WHERE f.id = $1";
    let row: Option<(Uuid, String)> = on_engine!(conn, "finding a region", c => sqlx::query_as(SQL).bind(affiliation.0).fetch_optional(c).await)?;
    Ok(row.map(|(region, profile)| (RegionId(region), profile)))
}

/// The newest position of a room.
pub async fn last_position(conn: &mut Conn, room: RoomId) -> Result<Position, StoreFault> {
    const SQL: &str = "SELECT last_position FROM room_heads WHERE room = $1";
    let row: Option<i64> = on_engine!(conn, "reading a room's counters", c => sqlx::query_scalar(SQL).bind(room.0).fetch_optional(c).await)?;
    Ok(Position(row.unwrap_or_default()))
}

/// Who was asked into a room by a person.
pub async fn invited_by(conn: &mut Conn, room: RoomId, by: AccountId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT account FROM members WHERE room = $1 AND invited_by = $2";
    let rows: Vec<Uuid> = on_engine!(conn, "reading invitations", c => sqlx::query_scalar(SQL)
        .bind(room.0).bind(by.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// The timelines of an office: room, kind, state, patient and her sealed body.
pub async fn timelines_of(
    conn: &mut Conn,
    office: OfficeId,
) -> Result<Vec<(RoomId, RoomKind, RoomState, PatientId, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT r.id, r.kind, r.state, p.id, p.sealed FROM rooms r JOIN patients p ON p.id = r.patient \
                       WHERE r.state <> 'erased' AND (r.steward = $1 OR EXISTS (SELECT 1 FROM delegations d \
                       WHERE d.patient = r.patient AND d.steward = r.steward AND d.delegate = $1 AND d.state = 'active' \
                       AND d.approved_on IS NOT NULL)) ORDER BY r.id";
    let rows: Vec<(Uuid, String, String, Uuid, Vec<u8>)> =
        on_engine!(conn, "listing timelines", c => sqlx::query_as(SQL).bind(office.0).fetch_all(c).await)?;
    let read = |(room, kind, state, patient, sealed): (Uuid, String, String, Uuid, Vec<u8>)| {
        Some((RoomId(room), RoomKind::of(&kind)?, RoomState::of(&state)?, PatientId(patient), sealed))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// How many people are in a room or invited to it.
pub async fn how_many_belong(conn: &mut Conn, room: RoomId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM members WHERE room = $1 AND state IN ('member', 'invited')";
    on_engine!(conn, "counting members", c => sqlx::query_scalar(SQL).bind(room.0).fetch_one(c).await)
}

/// Whether a room has a member, other than that account, who administers that office.
pub async fn has_other_admin(
    conn: &mut Conn,
    room: RoomId,
    office: OfficeId,
    but: AccountId,
) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM members m JOIN affiliations a ON a.account = m.account AND a.office = $2 \
                       AND a.ended_at IS NULL JOIN roles o ON o.affiliation = a.id AND o.role = 'office_admin' \
                       JOIN accounts c ON c.id = m.account AND c.state IN ('active', 'restricted') \
                       WHERE m.room = $1 AND m.state = 'member' AND m.account <> $3";
    let count: i64 = on_engine!(conn, "looking for another administrator", c => sqlx::query_scalar(SQL)
        .bind(room.0).bind(office.0).bind(but.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Whether somebody is, was or was to be in a room.
pub async fn was_in(conn: &mut Conn, room: RoomId, account: AccountId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM members WHERE room = $1 AND account = $2";
    let count: i64 = on_engine!(conn, "looking for somebody in a room", c => sqlx::query_scalar(SQL)
        .bind(room.0).bind(account.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Whether somebody is or was in a timeline of an office.
pub async fn was_in_timelines_of(
    conn: &mut Conn,
    office: OfficeId,
    account: AccountId,
) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM members m JOIN rooms r ON r.id = m.room AND r.steward = $1 WHERE m.account = $2";
    let count: i64 = on_engine!(conn, "looking for somebody in timelines", c => sqlx::query_scalar(SQL)
        .bind(office.0).bind(account.0).fetch_one(c).await)?;
    Ok(count > 0)
}
