//! Wire shapes of rooms: the list, one room opened, its members, pages of history and catching up.

use crate::{
    AccountId, AgreementMark, Card, Change, InviteRequires, Millis, PatientId, PersonKind, Position, Post,
    RegionId, RoomConsent, RoomId, WaitsFor,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What kind of room it is; it decides who may be in it and what may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// One patient, many professions; the family cannot read it.
    TimelineStaff,
    /// One patient; patient or family take part, a physician controls it.
    TimelineWithRecipient,
    /// No patient data, a stated aim.
    FreeGroup,
    /// Exactly two people who both accepted.
    Connection,
}

impl RoomKind {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimelineStaff => "timeline_staff",
            Self::TimelineWithRecipient => "timeline_with_recipient",
            Self::FreeGroup => "free_group",
            Self::Connection => "connection",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "timeline_staff" => Some(Self::TimelineStaff),
            "timeline_with_recipient" => Some(Self::TimelineWithRecipient),
            "free_group" => Some(Self::FreeGroup),
            "connection" => Some(Self::Connection),
            _ => None,
        }
    }
}

/// Where a room stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomState {
    /// A connection whose other party has not accepted yet.
    Proposed,
    /// Open for posts.
    Active,
    /// In the vault: read by its members, written by nobody, and restorable (000-note(2)a).
    Archived,
    /// A timeline that has not begun: it waits for a physician (001-guide§29-1).
    Draft,
    /// A timeline that rests: its physician paused it, or none is in charge (001§29-5).
    Paused,
    /// Completely erased; for everybody but those who decided it as if it had never been (F-38).
    Erased,
}

impl RoomState {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Draft => "draft",
            Self::Paused => "paused",
            Self::Erased => "erased",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "proposed" => Some(Self::Proposed),
            "active" => Some(Self::Active),
            "archived" => Some(Self::Archived),
            "draft" => Some(Self::Draft),
            "paused" => Some(Self::Paused),
            "erased" => Some(Self::Erased),
            _ => None,
        }
    }
}

/// Where a person stands towards a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Invited; has not judged yet (000-note(3)b). Sees that the room exists and who asks, no posts.
    Invited,
    /// Reads and writes.
    Member,
    /// Was a member.
    Left,
}

impl MemberState {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Member => "member",
            Self::Left => "left",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "invited" => Some(Self::Invited),
            "member" => Some(Self::Member),
            "left" => Some(Self::Left),
            _ => None,
        }
    }
}

/// A person in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Member {
    /// The card of the affiliation the membership is held for.
    pub card: Card,
    /// Invited, member or left.
    pub state: MemberState,
    /// First post she may read.
    pub from_position: Position,
}

/// The person cared for, as members of her rooms see her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Patient {
    /// Her id.
    pub id: PatientId,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// ISO date, `1942-03-08`.
    pub birth_date: String,
    /// `female`, `male`, `other`, `unknown` (FHIR administrative gender).
    pub sex: String,
}

/// One room in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomCard {
    /// The room.
    pub id: RoomId,
    /// Its region.
    pub region: RegionId,
    /// Kind.
    pub kind: RoomKind,
    /// State.
    pub state: RoomState,
    /// What a timeline that is a draft or rests waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waits_for: Option<WaitsFor>,
    /// The reader's own place in it.
    pub membership: MemberState,
    /// The patient, for timelines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<PatientId>,
    /// Title, for free groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// Aim, for free groups: who is invited reads it before she judges (001§30-4).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub aim: Option<String>,
    /// The other person, for connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub other: Option<Card>,
    /// Steward office's name, for timelines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub steward: Option<String>,
    /// For timelines: why what is said of the patient may not be shared here; absent where it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub consent: Option<RoomConsent>,
    /// Name of the office that acts for it, where one does (000§4b).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub delegate: Option<String>,
    /// Members by kind.
    pub readers: ReaderCount,
    /// Newest change.
    pub change: Change,
    /// Newest post.
    pub last_position: Position,
    /// How far the reader has read.
    pub read_position: Position,
    /// Posts after that. One number, made by the server.
    pub unread: u32,
    /// The newest post in short; absent for invitations and empty rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last: Option<LastPost>,
    /// What its members agreed on, in short; absent where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub agreement: Option<AgreementMark>,
}

/// How many people read a room, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReaderCount {
    /// Staff.
    pub staff: u32,
    /// Family.
    pub family: u32,
    /// The patient herself: 0 or 1.
    pub patient: u32,
}

impl ReaderCount {
    /// Counts one more person.
    pub fn add(&mut self, kind: PersonKind) {
        match kind {
            PersonKind::Staff => self.staff += 1,
            PersonKind::Family => self.family += 1,
            PersonKind::Patient => self.patient += 1,
        }
    }
}

/// The newest post, for a line in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LastPost {
    /// Author's name.
    pub by: String,
    /// Its first characters (`limits::LAST_CHARS`), line breaks as spaces.
    pub text: String,
    /// When it was stored (or claimed to be written, for imported posts).
    pub at: Millis,
}

/// Answer to `rooms.list`: patients once, rooms apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomList {
    /// Patients of the timelines below.
    pub patients: Vec<Patient>,
    /// Rooms, newest activity first.
    pub rooms: Vec<RoomCard>,
}

/// `rooms.open`, `rooms.accept`, `members.list`: which room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichRoom {
    /// The room.
    pub room: RoomId,
}

/// Answer to `rooms.open`: everything a screen needs at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OpenRoom {
    /// The room as in the list.
    pub room: RoomCard,
    /// The patient, for timelines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<Patient>,
    /// Items and purposes that the patient did not agree to (002-5.2b).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub objected: Vec<String>,
    /// Members, invited and former ones included (their posts stay).
    pub members: Vec<Member>,
    /// How far each member has read.
    pub receipts: Vec<Receipt>,
    /// Posts around the first unread one, or the newest.
    pub page: Page,
}

/// `rooms.page`: a page of history by position; stable while posts arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPage {
    /// The room.
    pub room: RoomId,
    /// Where.
    pub at: PageAt,
    /// How many, 1–200; 50 when absent.
    #[serde(default)]
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Which part of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageAt {
    /// The newest posts.
    End,
    /// Posts before this position.
    Before(Position),
    /// Posts after this position.
    After(Position),
    /// Posts on both sides of this position, itself included.
    Around(Position),
}

/// Posts in order, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Page {
    /// The posts.
    pub posts: Vec<Post>,
    /// Whether the reader may see older ones.
    pub more_before: bool,
    /// Whether there are newer ones.
    pub more_after: bool,
}

/// `rooms.since`: what changed in a room after a change one knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSince {
    /// The room.
    pub room: RoomId,
    /// The newest change the client has.
    pub change: Change,
    /// How many posts at most, 1–200; 50 when absent.
    #[serde(default)]
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Answer to `rooms.since`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Since {
    /// Posts whose newest change is later than asked, by change.
    pub posts: Vec<Post>,
    /// All members, when any of them changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub members: Option<Vec<Member>>,
    /// Everything up to this change is in this answer or was known; ask again from here while `more`.
    pub upto: Change,
    /// Newest post of the room.
    pub last_position: Position,
    /// There is more.
    pub more: bool,
}

/// `rooms.read`: the reader has seen everything up to here. No promise: lost on a crash = unread again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// The room.
    pub room: RoomId,
    /// The last post seen.
    pub position: Position,
}

/// How far one member has read (既読).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Receipt {
    /// Who.
    pub account: AccountId,
    /// Up to which post.
    pub position: Position,
}

/// `rooms.focus` (socket only): which room is on screen; receipts of others come only for that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Focus {
    /// The room on screen; absent for none.
    #[serde(default)]
    #[ts(optional)]
    pub room: Option<RoomId>,
}

/// `rooms.create_free`: a room without patient data, with an aim (001§30-4).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateFree {
    /// Chosen by the client; a retry is the same room.
    pub room: RoomId,
    /// Title, 1–100 characters.
    pub title: String,
    /// What the group is for; not blank.
    pub aim: String,
    /// Who is asked to join; people one shares a room with.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<AccountId>>")]
    pub invite: Vec<AccountId>,
    /// What is asked of whoever joins, beside what the region asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<InviteRequires>>")]
    pub requires: Vec<InviteRequires>,
}

/// Never prints title or aim.
impl std::fmt::Debug for CreateFree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateFree").field("room", &self.room).finish_non_exhaustive()
    }
}

/// `rooms.connect`: asks another person for a connection (001§31-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// Chosen by the client; a retry is the same room.
    pub room: RoomId,
    /// With whom; somebody one shares a room with.
    pub with: AccountId,
}

/// Answer to `rooms.create_free`, `rooms.connect` and `rooms.accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomMade {
    /// The room.
    pub room: RoomId,
    /// Its state now.
    pub state: RoomState,
    /// Its newest change.
    pub change: Change,
}

/// Answer to `members.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MemberList {
    /// Members, invited and former ones included.
    pub members: Vec<Member>,
    /// How far each has read.
    pub receipts: Vec<Receipt>,
}

/// Answer to commands that only say yes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[ts(type = "Record<string, never>")]
pub struct Done {}
