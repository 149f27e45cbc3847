// Generated from protocol/src by `make bindings`; do not edit.

/**
 * `accounts.sign_in` (HTTP only): who are you?
 */
export type SignIn = { 
/**
 * E-mail address; case and width do not matter.
 */
email: string, 
/**
 * Password as typed.
 */
password: string, 
/**
 * Where the session token goes; a browser leaves it out and gets a cookie.
 */
token_in?: TokenIn, };

/**
 * `accounts.enter` (HTTP only): the first sign-in, by a link that is good once. Its holder sets the password.
 */
export type Enter = { 
/**
 * The token of the link.
 */
link: string, 
/**
 * The password to be.
 */
password: string, 
/**
 * The version of the terms of use that its holder has read and accepts.
 */
terms?: string, 
/**
 * Where the session token goes.
 */
token_in?: TokenIn, };

/**
 * Answer to `service.about`: how to tell this service from one that only looks like it.
 */
export type About = { 
/**
 * The one address of the service.
 */
official: string, 
/**
 * The one address that its mails come from; without one, it sends none.
 */
sender?: string, 
/**
 * Where the support desk is written to; without one, nowhere.
 */
support?: string, 
/**
 * The domain of the mail addresses of those who run the service; without one, none of them writes.
 */
staff_domain?: string, 
/**
 * The version of the terms of use in force.
 */
terms: string, 
/**
 * Whether there are regions here whose rules let a passkey stand for the password.
 */
passkey_alone: boolean, };

/**
 * `accounts.forgot` (HTTP only): somebody forgot her password. The answer is always the same.
 */
export type Forgot = { 
/**
 * E-mail address.
 */
email: string, };

/**
 * `accounts.reset` (HTTP only): sets a new password by a link that is good once.
 */
export type Reset = { 
/**
 * The token of the link.
 */
link: string, 
/**
 * The password to be.
 */
password: string, };

/**
 * `accounts.admin_reset`: an administrator has a link to a new password mailed to somebody of her office.
 */
export type AdminReset = { 
/**
 * Whose password.
 */
account: AccountId, 
/**
 * Why.
 */
reason: string, };

/**
 * `accounts.change_email`: asks for a link to the new address, with a fresh proof.
 */
export type ChangeEmail = { 
/**
 * The address to be.
 */
email: string, };

/**
 * `accounts.confirm_email` (HTTP only): the link arrived at the new address.
 */
export type ConfirmEmail = { 
/**
 * The token of the link.
 */
link: string, };

/**
 * Answer to `accounts.sign_in`.
 */
export type SignedIn = { 
/**
 * Who signed in.
 */
me: Me, 
/**
 * The session token, when it was asked for in the body.
 */
token?: string, };

/**
 * Where a new session's token is handed over.
 */
export type TokenIn = "cookie" | "body";

/**
 * `accounts.sign_out` (HTTP only), `accounts.me`, `rooms.list`, `time.now` ask nothing.
 */
export type Nothing = Record<string, never>;

/**
 * Answer to commands that only say yes.
 */
export type Done = Record<string, never>;

/**
 * The person who is signed in.
 */
export type Me = { 
/**
 * Her account.
 */
account: AccountId, 
/**
 * Staff, patient or family.
 */
kind: PersonKind, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * Language of sentences from the server.
 */
lang: Lang, 
/**
 * Until when her password is good, where it ends.
 */
password_end?: PasswordEnd, 
/**
 * Where she works, or whose family she is; several are possible.
 */
affiliations: Array<Affiliation>, 
/**
 * What a region's profile says to the screens.
 */
regions: Array<RegionFace>, 
/**
 * What this session still lacks; empty once it is whole.
 */
next?: Array<Next>, 
/**
 * Of a shared account: who acts in this session.
 */
acting?: RosterPerson, 
/**
 * Of a shared account in which nobody acts yet: whom it could be.
 */
roster?: Array<RosterPerson>, 
/**
 * When and how a session ends by itself.
 */
ends: SessionEnd, 
/**
 * What is still to be done about her profile; it keeps her from nothing.
 */
tasks?: Array<Task>, 
/**
 * For a session that was opened under an exception from the rule of devices: when that ends.
 */
exception_until?: Millis, };

/**
 * A step of coming in. Until it is done the session may do that, look who it is, and sign out.
 */
export type Next = "second_factor" | "new_password" | "acting_person" | "rules";

/**
 * How somebody showed who she is.
 */
export type Factor = "password" | "passkey" | "certificate" | "link";

/**
 * When a session ends by itself (002-1.2(1)d).
 */
export type SessionEnd = { 
/**
 * Milliseconds without an act of its person.
 */
idle_ms: number, 
/**
 * At the latest at this moment, whatever is done.
 */
at: Millis, 
/**
 * † Milliseconds without input after which a screen no longer shows content (002-2.2M1).
 */
blank_ms: number, };

/**
 * Answer to `sessions.list`.
 */
export type SessionList = { 
/**
 * Those that stand, the one used last first.
 */
sessions: Array<SessionSeen>, };

/**
 * A place where the account is signed in.
 */
export type SessionSeen = { 
/**
 * Its id.
 */
session: SessionId, 
/**
 * Whether it is the one that asks.
 */
is_this: boolean, 
/**
 * How it came in.
 */
factors: Array<Factor>, 
/**
 * Since when.
 */
opened_at: Millis, 
/**
 * When its person last did something.
 */
last_act: Millis, 
/**
 * The program and the system it came in with, in two words of a fixed list; empty where they are not in it.
 */
client: string, };

/**
 * `sessions.end`.
 */
export type WhichSession = { 
/**
 * The session.
 */
session: SessionId, };

/**
 * `offices.staff`.
 */
export type WhichOffice = { 
/**
 * The office.
 */
office: OfficeId, };

/**
 * Answer to `offices.staff`: names in the order of their reading.
 */
export type StaffList = { 
/**
 * Who works there now.
 */
staff: Array<StaffSeen>, };

/**
 * Somebody of the office as its administrator and the region's desk see her (000§8c).
 */
export type StaffSeen = { 
/**
 * Her place in this office.
 */
affiliation: AffiliationId, 
/**
 * Her card in this office.
 */
card: Card, 
/**
 * Roles held here.
 */
roles: Array<Role>, 
/**
 * What may be done with the account.
 */
state: AccountState, 
/**
 * Whether it has a password: otherwise its first link is still out.
 */
has_entered: boolean, 
/**
 * Whether several people use it.
 */
is_shared: boolean, 
/**
 * Whether the region's rules let several people use it, if they do not yet (K-29).
 */
may_be_shared: boolean, 
/**
 * Until when her sign-in is locked.
 */
locked_until?: Millis, 
/**
 * Since when nobody used the account, where that is too long by the region's rules (002-2.1S3): whether she still needs
 * it is her admin's to find out. Whoever never came in counts from the day of her place here.
 */
unused_since?: Millis, 
/**
 * When she last did something, as far as it is written.
 */
last_act?: Millis, };

/**
 * `offices.register_staff`: the client chooses both ids, so that asking again registers nobody twice.
 */
export type RegisterStaff = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * The account to be.
 */
account: AccountId, 
/**
 * Her place in the office.
 */
affiliation: AffiliationId, 
/**
 * Her own name; the office's stands beside it by itself.
 */
name: string, 
/**
 * Reading in kana; may be empty.
 */
kana: string, 
/**
 * Occupation.
 */
occupation: Occupation, 
/**
 * E-mail address: there her first link goes.
 */
email: string, 
/**
 * Language.
 */
lang?: Lang, };

/**
 * `offices.end_affiliation`: somebody left the job, or works elsewhere now.
 */
export type EndAffiliation = { 
/**
 * Her place in the office.
 */
affiliation: AffiliationId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * `accounts.close` (HTTP only): for good, with a fresh proof. The account is named, so that nobody closes another than she means.
 */
export type CloseAccount = { 
/**
 * The account: one's own.
 */
account: AccountId, };

/**
 * What may be done with an account.
 */
export type AccountState = "active" | "restricted" | "suspended" | "closed";

/**
 * `accounts.unlock`.
 */
export type Unlock = { 
/**
 * Whose sign-in.
 */
account: AccountId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * `accounts.set_state`: to `active`, `restricted` or `suspended`.
 */
export type SetState = { 
/**
 * Whose account.
 */
account: AccountId, 
/**
 * What it is to be.
 */
state: AccountState, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * An account's place in an office, or beside a patient.
 */
export type Affiliation = { 
/**
 * Its id; a membership is held for one affiliation.
 */
id: AffiliationId, 
/**
 * The region it belongs to.
 */
region: RegionId, 
/**
 * The office, for staff.
 */
office?: OfficeId, 
/**
 * The patient, for patient and family.
 */
patient?: PatientId, 
/**
 * The card others see.
 */
card: Card, 
/**
 * Roles held with it.
 */
roles: Array<Role>, };

/**
 * A person as others see her: name, office and occupation, as they were when the card was made.
 */
export type Card = { 
/**
 * The card; a changed name, office, occupation or mark makes a new one.
 */
id: CardId, 
/**
 * Whose card it is.
 */
account: AccountId, 
/**
 * Staff, patient or family.
 */
kind: PersonKind, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * Office name; absent for patient and family.
 */
office?: string, 
/**
 * Occupation, or `family` / `patient`.
 */
occupation: Occupation, 
/**
 * For family: how they are related (長女 …).
 */
relation?: string, 
/**
 * That she was looked at, as it stood when the card was made.
 */
mark?: Mark, };

/**
 * What an account is: it decides which rooms are open at all.
 */
export type PersonKind = "staff" | "patient" | "family";

/**
 * Occupation (職種), from one list; `family` and `patient` for those who are not staff.
 */
export type Occupation = "physician" | "dentist" | "pharmacist" | "nurse" | "care_manager" | "home_helper" | "physio" | "occupational_therapist" | "dietitian" | "social_worker" | "clerk" | "secretariat" | "unstated" | "family" | "patient";

/**
 * A duty in the service itself. No role reads content by being that role.
 */
export type Role = "office_head" | "office_admin" | "secretariat" | "committee" | "auditor";

/**
 * `accounts.change_password` (HTTP only): another password instead of the one typed. All other sessions of the account end.
 */
export type ChangePassword = { 
/**
 * The password in use.
 */
current: string, 
/**
 * The password to be.
 */
new: string, 
/**
 * Where the new session's token goes.
 */
token_in?: TokenIn, };

/**
 * `accounts.prove` (HTTP only): who has no passkey shows once more who she is, before a dangerous act.
 */
export type ProvePassword = { 
/**
 * The password in use.
 */
password: string, 
/**
 * Where the new session's token goes.
 */
token_in?: TokenIn, };

/**
 * Until when a password is good.
 */
export type PasswordEnd = { 
/**
 * Its last moment.
 */
at: Millis, 
/**
 * Whether it stops working then; otherwise its holder is asked to change it.
 */
must: boolean, 
/**
 * Days before that on which the holder is reminded, the earliest first.
 */
remind_days: Array<number>, };

/**
 * Answer to `offices.of_region`: names in the order of their reading.
 */
export type OfficeList = { 
/**
 * The offices of the regions whose desk asks.
 */
offices: Array<OfficeSeen>, };

/**
 * An office as its region's desk sees it.
 */
export type OfficeSeen = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its region.
 */
region: RegionId, 
/**
 * Its name.
 */
name: string, 
/**
 * How many people work there now.
 */
people: number, 
/**
 * Its admins.
 */
admins: Array<Card>, 
/**
 * Whether one of them has come in and may act: otherwise nobody there can help the others.
 */
is_administered: boolean, };

/**
 * What a client must know of a region's rules to draw its screens. The server decides; this only explains.
 */
export type RegionFace = { 
/**
 * The region.
 */
region: RegionId, 
/**
 * Its name.
 */
name: string, 
/**
 * The profile in force, with its version.
 */
profile: string, 
/**
 * K-06: the word for the person cared for (患者, 利用者 …).
 */
term_patient: string, 
/**
 * K-90: every post passes the confirm step.
 */
confirm_post: boolean, 
/**
 * K-45: how names are shown; `person` where it is left out.
 */
display_name?: NamePattern, };

/**
 * Answer to `time.now`.
 */
export type Now = { 
/**
 * The server's clock.
 */
now: Millis, };

/**
 * Language of sentences.
 */
export type Lang = "ja" | "en";

/**
 * What kind of room it is; it decides who may be in it and what may be said.
 */
export type RoomKind = "timeline_staff" | "timeline_with_recipient" | "free_group" | "connection";

/**
 * Where a room stands in its life.
 */
export type RoomState = "proposed" | "active" | "archived" | "draft" | "paused" | "erased";

/**
 * Where a person stands towards a room.
 */
export type MemberState = "invited" | "member" | "left";

/**
 * A person in a room.
 */
export type Member = { 
/**
 * The card of the affiliation the membership is held for.
 */
card: Card, 
/**
 * Invited, member or left.
 */
state: MemberState, 
/**
 * First post she may read.
 */
from_position: Position, };

/**
 * The person cared for, as members of her rooms see her.
 */
export type Patient = { 
/**
 * Her id.
 */
id: PatientId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * ISO date, `1942-03-08`.
 */
birth_date: string, 
/**
 * `female`, `male`, `other`, `unknown` (FHIR administrative gender).
 */
sex: string, };

/**
 * One room in the list.
 */
export type RoomCard = { 
/**
 * The room.
 */
id: RoomId, 
/**
 * Its region.
 */
region: RegionId, 
/**
 * Kind.
 */
kind: RoomKind, 
/**
 * State.
 */
state: RoomState, 
/**
 * What a timeline that is a draft or rests waits for.
 */
waits_for?: WaitsFor, 
/**
 * The reader's own place in it.
 */
membership: MemberState, 
/**
 * The patient, for timelines.
 */
patient?: PatientId, 
/**
 * Title, for free groups.
 */
title?: string, 
/**
 * Aim, for free groups: who is invited reads it before she judges (001§30-4).
 */
aim?: string, 
/**
 * The other person, for connections.
 */
other?: Card, 
/**
 * Steward office's name, for timelines.
 */
steward?: string, 
/**
 * For timelines: why what is said of the patient may not be shared here; absent where it may.
 */
consent?: RoomConsent, 
/**
 * Name of the office that acts for it, where one does (000§4b).
 */
delegate?: string, 
/**
 * Members by kind.
 */
readers: ReaderCount, 
/**
 * Newest change.
 */
change: Change, 
/**
 * Newest post.
 */
last_position: Position, 
/**
 * How far the reader has read.
 */
read_position: Position, 
/**
 * Posts after that. One number, made by the server.
 */
unread: number, 
/**
 * The newest post in short; absent for invitations and empty rooms.
 */
last?: LastPost, 
/**
 * What its members agreed on, in short; absent where they did not.
 */
agreement?: AgreementMark, };

/**
 * How many people read a room, by kind.
 */
export type ReaderCount = { 
/**
 * Staff.
 */
staff: number, 
/**
 * Family.
 */
family: number, 
/**
 * The patient herself: 0 or 1.
 */
patient: number, };

/**
 * The newest post, for a line in the list.
 */
export type LastPost = { 
/**
 * Author's name.
 */
by: string, 
/**
 * Its first characters (`limits::LAST_CHARS`), line breaks as spaces.
 */
text: string, 
/**
 * When it was stored (or claimed to be written, for imported posts).
 */
at: Millis, };

/**
 * Answer to `rooms.list`: patients once, rooms apart.
 */
export type RoomList = { 
/**
 * Patients of the timelines below.
 */
patients: Array<Patient>, 
/**
 * Rooms, newest activity first.
 */
rooms: Array<RoomCard>, };

/**
 * `rooms.open`, `rooms.accept`, `members.list`: which room.
 */
export type WhichRoom = { 
/**
 * The room.
 */
room: RoomId, };

/**
 * Answer to `rooms.open`: everything a screen needs at once.
 */
export type OpenRoom = { 
/**
 * The room as in the list.
 */
room: RoomCard, 
/**
 * The patient, for timelines.
 */
patient?: Patient, 
/**
 * Items and purposes that the patient did not agree to (002-5.2b).
 */
objected?: Array<string>, 
/**
 * Members, invited and former ones included (their posts stay).
 */
members: Array<Member>, 
/**
 * How far each member has read.
 */
receipts: Array<Receipt>, 
/**
 * Posts around the first unread one, or the newest.
 */
page: Page, };

/**
 * `rooms.page`: a page of history by position; stable while posts arrive.
 */
export type AskPage = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Where.
 */
at: PageAt, 
/**
 * How many, 1–200; 50 when absent.
 */
limit?: number, };

/**
 * Which part of a history.
 */
export type PageAt = "end" | { "before": Position } | { "after": Position } | { "around": Position };

/**
 * Posts in order, oldest first.
 */
export type Page = { 
/**
 * The posts.
 */
posts: Array<Post>, 
/**
 * Whether the reader may see older ones.
 */
more_before: boolean, 
/**
 * Whether there are newer ones.
 */
more_after: boolean, };

/**
 * `rooms.since`: what changed in a room after a change one knows.
 */
export type AskSince = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The newest change the client has.
 */
change: Change, 
/**
 * How many posts at most, 1–200; 50 when absent.
 */
limit?: number, };

/**
 * Answer to `rooms.since`.
 */
export type Since = { 
/**
 * Posts whose newest change is later than asked, by change.
 */
posts: Array<Post>, 
/**
 * All members, when any of them changed.
 */
members?: Array<Member>, 
/**
 * Everything up to this change is in this answer or was known; ask again from here while `more`.
 */
upto: Change, 
/**
 * Newest post of the room.
 */
last_position: Position, 
/**
 * There is more.
 */
more: boolean, };

/**
 * `rooms.read`: the reader has seen everything up to here. No promise: lost on a crash = unread again.
 */
export type MarkRead = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The last post seen.
 */
position: Position, };

/**
 * How far one member has read (既読).
 */
export type Receipt = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * Up to which post.
 */
position: Position, };

/**
 * `rooms.focus` (socket only): which room is on screen; receipts of others come only for that one.
 */
export type Focus = { 
/**
 * The room on screen; absent for none.
 */
room?: RoomId, };

/**
 * `rooms.create_free`: a room without patient data, with an aim (001§30-4).
 */
export type CreateFree = { 
/**
 * Chosen by the client; a retry is the same room.
 */
room: RoomId, 
/**
 * Title, 1–100 characters.
 */
title: string, 
/**
 * What the group is for; not blank.
 */
aim: string, 
/**
 * Who is asked to join; people one shares a room with.
 */
invite?: Array<AccountId>, 
/**
 * What is asked of whoever joins, beside what the region asks.
 */
requires?: Array<InviteRequires>, };

/**
 * `rooms.connect`: asks another person for a connection (001§31-1).
 */
export type Connect = { 
/**
 * Chosen by the client; a retry is the same room.
 */
room: RoomId, 
/**
 * With whom; somebody one shares a room with.
 */
with: AccountId, };

/**
 * Answer to `rooms.create_free`, `rooms.connect` and `rooms.accept`.
 */
export type RoomMade = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Its state now.
 */
state: RoomState, 
/**
 * Its newest change.
 */
change: Change, };

/**
 * Answer to `members.list`.
 */
export type MemberList = { 
/**
 * Members, invited and former ones included.
 */
members: Array<Member>, 
/**
 * How far each has read.
 */
receipts: Array<Receipt>, };

/**
 * What somebody wants to post. `posts.preview` takes exactly this.
 */
export type Draft = { 
/**
 * Where.
 */
room: RoomId, 
/**
 * Chosen by the client, unique in the room; a retry is the same post.
 */
post: PostId, 
/**
 * 1–20,000 characters, no control characters but newline and tab.
 */
text: string, 
/**
 * The post this one answers, in the same room.
 */
reply_to?: PostId, 
/**
 * The patient whose data it carries: in a connection, by the exception of 001§16-2; a timeline has its own; a free group
 * has none (001§30-2).
 */
about?: PatientId, };

/**
 * Answer to `posts.preview`: who will read it, what to look at, and the token that lets it be sent.
 */
export type Preview = { 
/**
 * Readers by office; patient and family first.
 */
readers: Array<ReaderGroup>, 
/**
 * The same, counted (the author is not one of them).
 */
count: ReaderCount, 
/**
 * What the author must look at; each must be acknowledged by its code when sending.
 */
findings: Array<Finding>, 
/**
 * What the author is reminded of; it holds nothing up.
 */
reminders?: Array<Finding>, 
/**
 * To be sent with `posts.send`; bound to the whole draft, the author, the readers and the rules in force.
 */
token: string, 
/**
 * The token ends then.
 */
expires_at: Millis, };

/**
 * Readers of one office, or the family.
 */
export type ReaderGroup = { 
/**
 * Office name; absent for patient and family.
 */
office?: string, 
/**
 * Staff, patient or family.
 */
kind: PersonKind, 
/**
 * The people.
 */
people: Array<Reader>, };

/**
 * One reader.
 */
export type Reader = { 
/**
 * Who.
 */
account: AccountId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Occupation.
 */
occupation: Occupation, 
/**
 * For family: how they are related.
 */
relation?: string, 
/**
 * That she was looked at.
 */
mark?: Mark, };

/**
 * Something the author must look at before sending (WARN codes).
 */
export type Finding = { 
/**
 * Stable code.
 */
code: string, 
/**
 * In the author's language.
 */
sentence: string, };

/**
 * `posts.send`: the confirmed draft.
 */
export type SendPost = { 
/**
 * Exactly what was previewed.
 */
draft: Draft, 
/**
 * From the preview; needed where the profile asks for the confirm step (K-90).
 */
token?: string, 
/**
 * Codes of the findings the author acknowledged.
 */
acknowledged?: Array<string>, 
/**
 * The author says that it carries no patient's data; asked for in free groups (001§30-2).
 */
without_patient_data?: boolean, };

/**
 * Why a draft must be confirmed (again): `why` of `confirm_required`.
 */
export type Unconfirmed = "missing" | "expired" | "changed" | "undeclared";

/**
 * Answer to `posts.send`, only after the durable commit.
 */
export type Sent = { "state": "saved", 
/**
 * Its place in the room.
 */
position: Position, 
/**
 * The change it made.
 */
change: Change, 
/**
 * The server's clock when it was stored.
 */
stored_at: Millis, };

/**
 * A post as every member may see it.
 */
export type Post = { 
/**
 * Its id, unique in the room.
 */
id: PostId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * Its place.
 */
position: Position, 
/**
 * The newest change that touched it.
 */
change: Change, 
/**
 * The author as of writing (c-49).
 */
author: Card, 
/**
 * When it was stored, by the server's clock.
 */
stored_at: Millis, 
/**
 * When it claims to have been written: imported posts, posts written while away.
 */
written_at?: Millis, 
/**
 * The post this one answers.
 */
reply_to?: PostId, 
/**
 * The patient whose data it carries, in a connection.
 */
about?: PatientId, 
/**
 * What it says.
 */
content: Content, };

/**
 * What a post says.
 */
export type Content = { "kind": "text", 
/**
 * The text.
 */
text: string, } | { "kind": "undecodable" };

/**
 * Something happened. Events with a `change` are numbered gap-free per room: a client that misses one asks
 * `rooms.since`.
 */
export type Event = { "event": "posted", 
/**
 * The change it made in its room.
 */
change: Change, 
/**
 * The post.
 */
post: Post, } | { "event": "member_changed", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The change it made.
 */
change: Change, 
/**
 * The member now.
 */
member: Member, } | { "event": "room_changed", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The change it made.
 */
change: Change, 
/**
 * Its state now.
 */
state: RoomState, } | { "event": "consent_changed", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The change it made.
 */
change: Change, 
/**
 * How it stands now.
 */
consent: RoomConsent, } | { "event": "room_added", 
/**
 * The room.
 */
room: RoomId, } | { "event": "receipts", 
/**
 * The room.
 */
room: RoomId, 
/**
 * The new marks.
 */
receipts: Array<Receipt>, } | { "event": "read", 
/**
 * The room.
 */
room: RoomId, 
/**
 * Up to which post.
 */
position: Position, } | { "event": "noticed" } | { "event": "behind" };

/**
 * A refusal on the wire.
 */
export type Refused = { 
/**
 * Stable code.
 */
code: string, 
/**
 * Parameters of the sentence.
 */
params?: { [key in string]: string }, 
/**
 * The rule, in the reader's language.
 */
sentence: string, 
/**
 * What to do next.
 */
next: string, 
/**
 * When trying again makes sense, in milliseconds.
 */
retry_after_ms?: number, };

/**
 * The first frame of a client.
 */
export type Hello = { 
/**
 * Version it speaks.
 */
protocol: number, 
/**
 * What it is, for logs: `web/0.1.0`.
 */
client: string, 
/**
 * Language of sentences on this link; the account's when absent.
 */
lang?: Lang, 
/**
 * Rooms it already knows, with the newest change it has of each.
 */
rooms?: Array<Known>, };

/**
 * A room a client knows, up to a change.
 */
export type Known = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The newest change the client has.
 */
change: Change, };

/**
 * The frame that carries [`Hello`].
 */
export type HelloFrame = { 
/**
 * The hello.
 */
hello: Hello, };

/**
 * The server's first frame.
 */
export type Welcome = { 
/**
 * Version the server speaks.
 */
protocol: number, 
/**
 * Server version, for bug reports.
 */
server: string, 
/**
 * The server's clock.
 */
now: Millis, 
/**
 * Who is signed in.
 */
me: Me, 
/**
 * Of the rooms named in `hello`, those with newer changes: ask `rooms.since`.
 */
stale: Array<Stale>, 
/**
 * Of the rooms named in `hello`, those that are no longer (or never were) yours.
 */
gone: Array<RoomId>, };

/**
 * A room that moved on while the client was away.
 */
export type Stale = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Its newest change.
 */
change: Change, 
/**
 * Its newest post.
 */
last_position: Position, };

/**
 * The frame that carries [`Welcome`].
 */
export type WelcomeFrame = { 
/**
 * The welcome.
 */
welcome: Welcome, };

/**
 * The close frame's reason, as JSON.
 */
export type CloseReason = { 
/**
 * Milliseconds to wait before coming back, already jittered by the server.
 */
retry_after_ms?: number, };

/**
 * One association's network with its own policy profile (地域).
 */
export type RegionId = string;

/**
 * A workplace that signs for its staff (事業所).
 */
export type OfficeId = string;

/**
 * One person's sign-in.
 */
export type AccountId = string;

/**
 * An account's place in an office, or beside a patient; a membership is held for one.
 */
export type AffiliationId = string;

/**
 * The person cared for.
 */
export type PatientId = string;

/**
 * Anything with members and posts.
 */
export type RoomId = string;

/**
 * One post; chosen by the client, unique in its room.
 */
export type PostId = string;

/**
 * One signed-in device.
 */
export type SessionId = string;

/**
 * What the members agreed on about use of what is written beyond this room (001§20-1d).
 */
export type AgreedUse = "none" | "direct_care" | "ask_each_time";

/**
 * What the members of a room agree on (001§26-7, 001§29-8).
 */
export type AgreementTerms = { 
/**
 * What the room is for, 1–1,000 characters.
 */
aim: string, 
/**
 * How it is used, 1–1,000 characters.
 */
usage: string, 
/**
 * Hours of its own, in a line; without it those of the region hold (003-note(3)l-3).
 */
hours?: string, 
/**
 * Use beyond the room.
 */
secondary_use: AgreedUse, };

/**
 * The agreement of a room in short, as the reader's list shows it.
 */
export type AgreementMark = { 
/**
 * Which version stands.
 */
version: number, 
/**
 * Hours of its own.
 */
hours?: string, 
/**
 * Whether the reader has acknowledged it.
 */
acknowledged: boolean, };

/**
 * One version of an agreement.
 */
export type Agreement = { 
/**
 * Counted from 1.
 */
version: number, 
/**
 * Who wrote it down.
 */
by: Card, 
/**
 * When.
 */
at: Millis, 
/**
 * What it says.
 */
terms: AgreementTerms, 
/**
 * Those who acknowledged it.
 */
acknowledged: Array<AccountId>, };

/**
 * Answer to `rooms.agreement`.
 */
export type AgreementList = { 
/**
 * All versions, the newest first: the first one stands.
 */
agreements: Array<Agreement>, };

/**
 * `rooms.set_agreement`: by whoever decides who belongs to the room.
 */
export type SetAgreement = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * One more than the version that stands: two who write at once do not overwrite each other.
 */
version: number, 
/**
 * What it says.
 */
terms: AgreementTerms, };

/**
 * `rooms.acknowledge_agreement`: the reader has read this version and keeps to it; also before she joins.
 */
export type AcknowledgeAgreement = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The version that stands.
 */
version: number, };

/**
 * That a patient's data may go through a connection for a while.
 */
export type PermitId = string;

/**
 * Who gave a consent.
 */
export type PermitFrom = "patient" | "family" | "representative";

/**
 * `permits.record`: the reader has obtained a patient's consent to write of her in a connection (001§16-2).
 */
export type RecordPermit = { 
/**
 * Chosen by the client; a retry is the same record.
 */
permit: PermitId, 
/**
 * The connection.
 */
room: RoomId, 
/**
 * A patient the reader has to do with.
 */
patient: PatientId, 
/**
 * Who consented.
 */
from: PermitFrom, 
/**
 * When, as an ISO date that is not in the future.
 */
on: string, 
/**
 * How, and to what; not blank, up to 500 characters.
 */
note: string, };

/**
 * A record as the members of its connection see it.
 */
export type Permit = { 
/**
 * The record.
 */
permit: PermitId, 
/**
 * The patient, for who has to do with her.
 */
patient?: Patient, 
/**
 * Who recorded it.
 */
by: Card, 
/**
 * Who consented.
 */
from: PermitFrom, 
/**
 * When, as an ISO date.
 */
on: string, 
/**
 * How, and to what, for who recorded it.
 */
note?: string, 
/**
 * When it was recorded.
 */
recorded_at: Millis, 
/**
 * When it ended; absent while it holds.
 */
ended_at?: Millis, };

/**
 * Answer to `permits.list`.
 */
export type PermitList = { 
/**
 * The newest first.
 */
permits: Array<Permit>, };

/**
 * `permits.end`: the patient's data no longer goes through the connection, and why.
 */
export type EndPermit = { 
/**
 * The record.
 */
permit: PermitId, 
/**
 * Why.
 */
reason: string, };

/**
 * A person's name, office and occupation as they were when something was written.
 */
export type CardId = string;

/**
 * A registered passkey.
 */
export type PasskeyId = string;

/**
 * An object of the browser's WebAuthn interface, as its `toJSON` and `parse…OptionsFromJSON` have it.
 */
export type WebAuthn = unknown;

/**
 * `passkeys.register_begin`, `passkeys.prove_begin`, `accounts.sign_in_passkey_begin`.
 */
export type BeginPasskey = { 
/**
 * The origin of the page that asks, as the browser says it.
 */
origin: string, };

/**
 * Answer to the three: what to give the browser, and the ceremony to name when it has answered.
 */
export type PasskeyBegun = { 
/**
 * The ceremony: good once, for five minutes.
 */
ceremony: string, 
/**
 * Options for `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
 */
options: WebAuthn, };

/**
 * `passkeys.register_finish` (HTTP only).
 */
export type RegisterPasskey = { 
/**
 * The ceremony.
 */
ceremony: string, 
/**
 * What the browser answered.
 */
credential: WebAuthn, 
/**
 * What its person calls it.
 */
name: string, };

/**
 * `passkeys.prove_finish`, `accounts.sign_in_passkey_finish` (HTTP only).
 */
export type ProvePasskey = { 
/**
 * The ceremony.
 */
ceremony: string, 
/**
 * What the browser answered.
 */
credential: WebAuthn, 
/**
 * Where the new session's token goes.
 */
token_in?: TokenIn, };

/**
 * Answer to `passkeys.list` and to every change of it.
 */
export type PasskeyList = { 
/**
 * The account's passkeys, the oldest first.
 */
passkeys: Array<PasskeySeen>, 
/**
 * How many an account may have.
 */
most: number, };

/**
 * A registered passkey, as its person sees it.
 */
export type PasskeySeen = { 
/**
 * Its id.
 */
passkey: PasskeyId, 
/**
 * What its person calls it.
 */
name: string, 
/**
 * Since when.
 */
created_at: Millis, 
/**
 * When it was last used.
 */
last_used_at?: Millis, };

/**
 * `passkeys.rename`.
 */
export type RenamePasskey = { 
/**
 * Which.
 */
passkey: PasskeyId, 
/**
 * The new name.
 */
name: string, };

/**
 * `passkeys.remove`.
 */
export type WhichPasskey = { 
/**
 * Which.
 */
passkey: PasskeyId, };

/**
 * Answer to `offices.second_factor_status`.
 */
export type SecondFactorStatus = { 
/**
 * Whether the region asks for a second factor, and how firmly.
 */
wanted: SecondFactor, 
/**
 * From when on `required` is enforced; before it only reminds.
 */
from?: Millis, 
/**
 * Who of the office has none yet.
 */
without: Array<Card>, 
/**
 * How many people the office has.
 */
people: number, };

/**
 * K-40: a second factor after the password, loose to strict.
 */
export type SecondFactor = "off" | "optional" | "required";

/**
 * `passkeys.recovery_open`: one admin says that somebody lost her passkeys.
 */
export type OpenRecovery = { 
/**
 * Whose.
 */
account: AccountId, 
/**
 * Why, in words.
 */
reason: string, };

/**
 * A recovery: answer to `passkeys.recovery_open`, and what `passkeys.recovery_approve` names.
 */
export type WhichRecovery = { 
/**
 * The case.
 */
case: string, };

/**
 * `offices.bar` and `offices.lift_bar`: somebody, of whatever office, and the timelines that one's own office is steward of.
 */
export type BarPerson = { 
/**
 * The office whose timelines they are.
 */
office: OfficeId, 
/**
 * Who.
 */
account: AccountId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * Answer to `offices.readers`.
 */
export type ReaderList = { 
/**
 * Who reads the timelines that the office is steward of, and who is barred from them.
 */
readers: Array<ReaderSeen>, };

/**
 * Somebody in the timelines of an office, as its administrator sees her: nothing of what is written there.
 */
export type ReaderSeen = { 
/**
 * Her card there.
 */
card: Card, 
/**
 * How many of them she reads.
 */
timelines: number, 
/**
 * Since when she is barred from all of them.
 */
barred_since?: Millis, };

/**
 * Answer to `offices.leavers`.
 */
export type LeaverList = { 
/**
 * Who left and for whom something is still to be done, and who left lately; the latest first.
 */
leavers: Array<LeaverSeen>, 
/**
 * Accounts of staff and leavers that an administrator may close now, on a case of the support desk.
 */
cases: Array<CaseSeen>, };

/**
 * Somebody who left an office: what is done and what is not.
 */
export type LeaverSeen = { 
/**
 * Her card in this office.
 */
card: Card, 
/**
 * When her place here ended.
 */
left_at: Millis, 
/**
 * How many rooms she left with it.
 */
rooms_left: number, 
/**
 * Devices of this office that the ledger still has under her name.
 */
devices: number, 
/**
 * Since when her account opens nothing and is not closed. Absent when it is closed or has a use; which of them is not told.
 */
unclosed_since?: Millis, 
/**
 * Whether that is too long by the region's rules (002-2.1M9).
 */
is_overdue: boolean, };

/**
 * An account that may be closed in its holder's stead.
 */
export type CaseSeen = { 
/**
 * Whose it is: her card in this office.
 */
card: Card, 
/**
 * Until when.
 */
until: Millis, };

/**
 * `accounts.close_for` (HTTP only): an administrator closes somebody's account in her stead, on a case of the support desk and with a
 * fresh proof.
 */
export type CloseFor = { 
/**
 * Whose account.
 */
account: AccountId, };

/**
 * `offices.admit`: asks somebody who has an account already whether she wants to work for the office as well.
 *
 * The answer is the same whether anybody has that address or not.
 */
export type AdmitStaff = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Her place in the office, should she accept.
 */
affiliation: AffiliationId, 
/**
 * Her own name; the office's stands beside it by itself.
 */
name: string, 
/**
 * Reading in kana; may be empty.
 */
kana: string, 
/**
 * Occupation.
 */
occupation: Occupation, 
/**
 * The e-mail address of her account.
 */
email: string, };

/**
 * Answer to `accounts.admissions`.
 */
export type AdmissionList = { 
/**
 * Those that wait for an answer, the oldest first.
 */
admissions: Array<AdmissionSeen>, };

/**
 * An office that asks for the reader.
 */
export type AdmissionSeen = { 
/**
 * The place to be.
 */
admission: AffiliationId, 
/**
 * The office's name.
 */
office: string, 
/**
 * Which of its administrators asks.
 */
asked_by: string, 
/**
 * Under which name others would see her.
 */
name: string, 
/**
 * Its reading.
 */
kana: string, 
/**
 * As what.
 */
occupation: Occupation, 
/**
 * Since when.
 */
asked_at: Millis, 
/**
 * Until when an answer counts.
 */
until: Millis, };

/**
 * `accounts.accept_admission` and `accounts.decline_admission`.
 */
export type WhichAdmission = { 
/**
 * The place to be.
 */
admission: AffiliationId, };

/**
 * Answer to `passkeys.recoveries`: the oldest first.
 */
export type RecoveryList = { 
/**
 * Cases that wait for another admin.
 */
recoveries: Array<RecoverySeen>, };

/**
 * A recovery as the admins of the office see it.
 */
export type RecoverySeen = { 
/**
 * The case.
 */
case: string, 
/**
 * Whose passkeys were lost.
 */
card: Card, 
/**
 * Who opened it: anybody but her may approve.
 */
opened_by: Card, 
/**
 * Why, in the words of who opened it.
 */
reason: string, 
/**
 * When.
 */
at: Millis, 
/**
 * Until when it can be approved.
 */
until: Millis, };

/**
 * One of the people who share an account.
 */
export type RosterPersonId = string;

/**
 * One of the people who share an account.
 */
export type RosterPerson = { 
/**
 * Her id, chosen by the client.
 */
id: RosterPersonId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * Occupation.
 */
occupation: Occupation, };

/**
 * `accounts.share`: several people use an account from now on.
 */
export type ShareAccount = { 
/**
 * Which.
 */
account: AccountId, 
/**
 * Who answers for it.
 */
responsible: AccountId, 
/**
 * Why it has to be.
 */
reason: string, 
/**
 * Who they are.
 */
roster: Array<RosterPerson>, };

/**
 * `accounts.change_roster`: others share an account. Its password has to be changed then.
 */
export type ChangeRoster = { 
/**
 * Which account.
 */
account: AccountId, 
/**
 * Who joins.
 */
add: Array<RosterPerson>, 
/**
 * Who leaves.
 */
remove: Array<RosterPersonId>, 
/**
 * Why.
 */
reason: string, };

/**
 * `accounts.unshare`: an account is one person's again. Its password has to be changed then.
 */
export type UnshareAccount = { 
/**
 * Which.
 */
account: AccountId, 
/**
 * Why.
 */
reason: string, };

/**
 * `accounts.roster`: who shares an account.
 */
export type WhichAccount = { 
/**
 * Which.
 */
account: AccountId, };

/**
 * Who shares an account.
 */
export type Roster = { 
/**
 * Who answers for it; nobody where it is not shared.
 */
responsible?: AccountId, 
/**
 * Who they are, by reading.
 */
people: Array<RosterPerson>, };

/**
 * `accounts.act_as` (HTTP only): who of the roster acts in this session.
 */
export type ActAs = { 
/**
 * Who.
 */
person: RosterPersonId, 
/**
 * Where the new session's token goes.
 */
token_in?: TokenIn, };

/**
 * That a physician has somebody open a timeline.
 */
export type InstructionId = string;

/**
 * What a timeline that cannot be written in waits for.
 */
export type WaitsFor = "approval" | "physician" | "control" | "pause";

/**
 * By which safe means, outside of the service, a physician instructed somebody (c-45).
 */
export type InstructionChannel = "in_person" | "phone" | "fax" | "letter";

/**
 * `patients.register`: somebody is cared for by one's office.
 */
export type RegisterPatient = { 
/**
 * Her id, chosen by the client; a retry is the same one.
 */
patient: PatientId, 
/**
 * The office, which becomes her steward.
 */
office: OfficeId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana; not blank.
 */
kana: string, 
/**
 * ISO date.
 */
birth_date: string, 
/**
 * `female`, `male`, `other`, `unknown` (FHIR administrative gender).
 */
sex: string, 
/**
 * What was told before and does not hinder.
 */
acknowledged?: Array<Doubt>, };

/**
 * `rooms.open_timeline`: opens a timeline of one patient.
 */
export type OpenTimeline = { 
/**
 * Chosen by the client; a retry is the same room.
 */
room: RoomId, 
/**
 * Whose.
 */
patient: PatientId, 
/**
 * `timeline_staff`, or `timeline_with_recipient`.
 */
kind: RoomKind, 
/**
 * The physician who is asked to take part, or for her yes; a colleague or somebody one shares a room with. Not needed
 * where one is a physician oneself or was instructed by one.
 */
physician?: AccountId, };

/**
 * `rooms.ask_physician`: asks a physician, once more or another one.
 */
export type AskPhysician = { 
/**
 * The timeline that waits.
 */
room: RoomId, 
/**
 * Whom.
 */
physician: AccountId, };

/**
 * `rooms.reject_opening` and `rooms.pause`: a physician's act, and why.
 */
export type StayTimeline = { 
/**
 * The timeline.
 */
room: RoomId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * `instructions.give`: a physician has somebody open and manage the timeline of a patient (001-guide§29-1).
 */
export type GiveInstruction = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
instruction: InstructionId, 
/**
 * The patient; one of the physician's own office.
 */
patient: PatientId, 
/**
 * Who is instructed: a colleague, or somebody one shares a room with.
 */
account: AccountId, 
/**
 * How it was told.
 */
channel: InstructionChannel, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * Whom the physician wishes to take part, in words without clinical content; kept sealed.
 */
members?: string, };

/**
 * `instructions.withdraw`: which.
 */
export type WhichInstruction = { 
/**
 * The instruction.
 */
instruction: InstructionId, };

/**
 * Answer to `instructions.list`: those the reader gave, and those given to her, that stand; the latest first.
 */
export type InstructionList = { 
/**
 * Them.
 */
instructions: Array<Instruction>, };

/**
 * That a physician has somebody open and manage a patient's timeline.
 */
export type Instruction = { 
/**
 * Its id.
 */
instruction: InstructionId, 
/**
 * The patient.
 */
patient: Patient, 
/**
 * Who instructed.
 */
by: Card, 
/**
 * Who is instructed.
 */
to: Card, 
/**
 * How it was told.
 */
channel: InstructionChannel, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * Whom the physician wishes to take part.
 */
members: string, 
/**
 * When it was written down.
 */
at: Millis, };

/**
 * Answer to `rooms.openings`: what the reader may open, and what has been opened and waits.
 */
export type OpeningList = { 
/**
 * The offices she works for, and what their region lets her do.
 */
offices: Array<OpeningOffice>, 
/**
 * The patients whose timelines she may have opened, by reading.
 */
patients: Array<OpeningPatient>, 
/**
 * Timelines in which she is, or is asked to be, and that wait or are in a physician's charge.
 */
openings: Array<Opening>, };

/**
 * An office from where timelines are opened.
 */
export type OpeningOffice = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether she registers its patients.
 */
may_register: boolean, 
/**
 * Whether she is a physician there.
 */
is_physician: boolean, 
/**
 * Whether a timeline takes a physician's instruction or approval (K-52).
 */
takes_approval: boolean, 
/**
 * Whether a timeline waits for a physician to take part (K-53).
 */
takes_physician: boolean, };

/**
 * A patient whose timelines one may have opened.
 */
export type OpeningPatient = { 
/**
 * Who.
 */
patient: Patient, 
/**
 * Her steward.
 */
office: OfficeId, 
/**
 * The kinds of timelines that stand already.
 */
stands: Array<RoomKind>, 
/**
 * Whether a physician has instructed the reader.
 */
is_instructed: boolean, };

/**
 * A timeline that waits, or is in a physician's charge.
 */
export type Opening = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Kind.
 */
kind: RoomKind, 
/**
 * State.
 */
state: RoomState, 
/**
 * What it waits for, where it does.
 */
waits_for?: WaitsFor, 
/**
 * The patient's name; a label alone for whoever has not joined.
 */
label: string, 
/**
 * Who opened it.
 */
by: Card, 
/**
 * The physician who is asked, or in charge.
 */
physician?: Card, 
/**
 * Whether that is the reader.
 */
is_mine: boolean, 
/**
 * Whether the physician said no.
 */
is_rejected: boolean, 
/**
 * Whether the reader may ask a physician now.
 */
may_ask: boolean, 
/**
 * Whether the reader may take charge now.
 */
may_take: boolean, };

/**
 * A device of the ledger.
 */
export type DeviceId = string;

/**
 * What a device is.
 */
export type DeviceKind = "phone" | "tablet" | "computer";

/**
 * Whose a device is.
 */
export type Ownership = "office" | "association_loan" | "private";

/**
 * Where a device stands in the ledger.
 */
export type DeviceState = "applied" | "approved" | "stopped" | "retired";

/**
 * What is declared of a device (K-76), and how it could be locked from afar (K-78).
 */
export type Attestation = "screen_lock" | "start_up_password" | "virus_protection" | "current_system" | "official_sources" | "permitted_apps" | "vulnerability_check" | "no_file_sharing" | "safe_wifi" | "clear_screen" | "locked_storage" | "privacy_filter" | "remote_wipe" | "line_stop" | "device_management" | "remote_lock_other";

/**
 * Written permission for a private device.
 */
export type Permission = { 
/**
 * The date on it (YYYY-MM-DD).
 */
date: string, 
/**
 * Who signed.
 */
signer: string, 
/**
 * For what.
 */
scope: string, };

/**
 * Enters a device into the ledger.
 */
export type RegisterDevice = { 
/**
 * Its id, chosen by the client.
 */
device: DeviceId, 
/**
 * What it is.
 */
kind: DeviceKind, 
/**
 * Whose it is.
 */
ownership: Ownership, 
/**
 * The family of its system.
 */
os_family: OsFamily, 
/**
 * Its system in words.
 */
os: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * Whether whoever registers it holds it; otherwise everybody of the office does, and only its admin may say so.
 */
mine: boolean, 
/**
 * Whether the region's stock record (情報ストックシステム) is used on it as well.
 */
stock_record: boolean, 
/**
 * What is declared of it.
 */
attestations: Array<Attestation>, 
/**
 * For a private one what its holder applies to use it for, in her words.
 */
application?: string, 
/**
 * The written permission, for a private one.
 */
permission?: Permission, };

/**
 * Lets a device in.
 */
export type ApproveDevice = { 
/**
 * Which.
 */
device: DeviceId, 
/**
 * What is declared of it; instead of what was.
 */
attestations?: Array<Attestation>, 
/**
 * The written permission; instead of the one there was.
 */
permission?: Permission, };

/**
 * Which devices are stopped, released or given up, and why.
 */
export type WhichDevices = { 
/**
 * These; none where an office is named.
 */
devices: Array<DeviceId>, 
/**
 * To stop: all of that office, in place of single ones.
 */
office?: OfficeId, 
/**
 * Why.
 */
reason: string, };

/**
 * How many devices it was.
 */
export type HowMany = { 
/**
 * Devices.
 */
devices: number, };

/**
 * A device of the ledger.
 */
export type Device = { 
/**
 * Its id.
 */
id: DeviceId, 
/**
 * Its office.
 */
office: OfficeId, 
/**
 * Who holds it; nobody in particular when absent.
 */
account?: AccountId, 
/**
 * What it is.
 */
kind: DeviceKind, 
/**
 * Whose it is.
 */
ownership: Ownership, 
/**
 * Where it stands.
 */
state: DeviceState, 
/**
 * The family of its system.
 */
os_family: OsFamily, 
/**
 * Its system in words.
 */
os: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * What is declared of it.
 */
attestations: Array<Attestation>, 
/**
 * Since when that is so.
 */
attested_at: Millis, 
/**
 * Whether the region's stock record is used on it as well.
 */
stock_record: boolean, 
/**
 * For a private one what its holder applied to use it for.
 */
application?: string, 
/**
 * Whether a written permission is on record.
 */
permitted: boolean, 
/**
 * Its certificates.
 */
certificates: Array<DeviceCertificate>, };

/**
 * A certificate of a device.
 */
export type DeviceCertificate = { 
/**
 * SHA-256 of its bytes, in hexadecimal digits.
 */
fingerprint: string, 
/**
 * The end of its time.
 */
not_after: Millis, 
/**
 * Whether it was revoked.
 */
revoked: boolean, };

/**
 * Devices.
 */
export type DeviceList = { 
/**
 * The oldest first.
 */
devices: Array<Device>, };

/**
 * Asks for a certificate.
 */
export type IssueCertificate = { 
/**
 * For which device.
 */
device: DeviceId, 
/**
 * Whether the file is closed the old way, for systems that read nothing else.
 */
legacy: boolean, };

/**
 * A certificate and its key, shown this once.
 */
export type IssuedCertificate = { 
/**
 * By which it is recognised.
 */
fingerprint: string, 
/**
 * The end of its time.
 */
not_after: Millis, 
/**
 * The PKCS#12 file, in base64.
 */
pkcs12: string, 
/**
 * What opens it.
 */
passphrase: string, };

/**
 * Binds a certificate of a configured outside authority to a device.
 */
export type RegisterCertificate = { 
/**
 * To which device.
 */
device: DeviceId, 
/**
 * The certificate (PEM).
 */
certificate: string, };

/**
 * Revokes a certificate.
 */
export type RevokeCertificate = { 
/**
 * Which, by its SHA-256.
 */
fingerprint: string, 
/**
 * Why.
 */
reason: string, };

/**
 * Something that went wrong and is dealt with: a loss, somebody else's access, trouble.
 */
export type IncidentId = string;

/**
 * What went wrong.
 */
export type IncidentKind = "loss" | "unauthorised_access" | "trouble";

/**
 * Who raised an incident.
 */
export type RaisedBy = "holder" | "anybody" | "admin" | "operator";

/**
 * Where an incident stands.
 */
export type IncidentStatus = "draft" | "new" | "seen" | "closed";

/**
 * What is done about an account in an incident.
 */
export type SecureAct = "end_sessions" | "suspend" | "new_password" | "send_link";

/**
 * What was done about an incident.
 */
export type StepKind = "passed_on" | "seen" | "secured" | "closed";

/**
 * `incidents.report`: somebody who cannot sign in says that a device is gone.
 */
export type ReportIncident = { 
/**
 * The address of the account.
 */
email: string, 
/**
 * What happened.
 */
text: string, };

/**
 * `incidents.report_mine`: somebody who is signed in says what happened to her account or a device of hers.
 */
export type ReportMine = { 
/**
 * What went wrong.
 */
kind: IncidentKind, 
/**
 * Which device was lost, where it is in the ledger.
 */
device?: DeviceId, 
/**
 * What happened, in her words; trouble needs them.
 */
text?: string, };

/**
 * `incidents.pass_on`: a draft goes to the secretariat.
 */
export type PassOn = { 
/**
 * Which.
 */
incident: IncidentId, 
/**
 * What it says.
 */
text: string, };

/**
 * `incidents.see`: somebody who is to deal with it has seen it.
 */
export type SeeIncident = { 
/**
 * Which.
 */
incident: IncidentId, 
/**
 * What whoever reported it is to do.
 */
instruction?: string, };

/**
 * `incidents.secure`: everything that is done about it at once.
 */
export type SecureIncident = { 
/**
 * Which.
 */
incident: IncidentId, 
/**
 * What is done about the account.
 */
acts: Array<SecureAct>, 
/**
 * Its holder's devices that are stopped.
 */
devices: Array<DeviceId>, 
/**
 * Why.
 */
reason: string, };

/**
 * `incidents.close`: it is dealt with.
 */
export type CloseIncident = { 
/**
 * Which.
 */
incident: IncidentId, 
/**
 * How it ended.
 */
reason: string, };

/**
 * Something that went wrong, and how it is dealt with.
 */
export type Incident = { 
/**
 * Its id.
 */
id: IncidentId, 
/**
 * What went wrong.
 */
kind: IncidentKind, 
/**
 * Who raised it.
 */
raised_by: RaisedBy, 
/**
 * Whose account it is about; several devices of an office are nobody's.
 */
card?: Card, 
/**
 * What happened, where that was written.
 */
text?: string, 
/**
 * Where it stands.
 */
status: IncidentStatus, 
/**
 * When it was raised.
 */
at: Millis, 
/**
 * The devices of that account.
 */
devices: Array<IncidentDevice>, 
/**
 * What was done, the earliest first.
 */
steps: Array<IncidentStep>, };

/**
 * A device that an incident may be about.
 */
export type IncidentDevice = { 
/**
 * Which.
 */
device: DeviceId, 
/**
 * What it is called.
 */
name: string, 
/**
 * Where it stands now.
 */
state: DeviceState, 
/**
 * Whether the report names it.
 */
is_named: boolean, };

/**
 * One step of dealing with an incident.
 */
export type IncidentStep = { 
/**
 * What.
 */
kind: StepKind, 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: Millis, 
/**
 * The instruction, the reason, how it ended.
 */
text?: string, };

/**
 * Incidents.
 */
export type IncidentList = { 
/**
 * The latest first.
 */
incidents: Array<Incident>, };

/**
 * Numbers the posts of a room from 1, gap-free and in commit order: the order everybody sees.
 */
export type Position = number;

/**
 * Numbers everything a member may see change in a room (post, correction, member, title), gap-free from 1.
 */
export type Change = number;

/**
 * UTC milliseconds since 1970; shown in Asia/Tokyo.
 */
export type Millis = number;

/**
 * Something a person is told about her account.
 */
export type NoticeId = string;

/**
 * One notice, in the reader's language.
 */
export type Notice = { 
/**
 * The notice.
 */
id: NoticeId, 
/**
 * What it is about.
 */
kind: NoticeKind, 
/**
 * When it happened.
 */
at: Millis, 
/**
 * What happened.
 */
sentence: string, 
/**
 * What to do if that is not right.
 */
next: string, 
/**
 * Whether its reader has seen it.
 */
seen: boolean, };

/**
 * What a notice is about.
 */
export type NoticeKind = "locked" | "unlocked" | "staff_locked" | "signed_in_new_device" | "password_changed" | "password_reset_asked" | "email_changed" | "email_change_asked" | "suspended" | "restricted" | "restored" | "closed" | "enrolment_submitted" | "enrolment_accepted" | "affiliation_ended" | "retired" | "barred" | "bar_lifted" | "support_case" | "staff_support_case" | "left_unclosed" | "admission_asked" | "admission_accepted" | "admission_declined" | "factor_added" | "factor_removed" | "device_stopped" | "loss_reported" | "access_reported" | "access_suspected" | "incident_raised" | "incident_waits" | "incident_seen" | "incident_closed" | "secured" | "staff_secured" | "two_at_once" | "verification_asked" | "verified" | "verification_rejected" | "mark_fallen" | "invitation_proposed" | "invited" | "invitation_rejected" | "invitation_declined" | "erasure_asked" | "room_erased" | "erasure_certified" | "backup_failed" | "released" | "member_retired" | "transfer_proposed" | "transfer_accepted" | "transfer_declined" | "transfer_ended" | "steward_changed" | "delegation_given" | "delegation_begun" | "delegation_ended" | "review_due" | "review_overdue" | "account_confirmed" | "confirmation_ended" | "privilege_attempts" | "timeline_due" | "timeline_wanted" | "role_offered" | "role_taken" | "role_declined" | "head_recorded" | "role_ended" | "staff_role_ended" | "opening_asked" | "opening_approved" | "opening_rejected" | "instructed" | "timeline_exists" | "physician_gone" | "exception_declared" | "exception_over" | "staff_changed" | "training_declared";

/**
 * `notices.list`: the newest first.
 */
export type AskNotices = { 
/**
 * Only those before this one; without it, from the newest on.
 */
before?: NoticeId, 
/**
 * At most so many.
 */
limit?: number, };

/**
 * Answer to `notices.list`.
 */
export type NoticeList = { 
/**
 * The notices, newest first.
 */
notices: Array<Notice>, 
/**
 * How many of all were not seen yet.
 */
unseen: number, 
/**
 * Whether there are older ones.
 */
more: boolean, };

/**
 * `notices.seen`: this one and all before it were seen.
 */
export type NoticesSeen = { 
/**
 * The newest one that was on screen.
 */
upto: NoticeId, };

/**
 * The family of a device's system (K-75).
 */
export type OsFamily = "android" | "ios" | "windows" | "macos" | "chromeos" | "linux" | "other";

/**
 * What a profile may lack.
 */
export type ProfilePart = "name" | "office" | "occupation" | "photo" | "verified" | "confirmed";

/**
 * What may be asked of whoever joins a free group (002-2.1S6).
 */
export type InviteRequires = "profile" | "photo" | "verified";

/**
 * How names are shown (K-45).
 */
export type NamePattern = "person" | "person_office";

/**
 * Something that is still to be done. Only a pledge, and a training where the rules say so, keep somebody from anything.
 */
export type Task = "profile" | "photo" | "verification" | "patient_confirmation" | "pledge" | "training";

/**
 * `accounts.change_profile`: what is said of oneself in one place.
 */
export type ChangeProfile = { 
/**
 * The place.
 */
affiliation: AffiliationId, 
/**
 * Name as written; it is the same in every place.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * Occupation in this place.
 */
occupation: Occupation, };

/**
 * `accounts.set_photo`: a small picture, as a browser makes it. The server keeps one that it has drawn anew.
 */
export type SetPhoto = { 
/**
 * JPEG, PNG or WebP, in base64.
 */
image: string, };

/**
 * Answer to `accounts.photo`.
 */
export type Photo = { 
/**
 * Another photo has another version.
 */
version: number, 
/**
 * The JPEG, in base64.
 */
image: string, };

/**
 * `accounts.faces`: what stands beside the names of these people.
 */
export type AskFaces = { 
/**
 * Whose; at most a hundred.
 */
accounts: Array<AccountId>, };

/**
 * Answer to `accounts.faces`. Whom one may not see is not in it, nor whoever is not there.
 */
export type FaceList = { 
/**
 * In the order in which they were asked for.
 */
faces: Array<Face>, };

/**
 * What stands beside a person's name.
 */
export type Face = { 
/**
 * Whose.
 */
account: AccountId, 
/**
 * The version of her photo, where she has one.
 */
photo?: number, };

/**
 * One look at who somebody is.
 */
export type VerificationId = string;

/**
 * Where a verification stands.
 */
export type VerificationState = "asked" | "approved" | "rejected" | "lapsed";

/**
 * What a reviewer decides.
 */
export type Verdict = "approve" | "reject";

/**
 * `verifications.ask`: asks for the mark, with a picture of a licence or the like.
 */
export type AskVerification = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
verification: VerificationId, 
/**
 * The place whose occupation is to be verified.
 */
affiliation: AffiliationId, 
/**
 * JPEG, PNG or WebP, in base64.
 */
document: string, };

/**
 * `verifications.document`: the picture, for a reviewer.
 */
export type WhichVerification = { 
/**
 * Which.
 */
verification: VerificationId, };

/**
 * Answer to `verifications.document`.
 */
export type VerificationDocument = { 
/**
 * The JPEG, in base64.
 */
image: string, };

/**
 * `verifications.decide`: a reviewer's decision, with a reason that its holder reads.
 */
export type DecideVerification = { 
/**
 * Which.
 */
verification: VerificationId, 
/**
 * What.
 */
verdict: Verdict, 
/**
 * Why.
 */
reason: string, };

/**
 * A verification, as its holder and its reviewers see it.
 */
export type Verification = { 
/**
 * Its id.
 */
verification: VerificationId, 
/**
 * The name, office and occupation that it is about.
 */
card: Card, 
/**
 * The occupation that it is about.
 */
occupation: Occupation, 
/**
 * Where it stands.
 */
state: VerificationState, 
/**
 * When it was asked for.
 */
asked_at: Millis, 
/**
 * When it was decided.
 */
decided_at?: Millis, 
/**
 * Why it was decided so; only its holder and its reviewers read it.
 */
reason?: string, 
/**
 * Whether the document is still there.
 */
has_document: boolean, };

/**
 * Answer to `verifications.mine` and `verifications.waiting`.
 */
export type VerificationList = { 
/**
 * The latest first for their holder; for reviewers whoever waits the longest.
 */
verifications: Array<Verification>, };

/**
 * Somebody proposed for a room, or invited to it.
 */
export type InvitationId = string;

/**
 * How far an invitation has come.
 */
export type InvitationState = "proposed" | "approved" | "accepted" | "rejected" | "withdrawn" | "declined" | "lapsed";

/**
 * What somebody who joins may read of what was written before.
 */
export type History = "from_joining" | "from_start";

/**
 * Something to think about before an act; the same act again with it acknowledged goes through.
 */
export type Doubt = "large_group" | "patient_known";

/**
 * `invitations.candidates`: who may be proposed for a room.
 */
export type AskCandidates = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Exactly this e-mail address; without it, colleagues and people one shares a room with. Only administrators look up others.
 */
email?: string, };

/**
 * Answer to `invitations.candidates`.
 */
export type CandidateList = { 
/**
 * In the order of their reading; nobody who is in the room or invited to it.
 */
candidates: Array<Candidate>, };

/**
 * Somebody who may be proposed.
 */
export type Candidate = { 
/**
 * The place she would be a member for.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, };

/**
 * `invitations.propose`: asks the administrator of the office that answers for a room to let somebody be invited (000§8d).
 */
export type Propose = { 
/**
 * Chosen by the client; a retry is the same invitation.
 */
invitation: InvitationId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * The place she would be a member for.
 */
affiliation: AffiliationId, 
/**
 * The address she was found by, where she is no colleague and shares no room.
 */
email?: string, 
/**
 * What she has to do with this care, or with the group's aim (001§29-4); not blank.
 */
involvement: string, 
/**
 * A word to her; may be empty.
 */
message: string, 
/**
 * What she may read of what was written before.
 */
history: History, };

/**
 * `invitations.withdraw`: which one.
 */
export type WhichInvitation = { 
/**
 * The invitation.
 */
invitation: InvitationId, };

/**
 * `invitations.approve`: one person for one room; several at once there is not (002-3.2(1)b, 004§7g).
 */
export type ApproveInvitation = { 
/**
 * The invitation.
 */
invitation: InvitationId, 
/**
 * What was told before and is approved all the same.
 */
acknowledged?: Array<Doubt>, };

/**
 * `invitations.reject`: says no to a proposal, and why.
 */
export type RejectInvitation = { 
/**
 * The invitation.
 */
invitation: InvitationId, 
/**
 * Why; whoever proposed her reads it.
 */
reason: string, };

/**
 * Answer to `invitations.list`.
 */
export type InvitationList = { 
/**
 * Those that wait, the oldest first; after them, for administrators and whoever proposed them, those that came to an end.
 */
invitations: Array<Invitation>, 
/**
 * Whether the reader decides about them.
 */
may_decide: boolean, };

/**
 * Somebody who is proposed or invited, as members and administrators see it: all that is weighed before approving (002-3.2(1)b).
 */
export type Invitation = { 
/**
 * The invitation.
 */
invitation: InvitationId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * Who: name, office, occupation.
 */
person: Card, 
/**
 * What her profile lacks, verification included.
 */
lacks: Array<ProfilePart>, 
/**
 * Who proposed her.
 */
by: Card, 
/**
 * What she has to do with it.
 */
involvement: string, 
/**
 * The word to her.
 */
message: string, 
/**
 * What she may read of what was written before.
 */
history: History, 
/**
 * How far it has come.
 */
state: InvitationState, 
/**
 * When she was proposed.
 */
proposed_at: Millis, 
/**
 * Until when it counts.
 */
until: Millis, 
/**
 * Why it was rejected or declined, where that was said.
 */
reason?: string, };

/**
 * Answer to `invitations.mine`.
 */
export type MyInvitations = { 
/**
 * Those that wait for the reader, the oldest first.
 */
invitations: Array<MyInvitation>, };

/**
 * An invitation as the invitee sees it: who asks, why, and for whose room; nothing of what is written there (000-note(3)b).
 */
export type MyInvitation = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * The office that answers for it.
 */
office?: string, 
/**
 * Whose timeline it is: her family name alone.
 */
patient?: string, 
/**
 * Who asks.
 */
by: Card, 
/**
 * What the reader has to do with it, as whoever asks sees it.
 */
involvement: string, 
/**
 * A word to the reader.
 */
message: string, 
/**
 * What she may read of what was written before.
 */
history: History, 
/**
 * Until when it counts.
 */
until: Millis, };

/**
 * `rooms.accept`: joins a room one is invited to.
 */
export type AcceptRoom = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * "I take part in this person's care": a timeline is not joined without it (000-note(3)b).
 */
takes_part?: boolean, };

/**
 * `rooms.decline`: says no to an invitation.
 */
export type DeclineRoom = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Why, if she likes; whoever proposed her reads it.
 */
reason?: string, };

/**
 * `rooms.release`: an administrator of the office that answers for a room takes somebody out of it (000§5b).
 */
export type ReleaseMember = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Who.
 */
account: AccountId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * Answer to `offices.timelines`.
 */
export type TimelineList = { 
/**
 * In the order of the patients' reading.
 */
timelines: Array<TimelineSeen>, };

/**
 * A timeline as the administrators of its steward see it: who is in it, nothing of what is written (000§8a).
 */
export type TimelineSeen = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Kind.
 */
kind: RoomKind, 
/**
 * State.
 */
state: RoomState, 
/**
 * Whose.
 */
patient: Patient, 
/**
 * Members and invited people.
 */
members: Array<Member>, 
/**
 * Whom somebody proposes, waiting for an administrator.
 */
proposed: Array<Invitation>, 
/**
 * Since when nothing was written, where that is so long that the vault is suggested.
 */
silent_since?: Millis, };

/**
 * Why a timeline goes to the vault.
 */
export type ArchiveWhy = "care_ended" | "moved" | "deceased" | "other";

/**
 * `rooms.archive`: puts a timeline into the vault.
 */
export type ArchiveRoom = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Why.
 */
why: ArchiveWhy, 
/**
 * A note; kept sealed.
 */
reason: string, };

/**
 * `rooms.restore`: takes a timeline out of the vault.
 */
export type RestoreRoom = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * That somebody was looked at. It is part of her card: another name takes it away, and what she wrote keeps what she had.
 */
export type Mark = "verified" | "confirmed";

/**
 * That an account was seen to be its holder's own.
 */
export type ConfirmationId = string;

/**
 * One correction of what is kept of a patient.
 */
export type CorrectionId = string;

/**
 * How staff saw that an account is its holder's own.
 */
export type ConfirmationMethod = "in_person" | "document" | "phone" | "family" | "other";

/**
 * `patients.confirm_account`: staff of a patient's timeline saw that an account is the patient's own, or that of her family.
 */
export type ConfirmAccount = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
confirmation: ConfirmationId, 
/**
 * The account's place beside the patient.
 */
affiliation: AffiliationId, 
/**
 * How.
 */
method: ConfirmationMethod, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * More of how, kept sealed; another method than the listed ones needs it.
 */
note?: string, };

/**
 * `patients.withdraw_confirmation`: it was a mistake.
 */
export type WithdrawConfirmation = { 
/**
 * Which.
 */
confirmation: ConfirmationId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * `patients.correct`: what is kept of a patient is otherwise.
 */
export type CorrectPatient = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
correction: CorrectionId, 
/**
 * Whose.
 */
patient: PatientId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * ISO date.
 */
birth_date: string, 
/**
 * `female`, `male`, `other`, `unknown` (FHIR administrative gender).
 */
sex: string, 
/**
 * Why; kept sealed beside what was there before.
 */
reason: string, };

/**
 * `patients.corrections`: of whom.
 */
export type WhichPatient = { 
/**
 * The patient.
 */
patient: PatientId, };

/**
 * `patients.name_corrector` and `patients.release_corrector`: somebody of an office one runs.
 */
export type NameCorrector = { 
/**
 * Her place there.
 */
affiliation: AffiliationId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * Answer to `patients.list`.
 */
export type PatientList = { 
/**
 * The patients in whose timelines one takes part as staff, and those one may correct; by reading.
 */
patients: Array<PatientSeen>, 
/**
 * For whoever runs an office: who else may correct there.
 */
correctors: Array<OfficeCorrectors>, };

/**
 * A patient with the accounts beside her.
 */
export type PatientSeen = { 
/**
 * Who.
 */
patient: Patient, 
/**
 * Whether one takes part in a timeline of hers, and so may record that an account was confirmed.
 */
takes_part: boolean, 
/**
 * Whether one may correct what is kept of her.
 */
may_correct: boolean, 
/**
 * Her own accounts, then those of her family.
 */
accounts: Array<PatientAccount>, };

/**
 * An account that is said to be a patient's own, or of her family.
 */
export type PatientAccount = { 
/**
 * Its place beside the patient.
 */
affiliation: AffiliationId, 
/**
 * As others see its holder.
 */
card: Card, 
/**
 * Whether the region asks one to have it confirmed: a patient's own alone (K-42).
 */
is_asked: boolean, 
/**
 * The confirmation that stands.
 */
confirmation?: Confirmation, };

/**
 * That an account is its holder's own.
 */
export type Confirmation = { 
/**
 * Its id.
 */
confirmation: ConfirmationId, 
/**
 * How it was seen.
 */
method: ConfirmationMethod, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * More of how.
 */
note?: string, 
/**
 * Who recorded it, as she was then.
 */
by: Card, 
/**
 * When she recorded it.
 */
at: Millis, };

/**
 * Who may correct what is kept of the patients of an office, beside those who run it.
 */
export type OfficeCorrectors = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its staff who may.
 */
staff: Array<Corrector>, };

/**
 * Somebody who may correct.
 */
export type Corrector = { 
/**
 * Her place in the office.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, };

/**
 * Answer to `patients.corrections`: the latest first.
 */
export type CorrectionList = { 
/**
 * Every one there was.
 */
corrections: Array<Correction>, };

/**
 * What was kept of a patient, and what is since.
 */
export type Correction = { 
/**
 * Its id.
 */
correction: CorrectionId, 
/**
 * Before.
 */
before: Patient, 
/**
 * After.
 */
after: Patient, 
/**
 * Why.
 */
reason: string, 
/**
 * Who corrected it, as she was then.
 */
by: Card, 
/**
 * When.
 */
at: Millis, };

/**
 * `devices.certify` (HTTP only): asks for a certificate for a key that the device, a managed computer, has made itself.
 */
export type CertifyKey = { 
/**
 * For which device.
 */
device: DeviceId, 
/**
 * The request (PKCS#10, PEM). Its key and signature count; its subject and extensions do not.
 */
request: string, };

/**
 * A certificate for a key that never left its device.
 */
export type CertifiedKey = { 
/**
 * By which it is recognised.
 */
fingerprint: string, 
/**
 * The end of its time.
 */
not_after: Millis, 
/**
 * The certificate (PEM).
 */
certificate: string, };

/**
 * A role that was offered to somebody.
 */
export type AppointmentId = string;

/**
 * A duty for information inside an office, by the guideline (002-3a, 002-3b).
 */
export type GovernanceRole = "safety_manager" | "operation_manager" | "system_manager" | "privacy_officer" | "audit_officer";

/**
 * `roles.propose`: the client chooses the id, so that asking again offers nothing twice.
 */
export type ProposeRole = { 
/**
 * The appointment to be.
 */
appointment: AppointmentId, 
/**
 * To whom: her place in an office.
 */
affiliation: AffiliationId, 
/**
 * Which role; a head is not offered hers but recorded.
 */
role: Role, 
/**
 * Whether the role was explained to her fully (K-49).
 */
explained: boolean, 
/**
 * The day of that (YYYY-MM-DD).
 */
explained_on?: string, 
/**
 * Which of the duties she holds that the rules ask of an admin (K-48).
 */
holds?: GovernanceRole, };

/**
 * `roles.withdraw`, `roles.accept` and `roles.decline`.
 */
export type WhichAppointment = { 
/**
 * The appointment.
 */
appointment: AppointmentId, };

/**
 * A role that is offered to somebody and that she has not answered yet.
 */
export type AppointmentSeen = { 
/**
 * The appointment.
 */
appointment: AppointmentId, 
/**
 * Her card in that office.
 */
card: Card, 
/**
 * Which role.
 */
role: Role, 
/**
 * Who offers it; absent where it is the operator of the machine.
 */
offered_by?: string, 
/**
 * On which day it was explained to her (YYYY-MM-DD).
 */
explained_on?: string, 
/**
 * Which duty of the guideline she holds.
 */
holds?: GovernanceRole, 
/**
 * Since when.
 */
offered_at: Millis, 
/**
 * Until when an answer counts.
 */
until: Millis, };

/**
 * Answer to `roles.mine`.
 */
export type AppointmentList = { 
/**
 * Those that wait for the reader's answer, the oldest first.
 */
appointments: Array<AppointmentSeen>, };

/**
 * `roles.end`.
 */
export type EndRole = { 
/**
 * Whose: her place in an office.
 */
affiliation: AffiliationId, 
/**
 * Which role.
 */
role: Role, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * `roles.record_head`.
 */
export type RecordHead = { 
/**
 * Who signs for the office of that place.
 */
affiliation: AffiliationId, };

/**
 * Who holds a governance role.
 */
export type GovernanceHolder = { 
/**
 * Which.
 */
role: GovernanceRole, 
/**
 * Whose: her place in the office.
 */
affiliation: AffiliationId, };

/**
 * The governance roles of an office.
 */
export type Governance = { 
/**
 * Whether its head holds every one of them.
 */
is_small: boolean, 
/**
 * Who holds which.
 */
holders: Array<GovernanceHolder>, 
/**
 * Of which day the working rules of its committee are.
 */
committee_rules_on?: string, 
/**
 * Roles that an office of its kind is asked for and that nobody holds: open items, and no gate.
 */
missing: Array<GovernanceRole>, 
/**
 * Whether it is asked for a committee as well and has none.
 */
lacks_committee: boolean, };

/**
 * `roles.set_governance`: the whole of it, in place of what was there.
 */
export type SetGovernance = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Whether it is so small that its head holds every one of them (002-3a); then nobody is named.
 */
is_small: boolean, 
/**
 * Who holds which; each at most once.
 */
holders: Array<GovernanceHolder>, 
/**
 * Of which day the working rules of its information-system committee are (YYYY-MM-DD), where there is one (002-3b).
 */
committee_rules_on?: string, };

/**
 * Somebody who holds a role.
 */
export type RoleHolder = { 
/**
 * Her place in an office.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, 
/**
 * Which role.
 */
role: Role, 
/**
 * Since when.
 */
since: Millis, 
/**
 * Who offered it to her; absent where the operator did, or where she had it when the office came.
 */
appointed_by?: string, 
/**
 * On which day it was explained to her.
 */
explained_on?: string, };

/**
 * Somebody who may be offered a role.
 */
export type RolePerson = { 
/**
 * Her place in the office.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, };

/**
 * What the region's rules ask of roles.
 */
export type RoleRules = { 
/**
 * K-47: how many admins an office has at least.
 */
min_admins: number, 
/**
 * K-49: whether a role is explained before it is offered.
 */
explained: boolean, 
/**
 * K-48: one of these an admin holds; nothing where it is empty.
 */
admin_must_hold: Array<GovernanceRole>, };

/**
 * Answer to `roles.of_office`.
 */
export type OfficeRoles = { 
/**
 * Who holds which role there.
 */
holders: Array<RoleHolder>, 
/**
 * What is offered and not answered yet.
 */
offered: Array<AppointmentSeen>, 
/**
 * Who works there and may be offered one: places, in the order of their reading.
 */
people: Array<RolePerson>, 
/**
 * Which roles the reader may offer there, and end.
 */
may_offer: Array<Role>, 
/**
 * Whether she may write down who signs for the office, and end that.
 */
may_record_head: boolean, 
/**
 * Whether she may say who holds the governance roles.
 */
may_govern: boolean, 
/**
 * The governance roles.
 */
governance: Governance, 
/**
 * What the rules ask.
 */
rules: RoleRules, };

/**
 * Answer to `roles.of_region`.
 */
export type RegionRoles = { 
/**
 * Who holds the roles of the region: desk, committee, auditors.
 */
holders: Array<RoleHolder>, 
/**
 * What is offered and not answered yet.
 */
offered: Array<AppointmentSeen>, };

/**
 * Which rules a value comes from: the nearest that speaks of it.
 */
export type RuleSource = "floor" | "region" | "office";

/**
 * How a value stands to the floor where it is not simply stricter (002-intro5, c-1).
 */
export type RuleStanding = "exception" | "differs" | "below_floor";

/**
 * What a rule is about.
 */
export type RuleGroup = "sign_in" | "devices" | "people" | "rooms" | "consent" | "content";

/**
 * A few words in both languages.
 */
export type Said = { 
/**
 * Japanese.
 */
ja: string, 
/**
 * English.
 */
en: string, };

/**
 * `rules.read`.
 */
export type WhichRegion = { 
/**
 * The region.
 */
region: RegionId, };

/**
 * `rules.acknowledge` (HTTP only): the reader has read that version and keeps to it; her session gets another token.
 */
export type AcknowledgeRules = { 
/**
 * The region.
 */
region: RegionId, 
/**
 * The version, as the page says it.
 */
version: string, 
/**
 * Where the new token goes.
 */
token_in?: TokenIn, };

/**
 * One rule that matters to a reader.
 */
export type Rule = { 
/**
 * Its number in the clause index (K-36), or its name where the documents give no number.
 */
number: string, 
/**
 * Its name in files of rules.
 */
name: string, 
/**
 * What it is about.
 */
group: RuleGroup, 
/**
 * What it says, in words.
 */
label: Said, 
/**
 * What holds, in words.
 */
value: Said, 
/**
 * Which rules say so.
 */
source: RuleSource, 
/**
 * What the file cites for it: number and clauses.
 */
clause: string, 
/**
 * How it stands to the floor, where that is to be told.
 */
standing?: RuleStanding, 
/**
 * Why it differs.
 */
reason?: string, 
/**
 * What the region's own text says where the stricter floor holds.
 */
weaker?: string, 
/**
 * Whether the region's text points to a part that is not at hand.
 */
is_unknown: boolean, 
/**
 * Whether the value was taken from elsewhere for want of its own.
 */
is_assumed: boolean, };

/**
 * A rule that changed since the version that the reader acknowledged.
 */
export type RuleChange = { 
/**
 * Its number.
 */
number: string, 
/**
 * What it says, in words.
 */
label: Said, 
/**
 * What held.
 */
before: Said, 
/**
 * What holds.
 */
now: Said, };

/**
 * One amendment (K-04).
 */
export type RuleAmendment = { 
/**
 * When, as precisely as the document says.
 */
date: string, 
/**
 * What of it.
 */
article: string, 
/**
 * What changed.
 */
note: string, };

/**
 * A guideline, or a document of rules beside the profile.
 */
export type RuleDocument = { 
/**
 * What it is called.
 */
title: string, 
/**
 * Its edition; the latest guideline, or a document that is not at hand, where it is absent.
 */
edition?: string, };

/**
 * One version of the region's rules, in force from a day on.
 */
export type RuleVersion = { 
/**
 * The number in its file.
 */
version: number, 
/**
 * What its issuer calls it.
 */
label: string, 
/**
 * Since when (YYYY-MM-DD); absent for one that is undated.
 */
since?: string, };

/**
 * How the desk is reached (K-12); what the documents leave open is absent.
 */
export type RuleContact = { 
/**
 * Its name.
 */
name: string, 
/**
 * Telephone.
 */
phone?: string, 
/**
 * Fax.
 */
fax?: string, 
/**
 * E-mail address.
 */
mail?: string, 
/**
 * When somebody is there.
 */
hours?: string, };

/**
 * What an office adds to its region's rules (K-13).
 */
export type Supplement = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the reader administers it and may add to it.
 */
may_change: boolean, 
/**
 * The one in force, where there is one.
 */
in_force?: SupplementInForce, };

/**
 * An office's own rules as they hold.
 */
export type SupplementInForce = { 
/**
 * Rises with every change.
 */
version: number, 
/**
 * When it was recorded.
 */
recorded_at: Millis, 
/**
 * The office's own text, with the reason.
 */
text: string, 
/**
 * The rules that it tightens.
 */
rules: Array<Rule>, };

/**
 * Answer to `rules.read`.
 */
export type RulesPage = { 
/**
 * The region.
 */
region: RegionId, 
/**
 * Its name.
 */
name: string, 
/**
 * K-01: what the rules are called.
 */
title: string, 
/**
 * K-02: who issued them.
 */
issuer: string, 
/**
 * What the issuer calls this version.
 */
label: string, 
/**
 * When it was issued, as precisely as it says; empty where it does not.
 */
issued: string, 
/**
 * K-03: since when it holds (YYYY-MM-DD); absent where it is undated.
 */
effective_from?: string, 
/**
 * What is acknowledged: this version over the floor's.
 */
version: string, 
/**
 * Every version of the region's rules.
 */
history: Array<RuleVersion>, 
/**
 * K-04.
 */
amendments: Array<RuleAmendment>, 
/**
 * Further rules beside it.
 */
documents: Array<RuleDocument>, 
/**
 * K-09.
 */
laws: Array<string>, 
/**
 * K-10.
 */
guidelines: Array<RuleDocument>, 
/**
 * K-11: who stands behind the network.
 */
bodies: Array<Said>, 
/**
 * K-12.
 */
contact: RuleContact, 
/**
 * K-96: what the service is beside other means.
 */
position: string, 
/**
 * Numbers of rules for which the region's text points to a part that is not at hand.
 */
unknown: Array<string>, 
/**
 * The rules that matter to a reader.
 */
rules: Array<Rule>, 
/**
 * What the reader's offices in this region add.
 */
supplements: Array<Supplement>, 
/**
 * Which version she acknowledged last.
 */
acknowledged?: Acknowledged, 
/**
 * Whether she is asked to acknowledge this one before she goes on.
 */
is_asked: boolean, 
/**
 * What changed since the version that she knows.
 */
changes: Array<RuleChange>, };

/**
 * That somebody acknowledged a version.
 */
export type Acknowledged = { 
/**
 * Which.
 */
version: string, 
/**
 * When.
 */
at: Millis, };

/**
 * Answer to `rules.standing`: who of an office has acknowledged the rules in force.
 */
export type RulesStanding = { 
/**
 * The version in force.
 */
version: string, 
/**
 * How many have not.
 */
missing: number, 
/**
 * Everybody who works there, who has not first.
 */
people: Array<RulesReader>, };

/**
 * Somebody of the office.
 */
export type RulesReader = { 
/**
 * Her card there.
 */
card: Card, 
/**
 * What she acknowledged last.
 */
acknowledged?: Acknowledged, 
/**
 * Whether that is the version in force.
 */
is_current: boolean, };

/**
 * One value of an office's own rules.
 */
export type SupplementRule = { 
/**
 * The rule's name in files of rules (`idle_minutes`).
 */
name: string, 
/**
 * Its value as such a file has it (`10`, `true`, `"must"`).
 */
value: string, };

/**
 * `offices.supplement`: the whole of an office's own rules, in place of what was there. They tighten only.
 */
export type SetSupplement = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its own text: what it asks beside the region's rules, and why.
 */
text: string, 
/**
 * The rules that it tightens.
 */
rules: Array<SupplementRule>, };

/**
 * An exception from the rule of devices.
 */
export type ExceptionId = string;

/**
 * What lifts the rule of devices, and nothing else (K-81).
 */
export type ExceptionKind = "disaster" | "life_or_body";

/**
 * Who declared it (K-82, c-28).
 */
export type ExceptionBy = "secretariat" | "office_admin" | "holder";

/**
 * `exceptions.declare`: the client chooses the id, so that asking again declares nothing twice.
 */
export type DeclareException = { 
/**
 * The exception to be.
 */
exception: ExceptionId, 
/**
 * Where.
 */
region: RegionId, 
/**
 * For which offices; for all of the region where it is empty.
 */
offices: Array<OfficeId>, 
/**
 * What happened.
 */
kind: ExceptionKind, 
/**
 * The area that is hit, in words.
 */
area: string, 
/**
 * Why.
 */
reason: string, 
/**
 * For how many hours.
 */
hours: number, };

/**
 * `accounts.declare_exception` (HTTP only): somebody whose device is not in the ledger says that she needs the service now. A link
 * that is good once is mailed to her.
 */
export type DeclareMyException = { 
/**
 * E-mail address.
 */
email: string, 
/**
 * Password as typed.
 */
password: string, 
/**
 * What happened.
 */
kind: ExceptionKind, 
/**
 * Why.
 */
reason: string, };

/**
 * `accounts.enter_by_exception` (HTTP only): comes in by that link, with the password and every other factor.
 */
export type EnterByException = { 
/**
 * The token of the link.
 */
link: string, 
/**
 * Password as typed.
 */
password: string, 
/**
 * Where the session's token goes.
 */
token_in?: TokenIn, };

/**
 * `exceptions.end`.
 */
export type WhichException = { 
/**
 * The exception.
 */
exception: ExceptionId, };

/**
 * `exceptions.review`: it was looked at, what was done under it and whether that was right.
 */
export type ReviewException = { 
/**
 * The exception.
 */
exception: ExceptionId, 
/**
 * What was found; kept sealed.
 */
note: string, };

/**
 * Answer to `exceptions.list`.
 */
export type ExceptionList = { 
/**
 * What the reader looks after or declared herself, the latest first.
 */
exceptions: Array<ExceptionSeen>, 
/**
 * What she may declare.
 */
may_declare: Array<MayDeclare>, };

/**
 * One exception.
 */
export type ExceptionSeen = { 
/**
 * Which.
 */
exception: ExceptionId, 
/**
 * The region.
 */
region: RegionId, 
/**
 * The offices it was declared for; all of the region where it is empty.
 */
offices: Array<ExceptionOffice>, 
/**
 * What happened.
 */
kind: ExceptionKind, 
/**
 * Who declared it.
 */
by: ExceptionBy, 
/**
 * Her name.
 */
declared_by: string, 
/**
 * The area, in words; absent for one's own.
 */
area?: string, 
/**
 * Why.
 */
reason: string, 
/**
 * From when.
 */
at: Millis, 
/**
 * Until when at most.
 */
until: Millis, 
/**
 * When it ended.
 */
ended_at?: Millis, 
/**
 * Who came in under it; nobody for who only declared it for herself.
 */
sessions: Array<ExceptionSession>, 
/**
 * What was found afterwards.
 */
review?: ExceptionReview, 
/**
 * Whether the reader may end it.
 */
may_end: boolean, 
/**
 * Whether she is to look at it.
 */
may_review: boolean, };

/**
 * An office of an exception.
 */
export type ExceptionOffice = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its name.
 */
name: string, };

/**
 * A session that was opened under an exception.
 */
export type ExceptionSession = { 
/**
 * Whose.
 */
card: Card, 
/**
 * The program, in two words.
 */
client: string, 
/**
 * Since when.
 */
opened_at: Millis, 
/**
 * Until when.
 */
ended_at?: Millis, };

/**
 * That somebody looked at an exception.
 */
export type ExceptionReview = { 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: Millis, 
/**
 * What was found.
 */
note: string, };

/**
 * What somebody may declare in a region.
 */
export type MayDeclare = { 
/**
 * The region.
 */
region: RegionId, 
/**
 * As whom.
 */
by: ExceptionBy, 
/**
 * For which offices; as the desk also for all.
 */
offices: Array<ExceptionOffice>, 
/**
 * Which kinds the rules know (K-81).
 */
kinds: Array<ExceptionKind>, 
/**
 * For how many hours at most.
 */
hours: number, };

/**
 * A pledge that was given, recorded or waived; chosen by the client.
 */
export type PledgeId = string;

/**
 * How a pledge came about.
 */
export type PledgeWay = "given" | "paper" | "waived";

/**
 * To whom it is given (K-24).
 */
export type Addressee = "office_head" | "association";

/**
 * Answer to `pledges.mine`: one for each office that the reader works for.
 */
export type MyPledges = { 
/**
 * The offices that wait for it first.
 */
sheets: Array<PledgeSheet>, };

/**
 * The pledge of one place: what it says, and whether it stands.
 */
export type PledgeSheet = { 
/**
 * The place.
 */
affiliation: AffiliationId, 
/**
 * The reader's card there.
 */
card: Card, 
/**
 * The version of the text.
 */
version: string, 
/**
 * What is pledged, point by point.
 */
points: Array<string>, 
/**
 * What is said of damages (K-28); may be empty.
 */
damages: string, 
/**
 * To whom.
 */
to: Addressee, 
/**
 * Whether it waits for the reader: until then no room of this place opens.
 */
is_due: boolean, 
/**
 * Whether a training waits for her: until then no room of this place opens (K-22).
 */
lacks_training: boolean, 
/**
 * The day on which it was given.
 */
given_on?: string, 
/**
 * The day of her latest training.
 */
trained_on?: string, 
/**
 * Whether that is too long ago (K-23).
 */
is_training_overdue: boolean, };

/**
 * `pledges.give`: by the person herself, of the text she has before her.
 */
export type GivePledge = { 
/**
 * Chosen by the client; a retry is the same pledge.
 */
pledge: PledgeId, 
/**
 * For which place.
 */
affiliation: AffiliationId, 
/**
 * The version that was shown; another one than holds now is refused.
 */
version: string, 
/**
 * How many of its points she agreed to, each by itself: all of them.
 */
agreed: number, };

/**
 * `pledges.record`: by the office's administrator or the region's desk, from paper, or that another pledge stands for it.
 */
export type RecordPledge = { 
/**
 * Chosen by the client; a retry is the same record.
 */
pledge: PledgeId, 
/**
 * Whose, and for which place.
 */
affiliation: AffiliationId, 
/**
 * On paper, or waived; `given` is hers alone.
 */
way: PledgeWay, 
/**
 * The day on the paper (YYYY-MM-DD).
 */
on: string, 
/**
 * Who keeps the original.
 */
original_with: string, 
/**
 * Who keeps a copy.
 */
copy_with?: string, 
/**
 * The pledge that stands for it: which document; asked for where it is waived.
 */
document?: string, 
/**
 * The address on the paper, where it names one: that of her account (004-form2-fields).
 */
email?: string, };

/**
 * Answer to `pledges.of_office`: the collection list of an office.
 */
export type PledgeList = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * The version of the text that is asked for now.
 */
version: string, 
/**
 * To whom it is given.
 */
to: Addressee, 
/**
 * Whether another pledge may stand for it.
 */
may_be_waived: boolean, 
/**
 * Who works there, those whose pledge is missing first.
 */
people: Array<PledgeSeen>, 
/**
 * Pledges of people who left: the duty goes on.
 */
left: Array<PledgeSeen>, };

/**
 * Somebody on it.
 */
export type PledgeSeen = { 
/**
 * Her place.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, 
/**
 * Since when she has the place.
 */
since: Millis, 
/**
 * Whether it is missing: until then no room of this place opens to her.
 */
is_missing: boolean, 
/**
 * How it came about; nothing for who was there before pledges were recorded here.
 */
way?: PledgeWay, 
/**
 * The day.
 */
on?: string, 
/**
 * The version of its text.
 */
version?: string, 
/**
 * Who keeps the original.
 */
original_with?: string, 
/**
 * Who keeps a copy.
 */
copy_with?: string, 
/**
 * What stands for it.
 */
document?: string, };

/**
 * A training that was held, or that somebody says she attended; chosen by the client.
 */
export type TrainingId = string;

/**
 * How a training was held.
 */
export type TrainingWay = "course" | "video";

/**
 * What it was about.
 */
export type TrainingTopic = "privacy" | "devices" | "rules" | "usage";

/**
 * How far a training has come.
 */
export type TrainingState = "held" | "declared" | "rejected";

/**
 * `trainings.record`: an office's administrator or its region's desk writes down what was held and who attended.
 */
export type RecordTraining = { 
/**
 * Chosen by the client; a retry is the same training.
 */
training: TrainingId, 
/**
 * The office.
 */
office: OfficeId, 
/**
 * What it was called, or which recording in which version.
 */
title: string, 
/**
 * How it was held.
 */
way: TrainingWay, 
/**
 * What it was about; one at least.
 */
topics: Array<TrainingTopic>, 
/**
 * The day (YYYY-MM-DD).
 */
on: string, 
/**
 * Who attended, by their places in this office; one at least.
 */
attended: Array<AffiliationId>, };

/**
 * `trainings.declare`: somebody says that she attended; it counts once an administrator confirms it (001§12-3).
 */
export type DeclareTraining = { 
/**
 * Chosen by the client; a retry is the same declaration.
 */
training: TrainingId, 
/**
 * Her place.
 */
affiliation: AffiliationId, 
/**
 * What it was called, or which recording in which version.
 */
title: string, 
/**
 * How it was held.
 */
way: TrainingWay, 
/**
 * The day (YYYY-MM-DD).
 */
on: string, };

/**
 * `trainings.confirm` and `trainings.reject`: which declaration.
 */
export type WhichTraining = { 
/**
 * The declaration.
 */
training: TrainingId, };

/**
 * Answer to `trainings.of_office`.
 */
export type TrainingList = { 
/**
 * Whether no room opens without one (K-22).
 */
is_gate: boolean, 
/**
 * After how many months one is due again (K-23).
 */
months: number, 
/**
 * What was held or is declared, the latest first.
 */
trainings: Array<TrainingSeen>, 
/**
 * Who works there, those who are due first.
 */
people: Array<Trainee>, };

/**
 * A training.
 */
export type TrainingSeen = { 
/**
 * The training.
 */
training: TrainingId, 
/**
 * What it was called.
 */
title: string, 
/**
 * How it was held.
 */
way: TrainingWay, 
/**
 * What it was about; nothing where it was only declared.
 */
topics: Array<TrainingTopic>, 
/**
 * The day.
 */
on: string, 
/**
 * How far it has come.
 */
state: TrainingState, 
/**
 * Who attended, by their places.
 */
attended: Array<AffiliationId>, };

/**
 * Somebody of an office, and her latest training.
 */
export type Trainee = { 
/**
 * Her place.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, 
/**
 * The day of her latest training, where one was recorded here.
 */
trained_on?: string, 
/**
 * Whether that, or her first day here, is too long ago.
 */
is_overdue: boolean, 
/**
 * Whether no room opens to her before one.
 */
is_kept_out: boolean, };

/**
 * Something that changed in an office's staff.
 */
export type StaffChangeId = string;

/**
 * What changed; exactly one of the three (004-form3).
 */
export type StaffChangeKind = "added" | "changed" | "left";

/**
 * What the region's rules want handed in with it (K-17 to K-19).
 */
export type StaffForm = "application" | "head_pledge" | "admin_pledge" | "staff_pledge" | "id_request" | "change_notice" | "any_notice" | "role_explanation";

/**
 * `staff_changes.list`.
 */
export type AskStaffChanges = { 
/**
 * Of that office alone, which the reader runs or whose desk she is of; without it, of all regions whose desk she is of.
 */
office?: OfficeId, };

/**
 * `staff_changes.process`: which one.
 */
export type WhichStaffChange = { 
/**
 * The change.
 */
change: StaffChangeId, };

/**
 * Answer to `staff_changes.list`.
 */
export type StaffChangeList = { 
/**
 * Those that wait for the desk, the oldest first; after them those it has dealt with, the latest first.
 */
changes: Array<StaffChange>, };

/**
 * One change, with what was before and what is after.
 */
export type StaffChange = { 
/**
 * The change.
 */
change: StaffChangeId, 
/**
 * The office.
 */
office: OfficeId, 
/**
 * What changed.
 */
kind: StaffChangeKind, 
/**
 * Her card before; nothing for who came.
 */
before?: Card, 
/**
 * Her card after; nothing for who left.
 */
after?: Card, 
/**
 * What is to be handed in with it.
 */
forms: Array<StaffForm>, 
/**
 * When.
 */
at: Millis, 
/**
 * When the desk dealt with it.
 */
processed_at?: Millis, 
/**
 * Whether it waits for too long.
 */
is_overdue: boolean, };

/**
 * What is done with the rows.
 */
export type ImportMode = "dry_run" | "all" | "skip_bad";

/**
 * What becomes of a row.
 */
export type ImportOutcome = "new" | "stands" | "bad";

/**
 * `offices.import_roster`: registers the people of a list; each is mailed the link to her first sign-in.
 *
 * The first row names the columns: `name`, `kana`, `occupation`, `email` (or 氏名, ふりがな, 職種, メールアドレス), in any order. An address
 * that works for the office already is left as it is, so that a file may be sent again.
 */
export type ImportRoster = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * The file's text: comma-separated values (RFC 4180).
 */
csv: string, 
/**
 * What is done with it.
 */
mode: ImportMode, };

/**
 * Answer to `offices.import_roster`.
 */
export type RosterImported = { 
/**
 * Whether anything was written.
 */
is_written: boolean, 
/**
 * A line each.
 */
rows: Array<ImportRow>, };

/**
 * One row of the file.
 */
export type ImportRow = { 
/**
 * Its line in the file, from 1; the columns' names are the first.
 */
line: number, 
/**
 * Her name as it stands there.
 */
name: string, 
/**
 * What becomes of it.
 */
outcome: ImportOutcome, 
/**
 * Which column is wrong.
 */
column?: string, 
/**
 * Why, in the reader's language.
 */
refused?: Refused, };

/**
 * One request to erase a room completely.
 */
export type ErasureId = string;

/**
 * Whose wish an erasure is (001§29-7, c-9).
 */
export type Wisher = "patient" | "family" | "representative" | "office";

/**
 * How far an erasure has come.
 */
export type ErasureState = "waiting" | "cancelled" | "under_way" | "erased";

/**
 * `erasures.request`: asks for the complete erasure of a room, on a wish that is written down.
 */
export type RequestErasure = { 
/**
 * Chosen by the client; a retry is the same request.
 */
erasure: ErasureId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * Whose wish it is.
 */
wisher: Wisher, 
/**
 * Who said so; for every wish but the office's.
 */
name?: string, 
/**
 * How that person is related to the patient; for family and representatives.
 */
relation?: string, 
/**
 * The day on which it was said, as an ISO date.
 */
given_on: string, 
/**
 * How it is known and who it was looked at; for the office's own wish, why. Kept sealed.
 */
evidence: string, };

/**
 * `erasures.second` and `erasures.cancel`.
 */
export type WhichErasure = { 
/**
 * Which.
 */
erasure: ErasureId, };

/**
 * Answer to `erasures.list`.
 */
export type ErasureList = { 
/**
 * Those that the reader may decide about or take back, and what became of earlier ones; the newest first.
 */
erasures: Array<ErasureSeen>, };

/**
 * An erasure, as those see it who may decide about it.
 */
export type ErasureSeen = { 
/**
 * Its id.
 */
erasure: ErasureId, 
/**
 * The room.
 */
room: RoomId, 
/**
 * What kind of room it is.
 */
kind: RoomKind, 
/**
 * The office that answers for it.
 */
office: OfficeId, 
/**
 * The office's name.
 */
office_name: string, 
/**
 * The patient of a timeline, until it is decided.
 */
patient?: Patient, 
/**
 * How far it has come.
 */
state: ErasureState, 
/**
 * Whose wish it is.
 */
wisher: Wisher, 
/**
 * Who said so.
 */
name?: string, 
/**
 * How that person is related to the patient.
 */
relation?: string, 
/**
 * On which day.
 */
given_on: string, 
/**
 * How it is known, or why.
 */
evidence: string, 
/**
 * Who asked.
 */
asked_by: Card, 
/**
 * When.
 */
asked_at: Millis, 
/**
 * Who was the second person; nobody for a group that never held a post.
 */
seconded_by?: Card, 
/**
 * When it was decided.
 */
decided_at?: Millis, 
/**
 * Whether the reader can be the second person.
 */
may_second: boolean, 
/**
 * Whether the reader can take it back.
 */
may_cancel: boolean, 
/**
 * The certificate, once it is erased.
 */
certificate?: ErasureCertificate, };

/**
 * That a room was erased: when, and what was left where until when. Nothing of what was written.
 */
export type ErasureCertificate = { 
/**
 * How many posts went.
 */
posts: number, 
/**
 * When the room's key came on the list of destroyed keys.
 */
listed_at: Millis, 
/**
 * When the key itself was destroyed: from then on nothing here opens.
 */
destroyed_at: Millis, 
/**
 * When what it had closed was removed.
 */
cleared_at: Millis, 
/**
 * Until when backups made before may hold what nothing opens (c-10).
 */
content_copies_until: Millis, 
/**
 * Until when copies of the key, made before and kept elsewhere, may be left.
 */
key_copies_until: Millis, 
/**
 * All of it as one line, ids and times only.
 */
statement: string, 
/**
 * The server's signature of that line, in hexadecimal.
 */
signature: string, };

/**
 * What a patient consented to.
 */
export type ConsentId = string;

/**
 * A scan of the paper of a consent.
 */
export type ScanId = string;

/**
 * Where a consent stands.
 */
export type ConsentState = "in_force" | "withdrawn" | "superseded";

/**
 * What it rests on.
 */
export type ConsentBasis = "form" | "existing_contract" | "pre_existing_use" | "own_form" | "implied" | "from_before";

/**
 * As what somebody signs, or speaks.
 */
export type SignatoryRole = "patient" | "family" | "representative" | "proxy";

/**
 * How an objection shows on the paper (002-5.2b).
 */
export type ObjectionEvidence = "seal" | "initial" | "scan" | "witness";

/**
 * Who holds a copy.
 */
export type CopyHolder = "office" | "patient" | "physician";

/**
 * What is still to be done about a consent.
 */
export type ConsentTask = "office_copy" | "patient_copy" | "physician_copy" | "evidence";

/**
 * Whether what is said of a patient may be shared in a room.
 */
export type RoomConsent = "in_force" | "missing" | "inside" | "excluded" | "withdrawn" | "stopped";

/**
 * What an item of a form is about.
 */
export type ConsentAbout = "care" | "sharing" | "means" | "purposes" | "handling";

/**
 * Somebody who signed.
 */
export type ConsentSignatory = { 
/**
 * As what.
 */
role: SignatoryRole, 
/**
 * Name as written.
 */
name: string, 
/**
 * Address as written; empty where the form has none.
 */
address: string, 
/**
 * How she is related to the patient.
 */
relation?: string, 
/**
 * Whether there is a seal beside the name.
 */
sealed: boolean, 
/**
 * For a proxy: that the patient cannot sign, and her will was confirmed (004-form4-fields).
 */
will_confirmed: boolean, };

/**
 * Who explained the form.
 */
export type Explainer = { 
/**
 * Her name.
 */
name: string, 
/**
 * Her office.
 */
office: string, };

/**
 * One thing that was not agreed to: it binds with or without evidence (002-5.2b).
 */
export type Objection = { 
/**
 * The item's number, as `7`, or a purpose's, as `2-14`.
 */
item: string, 
/**
 * In which words; empty where there are none.
 */
wording: string, 
/**
 * How it shows on the paper.
 */
evidence?: ObjectionEvidence, };

/**
 * What stands for the form (c-31).
 */
export type ConsentWaiver = { 
/**
 * The document, by its name or kind.
 */
document: string, 
/**
 * Its ISO date.
 */
on: string, 
/**
 * The clause that says it, for a contract.
 */
clause: string, 
/**
 * Who confirmed it.
 */
confirmed_by: string, 
/**
 * That its words let information go to other offices, for a contract (000§6c).
 */
covers_other_offices: boolean, };

/**
 * That a physician asked somebody to obtain it (001-guide§16b).
 */
export type ConsentInstruction = { 
/**
 * The physician's place.
 */
by: AffiliationId, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * How she asked for it.
 */
how: string, };

/**
 * Who holds a copy since when.
 */
export type ConsentCopy = { 
/**
 * Who.
 */
holder: CopyHolder, 
/**
 * Since which day, as an ISO date.
 */
on: string, 
/**
 * Where it is kept, or who handed it over.
 */
note: string, };

/**
 * `consents.record`: what was consented to. An earlier one for the same office is superseded.
 */
export type RecordConsent = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
consent: ConsentId, 
/**
 * Whose.
 */
patient: PatientId, 
/**
 * What it rests on.
 */
basis: ConsentBasis, 
/**
 * Which of the region's forms was signed, or is waived.
 */
form: string, 
/**
 * On which day it was given, as an ISO date.
 */
given_on: string, 
/**
 * Who obtained it: her place.
 */
obtained_by: AffiliationId, 
/**
 * Who signed.
 */
signatories?: Array<ConsentSignatory>, 
/**
 * Who explained it.
 */
explainer?: Explainer, 
/**
 * What was not agreed to.
 */
objections?: Array<Objection>, 
/**
 * What stands for the form, on any other basis.
 */
waiver?: ConsentWaiver, 
/**
 * The physician's request, where somebody else obtained it.
 */
instructed?: ConsentInstruction, 
/**
 * Copies that are handed over already.
 */
copies?: Array<ConsentCopy>, };

/**
 * What is done of what was open.
 */
export type ConsentDone = { "copy": ConsentCopy } | { "evidence": Objection };

/**
 * `consents.complete`: closes what is open about a consent.
 */
export type CompleteConsent = { 
/**
 * Which.
 */
consent: ConsentId, 
/**
 * What is done.
 */
done: ConsentDone, };

/**
 * How far a withdrawal goes.
 */
export type WithdrawalOf = "whole" | { "item": string } | { "room": RoomId };

/**
 * `consents.withdraw`: the patient, or who speaks for her, no longer consents.
 */
export type WithdrawConsent = { 
/**
 * Which.
 */
consent: ConsentId, 
/**
 * How far.
 */
of: WithdrawalOf, 
/**
 * Who said so.
 */
by: SignatoryRole, 
/**
 * On which day, as an ISO date.
 */
on: string, 
/**
 * How it was said.
 */
evidence: string, };

/**
 * `consents.attach`: a scan of the paper.
 */
export type AttachScan = { 
/**
 * Its id, chosen by the client; a retry is the same one.
 */
scan: ScanId, 
/**
 * Of which consent.
 */
consent: ConsentId, 
/**
 * PDF, JPEG, PNG or WebP, in base64.
 */
document: string, };

/**
 * `consents.scan`: which.
 */
export type WhichScan = { 
/**
 * The scan.
 */
scan: ScanId, };

/**
 * Answer to `consents.scan`.
 */
export type ScanDocument = { 
/**
 * `image/jpeg` or `application/pdf`.
 */
media: string, 
/**
 * The bytes, in base64.
 */
document: string, };

/**
 * Answer to `consents.template`: what the region asks for.
 */
export type ConsentTemplate = { 
/**
 * The rules they stand in, with their version.
 */
rules: string, 
/**
 * The forms; any of them may be signed.
 */
forms: Array<ConsentFormSeen>, 
/**
 * The purposes on the back.
 */
purposes: Array<PurposesSeen>, 
/**
 * Whether it is remarked that not all purposes are in use (004-form5).
 */
has_remark: boolean, 
/**
 * The kinds of data that are shared (K-89).
 */
kinds: Array<string>, 
/**
 * As what somebody may sign.
 */
roles: Array<SignatoryRole>, 
/**
 * Whether it is asked how the family is related.
 */
asks_relation: boolean, 
/**
 * Whether it is asked who explained it.
 */
asks_explainer: boolean, 
/**
 * What may stand for the form.
 */
bases: Array<ConsentBasis>, 
/**
 * Who holds copies.
 */
copies: Array<CopyHolder>, 
/**
 * Whether both copies are originals.
 */
two_originals: boolean, 
/**
 * Whether a part of it may be refused.
 */
partial: boolean, 
/**
 * Whether the attending physician obtains it, or whom she asks.
 */
by_physician: boolean, };

/**
 * One form.
 */
export type ConsentFormSeen = { 
/**
 * Its name in records.
 */
key: string, 
/**
 * Its heading.
 */
title: string, 
/**
 * Its items.
 */
items: Array<ConsentItem>, 
/**
 * Whether the purposes stand on its back.
 */
purposes: boolean, 
/**
 * Whether what the patient may ask for stands on it.
 */
rights: boolean, };

/**
 * One numbered item.
 */
export type ConsentItem = { 
/**
 * Its number.
 */
number: number, 
/**
 * What it is about.
 */
about: ConsentAbout, 
/**
 * Its words.
 */
text: string, };

/**
 * Purposes of one kind; the third of group 2 is `2-3`.
 */
export type PurposesSeen = { 
/**
 * The group's number.
 */
number: number, 
/**
 * Its heading.
 */
title: string, 
/**
 * Its purposes, from 1.
 */
purposes: Array<string>, };

/**
 * Answer to `consents.of_patient`: the latest first.
 */
export type ConsentList = { 
/**
 * What was recorded.
 */
consents: Array<ConsentSeen>, 
/**
 * Whether the reader may record another one.
 */
may_record: boolean, 
/**
 * Who may have obtained it, where she may.
 */
obtainers: Array<Obtainer>, };

/**
 * Somebody who may have obtained a consent.
 */
export type Obtainer = { 
/**
 * Her place.
 */
affiliation: AffiliationId, 
/**
 * Her card there.
 */
card: Card, 
/**
 * Whether she is a physician who looks after the patient.
 */
is_physician: boolean, };

/**
 * One consent.
 */
export type ConsentSeen = { 
/**
 * Its id.
 */
consent: ConsentId, 
/**
 * Where it stands.
 */
state: ConsentState, 
/**
 * What it rests on.
 */
basis: ConsentBasis, 
/**
 * The form; empty for one from before.
 */
form: string, 
/**
 * The rules that the form stands in, with their version.
 */
rules: string, 
/**
 * On which day it was given.
 */
given_on: string, 
/**
 * When it was recorded.
 */
recorded_at: Millis, 
/**
 * When it was withdrawn.
 */
withdrawn_at?: Millis, 
/**
 * Items and purposes that were not agreed to.
 */
objected: Array<string>, 
/**
 * What is still to be done, for the office that answers for the patient.
 */
open: Array<ConsentTask>, 
/**
 * Who signed and the rest of it: for that office, and for the patient and her family.
 */
details?: ConsentDetails, };

/**
 * What only those see whose paper it is.
 */
export type ConsentDetails = { 
/**
 * Who signed.
 */
signatories: Array<ConsentSignatory>, 
/**
 * Who explained it.
 */
explainer?: Explainer, 
/**
 * What was not agreed to, in which words.
 */
objections: Array<Objection>, 
/**
 * What stands for the form.
 */
waiver?: ConsentWaiver, 
/**
 * Who obtained it, as she was then.
 */
obtained_by?: Card, 
/**
 * The physician's request.
 */
instructed?: ConsentInstruction, 
/**
 * Who holds a copy.
 */
copies: Array<ConsentCopy>, 
/**
 * What was withdrawn since.
 */
withdrawals: Array<Withdrawal>, 
/**
 * Scans of the paper.
 */
scans: Array<ScanSeen>, };

/**
 * What was withdrawn.
 */
export type Withdrawal = { 
/**
 * How far it goes.
 */
of: WithdrawalOf, 
/**
 * Who said so.
 */
by: SignatoryRole, 
/**
 * On which day.
 */
on: string, 
/**
 * How it was said.
 */
evidence: string, 
/**
 * When it was recorded.
 */
at: Millis, };

/**
 * A scan, without its bytes.
 */
export type ScanSeen = { 
/**
 * Its id.
 */
scan: ScanId, 
/**
 * `image/jpeg` or `application/pdf`.
 */
media: string, 
/**
 * When it was attached.
 */
at: Millis, };

/**
 * That another office is to answer for a patient.
 */
export type TransferId = string;

/**
 * How far a transfer has come (002-5.3a). The old steward answers for everything until it is completed.
 */
export type TransferState = "proposed" | "awaiting_consent" | "completed" | "declined" | "withdrawn" | "lapsed";

/**
 * That another office acts for the steward.
 */
export type DelegationId = string;

/**
 * How far a delegation has come (000§4b).
 */
export type DelegationState = "given" | "active" | "ended";

/**
 * An office that may become the steward, or act for it.
 */
export type OfficeChoice = { 
/**
 * The office.
 */
office: OfficeId, 
/**
 * Its name.
 */
name: string, };

/**
 * Answer to `transfers.offices`.
 */
export type OfficeChoices = { 
/**
 * In the order of their names.
 */
offices: Array<OfficeChoice>, };

/**
 * `transfers.propose`: asks another office to answer for a patient from now on, with all her timelines.
 */
export type ProposeTransfer = { 
/**
 * Chosen by the client; a retry is the same transfer.
 */
transfer: TransferId, 
/**
 * A timeline of the patient.
 */
room: RoomId, 
/**
 * The office that is asked.
 */
to: OfficeId, 
/**
 * Why; the other office reads it. Kept sealed.
 */
reason: string, };

/**
 * `transfers.withdraw`, `transfers.complete`: which one.
 */
export type WhichTransfer = { 
/**
 * The transfer.
 */
transfer: TransferId, };

/**
 * `transfers.accept`: the receiving office agrees.
 */
export type AcceptTransfer = { 
/**
 * The transfer.
 */
transfer: TransferId, 
/**
 * "We treat this information properly and answer for it": not accepted without it (002-5.3a).
 */
answers_for: boolean, };

/**
 * `transfers.decline`: the receiving office says no, and why.
 */
export type DeclineTransfer = { 
/**
 * The transfer.
 */
transfer: TransferId, 
/**
 * Why; the steward reads it. Kept sealed.
 */
reason: string, };

/**
 * Who has approved that another office acts for the steward, and what shows it (000§4b).
 */
export type Approval = { 
/**
 * The medical institution.
 */
institution: string, 
/**
 * Who approved there.
 */
approver: string, 
/**
 * On which day, `2026-03-01`.
 */
approved_on: string, 
/**
 * What shows it, and where it lies.
 */
evidence: string, };

/**
 * `delegations.give`: lets another office act for the steward as to a patient.
 */
export type GiveDelegation = { 
/**
 * Chosen by the client; a retry is the same delegation.
 */
delegation: DelegationId, 
/**
 * A timeline of the patient.
 */
room: RoomId, 
/**
 * The office that is to act.
 */
to: OfficeId, 
/**
 * Its last day, `2027-03-31`.
 */
until: string, 
/**
 * The approval, where it is there already; nobody acts without one.
 */
approval?: Approval, };

/**
 * `delegations.approve`: records the approval.
 */
export type ApproveDelegation = { 
/**
 * The delegation.
 */
delegation: DelegationId, 
/**
 * Who approved, and what shows it.
 */
approval: Approval, };

/**
 * `delegations.accept`: the other office agrees to act.
 */
export type AcceptDelegation = { 
/**
 * The delegation.
 */
delegation: DelegationId, 
/**
 * "We treat this information properly and answer for it."
 */
answers_for: boolean, };

/**
 * `delegations.end`: either office ends it, or says no to it.
 */
export type EndDelegation = { 
/**
 * The delegation.
 */
delegation: DelegationId, 
/**
 * Why; kept sealed.
 */
reason: string, };

/**
 * Answer to `stewardships.of_office`.
 */
export type Stewardships = { 
/**
 * Transfers from the office and to it: those that are open first, then the latest.
 */
transfers: Array<TransferSeen>, 
/**
 * Delegations it gave and has, likewise.
 */
delegations: Array<DelegationSeen>, };

/**
 * A transfer as the administrators of both offices see it.
 */
export type TransferSeen = { 
/**
 * The transfer.
 */
transfer: TransferId, 
/**
 * The patient: for the steward, and for the other office once it has accepted.
 */
patient?: PatientId, 
/**
 * Her name; her family name alone for an office that has not accepted.
 */
name: string, 
/**
 * The steward that gives.
 */
from: string, 
/**
 * The office that receives.
 */
to: string, 
/**
 * Whether the asking administrator's office is the one that receives.
 */
is_ours_to_take: boolean, 
/**
 * How far it has come.
 */
state: TransferState, 
/**
 * Whether the patient has consented anew, or need not.
 */
is_consented: boolean, 
/**
 * Why.
 */
reason: string, 
/**
 * Why it was declined.
 */
answer?: string, 
/**
 * When it was proposed.
 */
proposed_at: Millis, 
/**
 * Until when an answer, or the completion, counts.
 */
until: Millis, };

/**
 * A delegation as the administrators of both offices see it.
 */
export type DelegationSeen = { 
/**
 * The delegation.
 */
delegation: DelegationId, 
/**
 * The patient's name; her family name alone for an office that has not accepted.
 */
name: string, 
/**
 * The steward.
 */
steward: string, 
/**
 * The office that acts for it.
 */
delegate: string, 
/**
 * Whether the asking administrator's office is the one that acts.
 */
is_ours_to_take: boolean, 
/**
 * How far it has come.
 */
state: DelegationState, 
/**
 * The medical institution and who approved there, once that is recorded.
 */
approved_by?: string, 
/**
 * On which day.
 */
approved_on?: string, 
/**
 * From when on it is over.
 */
until: Millis, };

/**
 * One look at who is in a timeline.
 */
export type ReviewId = string;

/**
 * Answer to `reviews.due`.
 */
export type ReviewList = { 
/**
 * The timelines of the office, what is due the longest first.
 */
reviews: Array<ReviewSeen>, };

/**
 * When the members of a timeline are looked at again (000-note(1)b-ii), and who they are once that is due.
 */
export type ReviewSeen = { 
/**
 * The room.
 */
room: RoomId, 
/**
 * Kind.
 */
kind: RoomKind, 
/**
 * The patient's name.
 */
name: string, 
/**
 * From when on it is due.
 */
due_at: Millis, 
/**
 * Whether it is.
 */
is_due: boolean, 
/**
 * Whether that is so for too long; then the office's head is told as well.
 */
is_overdue: boolean, 
/**
 * When it was signed off last by this office.
 */
signed_at?: Millis, 
/**
 * Its members, where it is due.
 */
members: Array<ReviewedMember>, };

/**
 * A member as she is looked at: who she is, and when she last had to do with the room; nothing of what is written.
 */
export type ReviewedMember = { 
/**
 * Name, office, occupation.
 */
card: Card, 
/**
 * When she last read something new.
 */
read_at?: Millis, 
/**
 * When she last wrote.
 */
posted_at?: Millis, };

/**
 * `reviews.sign`: who stays in a timeline and who goes out of it; every member is one or the other.
 */
export type SignReview = { 
/**
 * Chosen by the client; a retry is the same review.
 */
review: ReviewId, 
/**
 * The timeline.
 */
room: RoomId, 
/**
 * Who stays.
 */
kept: Array<AccountId>, 
/**
 * Who goes out, at once.
 */
released: Array<AccountId>, 
/**
 * Why they go; needed where somebody does. Kept sealed.
 */
reason?: string, };

/**
 * The case of an office that comes in.
 */
export type EnrolmentId = string;

/**
 * How far an office's case has come.
 */
export type EnrolmentState = "draft" | "submitted" | "returned" | "accepted" | "withdrawn";

/**
 * What kind of office it is.
 */
export type OfficeKind = "hospital" | "clinic" | "dental_clinic" | "pharmacy" | "nursing_station" | "care_planning" | "home_care" | "care_facility" | "community_support" | "other";

/**
 * A paper of an office (K-16, K-17).
 */
export type PaperKind = "application" | "head_pledge" | "admin_pledge";

/**
 * How a paper was signed (000-form1).
 */
export type SignedHow = "seal" | "signature" | "electronic";

/**
 * Something of a case that the desk sends back, or that is still missing.
 */
export type EnrolmentItem = "office" | "people" | "earlier_id" | "involvement" | "application" | "head_pledge" | "admin_pledge" | "admins" | "explanation" | "duty";

/**
 * Somebody of a new office.
 */
export type EnrolledPerson = { 
/**
 * Her place in the office to be; the client chooses it.
 */
affiliation: AffiliationId, 
/**
 * Name as written.
 */
name: string, 
/**
 * Reading in kana.
 */
kana: string, 
/**
 * Occupation.
 */
occupation: Occupation, 
/**
 * Sex, as the form asks; shown in no list of members.
 */
sex?: string, 
/**
 * E-mail address: one person's alone.
 */
email: string, 
/**
 * Signs for the office.
 */
is_head: boolean, 
/**
 * Is to run the service inside it.
 */
is_admin: boolean, 
/**
 * On which day the role was explained to her (YYYY-MM-DD; K-49).
 */
explained_on?: string, 
/**
 * Which of the duties she holds that the rules ask of an admin (K-48).
 */
holds?: GovernanceRole, };

/**
 * Whether people of an office from outside have an id from where they are (000§3d).
 */
export type EarlierId = { 
/**
 * They have.
 */
is_issued: boolean, 
/**
 * By whom.
 */
by?: string, };

/**
 * The application as it is filled in (000-form1, 003-form1). What is empty is still missing.
 */
export type EnrolmentForm = { 
/**
 * The office's name.
 */
name: string, 
/**
 * Its reading in kana.
 */
kana: string, 
/**
 * What kind of office it is.
 */
kind: OfficeKind, 
/**
 * The municipality it lies in: outside the region's area other questions are asked (K-14, K-15).
 */
municipality: string, 
/**
 * Postal code.
 */
postal_code: string, 
/**
 * Address.
 */
address: string, 
/**
 * Telephone.
 */
phone: string, 
/**
 * Fax.
 */
fax?: string, 
/**
 * The name of its head.
 */
head: string, 
/**
 * Of which day the application is (YYYY-MM-DD).
 */
dated: string, 
/**
 * The answer of an office from outside about earlier ids.
 */
earlier_id?: EarlierId, 
/**
 * The office or person of the area that an office from outside works with.
 */
works_with?: string, 
/**
 * Who is to work with the service.
 */
people: Array<EnrolledPerson>, 
/**
 * The head signs the application here.
 */
signs_application: boolean, 
/**
 * The head signs the pledge here.
 */
signs_pledge: boolean, };

/**
 * `enrolments.open`: the client chooses the ids.
 */
export type OpenEnrolment = { 
/**
 * The case to be.
 */
enrolment: EnrolmentId, 
/**
 * The region whose desk opens it.
 */
region: RegionId, 
/**
 * The office to be.
 */
office: OfficeId, 
/**
 * What the office is called, as far as it is known.
 */
name: string, 
/**
 * Where the link to the form goes.
 */
email: string, 
/**
 * In which language.
 */
lang: Lang, };

/**
 * `enrolments.accept`, `enrolments.withdraw` and `enrolments.send_link`.
 */
export type WhichEnrolment = { 
/**
 * The case.
 */
enrolment: EnrolmentId, };

/**
 * `enrolments.form`.
 */
export type EnrolmentLink = { 
/**
 * The link that was mailed.
 */
link: string, };

/**
 * `enrolments.fill` keeps what is there so far, `enrolments.submit` hands it in.
 */
export type FillEnrolment = { 
/**
 * The link that was mailed.
 */
link: string, 
/**
 * The whole form, in place of what was there.
 */
form: EnrolmentForm, };

/**
 * `enrolments.write`: what came to the desk by post or fax; it counts as handed in.
 */
export type WriteEnrolment = { 
/**
 * The case.
 */
enrolment: EnrolmentId, 
/**
 * The whole form, in place of what was there.
 */
form: EnrolmentForm, };

/**
 * `enrolments.record_paper`: where a paper's original and copy are (004-form1-fields), in place of what was written down of it.
 */
export type RecordPaper = { 
/**
 * The office, also one whose case is open.
 */
office: OfficeId, 
/**
 * Which paper.
 */
kind: PaperKind, 
/**
 * Of whom, for an admin's pledge: her place in the office.
 */
affiliation?: AffiliationId, 
/**
 * How it is signed.
 */
how: SignedHow, 
/**
 * On which day (YYYY-MM-DD).
 */
signed_on: string, 
/**
 * On which day the desk received the original.
 */
received_on?: string, 
/**
 * Since which day the office keeps a copy.
 */
copy_kept_on?: string, };

/**
 * A visit of the desk's that stands for the papers (003§3b).
 */
export type SiteVisit = { 
/**
 * On which day (YYYY-MM-DD).
 */
on: string, 
/**
 * Who came.
 */
visitor: string, 
/**
 * Who was met and confirmed it.
 */
confirmed_by: string, 
/**
 * That the people belong to the office was seen.
 */
affiliation_seen: boolean, 
/**
 * That they agree to use the service was seen.
 */
consent_seen: boolean, };

/**
 * `enrolments.record_visit`.
 */
export type RecordVisit = { 
/**
 * The case.
 */
enrolment: EnrolmentId, 
/**
 * The visit.
 */
visit: SiteVisit, };

/**
 * Why something of a case is sent back.
 */
export type ReturnReason = { 
/**
 * What is sent back.
 */
item: EnrolmentItem, 
/**
 * What is wrong with it.
 */
words: string, };

/**
 * `enrolments.return`.
 */
export type ReturnEnrolment = { 
/**
 * The case.
 */
enrolment: EnrolmentId, 
/**
 * What is wrong, at least one thing.
 */
reasons: Array<ReturnReason>, };

/**
 * A paper as it is written down.
 */
export type PaperSeen = { 
/**
 * Which.
 */
kind: PaperKind, 
/**
 * Of whom, for an admin's pledge.
 */
affiliation?: AffiliationId, 
/**
 * How it is signed.
 */
how: SignedHow, 
/**
 * On which day.
 */
signed_on: string, 
/**
 * On which day the desk received the original.
 */
received_on?: string, 
/**
 * Since which day the office keeps a copy.
 */
copy_kept_on?: string, };

/**
 * Something that an acceptance waits for.
 */
export type EnrolmentMissing = { 
/**
 * What.
 */
item: EnrolmentItem, 
/**
 * Of whom, where it is somebody's.
 */
affiliation?: AffiliationId, };

/**
 * What the region's rules ask of a new office.
 */
export type EnrolmentRules = { 
/**
 * K-16: which papers are kept in a case.
 */
papers: Array<PaperKind>, 
/**
 * K-14: the municipalities of the region; any where it is empty.
 */
area: Array<string>, 
/**
 * K-15: whether an office from outside says if it has ids from elsewhere.
 */
asks_earlier_id: boolean, 
/**
 * K-15: whether it says whom of the area it works with.
 */
asks_involvement: boolean, 
/**
 * K-20: whether a visit stands for the papers.
 */
visit_instead: boolean, 
/**
 * K-47: how many admins an office has at least.
 */
min_admins: number, 
/**
 * K-49: whether the role is explained to an admin first.
 */
explained: boolean, 
/**
 * K-48: one of these an admin holds; nothing where it is empty.
 */
admin_must_hold: Array<GovernanceRole>, };

/**
 * A case as its desk, or whoever has its link, sees it.
 */
export type EnrolmentSeen = { 
/**
 * The case.
 */
enrolment: EnrolmentId, 
/**
 * The region.
 */
region: RegionId, 
/**
 * The office to be, or that is.
 */
office: OfficeId, 
/**
 * What the office is called.
 */
name: string, 
/**
 * How far it has come.
 */
state: EnrolmentState, 
/**
 * Where its link goes; told to the desk alone.
 */
email?: string, 
/**
 * What was filled in.
 */
form?: EnrolmentForm, 
/**
 * Whether the office lies outside the area (K-14).
 */
is_outside: boolean, 
/**
 * Its papers.
 */
papers: Array<PaperSeen>, 
/**
 * The visit that stands for them.
 */
visit?: SiteVisit, 
/**
 * Why it was sent back the last time.
 */
reasons: Array<ReturnReason>, 
/**
 * What an acceptance still waits for.
 */
missing: Array<EnrolmentMissing>, 
/**
 * What the rules ask.
 */
rules: EnrolmentRules, 
/**
 * Until when its link is good.
 */
link_until: Millis, 
/**
 * Since when it is open.
 */
opened_at: Millis, 
/**
 * When it was last handed in.
 */
submitted_at?: Millis, 
/**
 * When the desk last decided.
 */
decided_at?: Millis, };

/**
 * Answer to `enrolments.list`: those that wait for the desk first, the newest before.
 */
export type EnrolmentList = { 
/**
 * The cases of the regions whose desk asks.
 */
enrolments: Array<EnrolmentSeen>, };

/** Every command: what is asked and what comes back. */
export type Commands = {
  "accounts.sign_in": { ask: SignIn; reply: SignedIn };
  "accounts.enter": { ask: Enter; reply: SignedIn };
  "service.about": { ask: Nothing; reply: About };
  "accounts.forgot": { ask: Forgot; reply: Done };
  "accounts.reset": { ask: Reset; reply: Done };
  "accounts.admin_reset": { ask: AdminReset; reply: Done };
  "accounts.change_email": { ask: ChangeEmail; reply: Done };
  "accounts.confirm_email": { ask: ConfirmEmail; reply: Done };
  "accounts.change_password": { ask: ChangePassword; reply: SignedIn };
  "accounts.prove": { ask: ProvePassword; reply: SignedIn };
  "accounts.sign_out": { ask: Nothing; reply: Done };
  "accounts.me": { ask: Nothing; reply: Me };
  "accounts.stay": { ask: Nothing; reply: Done };
  "sessions.list": { ask: Nothing; reply: SessionList };
  "sessions.end": { ask: WhichSession; reply: Done };
  "sessions.end_others": { ask: Nothing; reply: Done };
  "offices.of_region": { ask: Nothing; reply: OfficeList };
  "offices.staff": { ask: WhichOffice; reply: StaffList };
  "offices.register_staff": { ask: RegisterStaff; reply: Done };
  "offices.end_affiliation": { ask: EndAffiliation; reply: Done };
  "accounts.unlock": { ask: Unlock; reply: Done };
  "accounts.set_state": { ask: SetState; reply: Done };
  "accounts.close": { ask: CloseAccount; reply: Done };
  "accounts.close_for": { ask: CloseFor; reply: Done };
  "offices.bar": { ask: BarPerson; reply: Done };
  "offices.lift_bar": { ask: BarPerson; reply: Done };
  "offices.readers": { ask: WhichOffice; reply: ReaderList };
  "offices.timelines": { ask: WhichOffice; reply: TimelineList };
  "offices.leavers": { ask: WhichOffice; reply: LeaverList };
  "offices.admit": { ask: AdmitStaff; reply: Done };
  "accounts.admissions": { ask: Nothing; reply: AdmissionList };
  "accounts.accept_admission": { ask: WhichAdmission; reply: Done };
  "accounts.decline_admission": { ask: WhichAdmission; reply: Done };
  "roles.of_office": { ask: WhichOffice; reply: OfficeRoles };
  "roles.of_region": { ask: Nothing; reply: RegionRoles };
  "roles.propose": { ask: ProposeRole; reply: Done };
  "roles.withdraw": { ask: WhichAppointment; reply: Done };
  "roles.mine": { ask: Nothing; reply: AppointmentList };
  "roles.accept": { ask: WhichAppointment; reply: Done };
  "roles.decline": { ask: WhichAppointment; reply: Done };
  "roles.end": { ask: EndRole; reply: Done };
  "roles.record_head": { ask: RecordHead; reply: Done };
  "roles.set_governance": { ask: SetGovernance; reply: Done };
  "pledges.mine": { ask: Nothing; reply: MyPledges };
  "pledges.give": { ask: GivePledge; reply: Done };
  "pledges.record": { ask: RecordPledge; reply: Done };
  "pledges.of_office": { ask: WhichOffice; reply: PledgeList };
  "trainings.record": { ask: RecordTraining; reply: Done };
  "trainings.declare": { ask: DeclareTraining; reply: Done };
  "trainings.confirm": { ask: WhichTraining; reply: Done };
  "trainings.reject": { ask: WhichTraining; reply: Done };
  "trainings.of_office": { ask: WhichOffice; reply: TrainingList };
  "staff_changes.list": { ask: AskStaffChanges; reply: StaffChangeList };
  "staff_changes.process": { ask: WhichStaffChange; reply: Done };
  "offices.import_roster": { ask: ImportRoster; reply: RosterImported };
  "enrolments.open": { ask: OpenEnrolment; reply: Done };
  "enrolments.list": { ask: Nothing; reply: EnrolmentList };
  "enrolments.write": { ask: WriteEnrolment; reply: Done };
  "enrolments.record_paper": { ask: RecordPaper; reply: Done };
  "enrolments.record_visit": { ask: RecordVisit; reply: Done };
  "enrolments.accept": { ask: WhichEnrolment; reply: Done };
  "enrolments.return": { ask: ReturnEnrolment; reply: Done };
  "enrolments.withdraw": { ask: WhichEnrolment; reply: Done };
  "enrolments.send_link": { ask: WhichEnrolment; reply: Done };
  "enrolments.form": { ask: EnrolmentLink; reply: EnrolmentSeen };
  "enrolments.fill": { ask: FillEnrolment; reply: Done };
  "enrolments.submit": { ask: FillEnrolment; reply: Done };
  "accounts.sign_in_passkey_begin": { ask: BeginPasskey; reply: PasskeyBegun };
  "accounts.sign_in_passkey_finish": { ask: ProvePasskey; reply: SignedIn };
  "passkeys.register_begin": { ask: BeginPasskey; reply: PasskeyBegun };
  "passkeys.register_finish": { ask: RegisterPasskey; reply: PasskeyList };
  "passkeys.list": { ask: Nothing; reply: PasskeyList };
  "passkeys.rename": { ask: RenamePasskey; reply: PasskeyList };
  "passkeys.remove": { ask: WhichPasskey; reply: PasskeyList };
  "passkeys.prove_begin": { ask: BeginPasskey; reply: PasskeyBegun };
  "passkeys.prove_finish": { ask: ProvePasskey; reply: SignedIn };
  "passkeys.recovery_open": { ask: OpenRecovery; reply: WhichRecovery };
  "passkeys.recovery_approve": { ask: WhichRecovery; reply: Done };
  "passkeys.recoveries": { ask: WhichOffice; reply: RecoveryList };
  "offices.second_factor_status": { ask: WhichOffice; reply: SecondFactorStatus };
  "accounts.share": { ask: ShareAccount; reply: Done };
  "accounts.change_roster": { ask: ChangeRoster; reply: Done };
  "accounts.unshare": { ask: UnshareAccount; reply: Done };
  "accounts.roster": { ask: WhichAccount; reply: Roster };
  "accounts.act_as": { ask: ActAs; reply: SignedIn };
  "accounts.change_profile": { ask: ChangeProfile; reply: Done };
  "accounts.set_photo": { ask: SetPhoto; reply: Done };
  "accounts.remove_photo": { ask: Nothing; reply: Done };
  "accounts.photo": { ask: WhichAccount; reply: Photo };
  "accounts.faces": { ask: AskFaces; reply: FaceList };
  "verifications.ask": { ask: AskVerification; reply: Done };
  "verifications.mine": { ask: Nothing; reply: VerificationList };
  "verifications.waiting": { ask: Nothing; reply: VerificationList };
  "verifications.document": { ask: WhichVerification; reply: VerificationDocument };
  "verifications.decide": { ask: DecideVerification; reply: Done };
  "patients.register": { ask: RegisterPatient; reply: Done };
  "patients.list": { ask: Nothing; reply: PatientList };
  "patients.confirm_account": { ask: ConfirmAccount; reply: Done };
  "patients.withdraw_confirmation": { ask: WithdrawConfirmation; reply: Done };
  "patients.correct": { ask: CorrectPatient; reply: Done };
  "patients.corrections": { ask: WhichPatient; reply: CorrectionList };
  "patients.name_corrector": { ask: NameCorrector; reply: Done };
  "patients.release_corrector": { ask: NameCorrector; reply: Done };
  "consents.template": { ask: WhichPatient; reply: ConsentTemplate };
  "consents.of_patient": { ask: WhichPatient; reply: ConsentList };
  "consents.record": { ask: RecordConsent; reply: Done };
  "consents.complete": { ask: CompleteConsent; reply: Done };
  "consents.withdraw": { ask: WithdrawConsent; reply: Done };
  "consents.attach": { ask: AttachScan; reply: Done };
  "consents.scan": { ask: WhichScan; reply: ScanDocument };
  "devices.register": { ask: RegisterDevice; reply: Done };
  "devices.approve": { ask: ApproveDevice; reply: Done };
  "devices.list": { ask: Nothing; reply: DeviceList };
  "devices.mine": { ask: Nothing; reply: DeviceList };
  "devices.stop": { ask: WhichDevices; reply: HowMany };
  "devices.release": { ask: WhichDevices; reply: HowMany };
  "devices.retire": { ask: WhichDevices; reply: HowMany };
  "devices.issue_certificate": { ask: IssueCertificate; reply: IssuedCertificate };
  "devices.certify": { ask: CertifyKey; reply: CertifiedKey };
  "devices.register_certificate": { ask: RegisterCertificate; reply: Done };
  "devices.revoke_certificate": { ask: RevokeCertificate; reply: Done };
  "incidents.report": { ask: ReportIncident; reply: Done };
  "incidents.report_mine": { ask: ReportMine; reply: Done };
  "incidents.mine": { ask: Nothing; reply: IncidentList };
  "incidents.list": { ask: Nothing; reply: IncidentList };
  "incidents.pass_on": { ask: PassOn; reply: Done };
  "incidents.see": { ask: SeeIncident; reply: Done };
  "incidents.secure": { ask: SecureIncident; reply: Done };
  "incidents.close": { ask: CloseIncident; reply: Done };
  "rooms.list": { ask: Nothing; reply: RoomList };
  "rooms.open": { ask: WhichRoom; reply: OpenRoom };
  "rooms.page": { ask: AskPage; reply: Page };
  "rooms.since": { ask: AskSince; reply: Since };
  "rooms.read": { ask: MarkRead; reply: Done };
  "rooms.focus": { ask: Focus; reply: Done };
  "rooms.create_free": { ask: CreateFree; reply: RoomMade };
  "rooms.connect": { ask: Connect; reply: RoomMade };
  "rooms.accept": { ask: AcceptRoom; reply: RoomMade };
  "rooms.decline": { ask: DeclineRoom; reply: Done };
  "rooms.leave": { ask: WhichRoom; reply: Done };
  "rooms.release": { ask: ReleaseMember; reply: Done };
  "rooms.archive": { ask: ArchiveRoom; reply: Done };
  "rooms.restore": { ask: RestoreRoom; reply: Done };
  "rooms.agreement": { ask: WhichRoom; reply: AgreementList };
  "rooms.set_agreement": { ask: SetAgreement; reply: Done };
  "rooms.acknowledge_agreement": { ask: AcknowledgeAgreement; reply: Done };
  "permits.record": { ask: RecordPermit; reply: Done };
  "permits.list": { ask: WhichRoom; reply: PermitList };
  "permits.end": { ask: EndPermit; reply: Done };
  "rooms.openings": { ask: Nothing; reply: OpeningList };
  "rooms.open_timeline": { ask: OpenTimeline; reply: RoomMade };
  "rooms.ask_physician": { ask: AskPhysician; reply: Done };
  "rooms.approve_opening": { ask: WhichRoom; reply: Done };
  "rooms.reject_opening": { ask: StayTimeline; reply: Done };
  "rooms.pause": { ask: StayTimeline; reply: Done };
  "rooms.resume": { ask: WhichRoom; reply: Done };
  "rooms.take_control": { ask: WhichRoom; reply: Done };
  "instructions.give": { ask: GiveInstruction; reply: Done };
  "instructions.withdraw": { ask: WhichInstruction; reply: Done };
  "instructions.list": { ask: Nothing; reply: InstructionList };
  "erasures.request": { ask: RequestErasure; reply: Done };
  "erasures.second": { ask: WhichErasure; reply: Done };
  "erasures.cancel": { ask: WhichErasure; reply: Done };
  "erasures.list": { ask: Nothing; reply: ErasureList };
  "transfers.offices": { ask: WhichRoom; reply: OfficeChoices };
  "transfers.propose": { ask: ProposeTransfer; reply: Done };
  "transfers.accept": { ask: AcceptTransfer; reply: Done };
  "transfers.decline": { ask: DeclineTransfer; reply: Done };
  "transfers.withdraw": { ask: WhichTransfer; reply: Done };
  "transfers.complete": { ask: WhichTransfer; reply: Done };
  "stewardships.of_office": { ask: WhichOffice; reply: Stewardships };
  "delegations.give": { ask: GiveDelegation; reply: Done };
  "delegations.approve": { ask: ApproveDelegation; reply: Done };
  "delegations.accept": { ask: AcceptDelegation; reply: Done };
  "delegations.end": { ask: EndDelegation; reply: Done };
  "reviews.due": { ask: WhichOffice; reply: ReviewList };
  "reviews.sign": { ask: SignReview; reply: Done };
  "invitations.candidates": { ask: AskCandidates; reply: CandidateList };
  "invitations.propose": { ask: Propose; reply: Done };
  "invitations.list": { ask: WhichRoom; reply: InvitationList };
  "invitations.mine": { ask: Nothing; reply: MyInvitations };
  "invitations.approve": { ask: ApproveInvitation; reply: Done };
  "invitations.reject": { ask: RejectInvitation; reply: Done };
  "invitations.withdraw": { ask: WhichInvitation; reply: Done };
  "members.list": { ask: WhichRoom; reply: MemberList };
  "posts.preview": { ask: Draft; reply: Preview };
  "posts.send": { ask: SendPost; reply: Sent };
  "notices.list": { ask: AskNotices; reply: NoticeList };
  "notices.seen": { ask: NoticesSeen; reply: Done };
  "rules.read": { ask: WhichRegion; reply: RulesPage };
  "rules.acknowledge": { ask: AcknowledgeRules; reply: SignedIn };
  "rules.standing": { ask: WhichOffice; reply: RulesStanding };
  "offices.supplement": { ask: SetSupplement; reply: Done };
  "exceptions.declare": { ask: DeclareException; reply: Done };
  "exceptions.end": { ask: WhichException; reply: Done };
  "exceptions.list": { ask: Nothing; reply: ExceptionList };
  "exceptions.review": { ask: ReviewException; reply: Done };
  "accounts.declare_exception": { ask: DeclareMyException; reply: Done };
  "accounts.enter_by_exception": { ask: EnterByException; reply: SignedIn };
  "time.now": { ask: Nothing; reply: Now };
};

/** Every refusal code of this version; newer servers may say others. */
export type Code =
  | "bad_frame"
  | "unknown_command"
  | "bad_field"
  | "too_large"
  | "wrong_door"
  | "sign_in_failed"
  | "signed_out"
  | "session_idle"
  | "second_factor_required"
  | "account_suspended"
  | "account_restricted"
  | "office_admin_only"
  | "other_office"
  | "not_for_yourself"
  | "last_admin"
  | "office_head_only"
  | "role_explanation_missing"
  | "pledge_missing"
  | "pledge_waiver_forbidden"
  | "email_mismatch"
  | "training_missing"
  | "roster_unreadable"
  | "roster_too_long"
  | "governance_role_missing"
  | "office_documents_missing"
  | "admin_pledge_missing"
  | "admins_missing"
  | "office_not_admitted_in_region"
  | "not_in_network"
  | "no_affiliation"
  | "prior_issue_unanswered"
  | "waiver_incomplete"
  | "waiver_not_available"
  | "enrolment_not_open"
  | "holder_or_support_only"
  | "last_desk"
  | "answers_for_shared"
  | "reason_missing"
  | "password_expired"
  | "acting_person_required"
  | "not_while_shared"
  | "holds_a_role"
  | "shared_account_forbidden"
  | "passkey_failed"
  | "passkeys_not_here"
  | "passkey_needs_password"
  | "passkeys_full"
  | "step_up_required"
  | "two_admins_required"
  | "foreign_origin"
  | "protocol_too_old"
  | "not_found"
  | "rate_limited"
  | "certificate_request_unfit"
  | "daily_limit"
  | "no_common_password"
  | "overloaded"
  | "fault"
  | "id_taken"
  | "draft_empty"
  | "post_too_long"
  | "confirm_required"
  | "not_connected"
  | "invitation_open"
  | "aim_missing"
  | "link_spent"
  | "terms_not_accepted"
  | "email_in_use"
  | "display_name_office_only"
  | "display_name_format"
  | "profile_incomplete"
  | "invitee_profile_incomplete"
  | "photo_not_readable"
  | "verification_waiting"
  | "verification_decided"
  | "confirmation_stands"
  | "mail_not_configured"
  | "password_too_weak"
  | "password_guessable"
  | "password_similar"
  | "password_reused"
  | "patient_data_in_free_group"
  | "other_patient_mentioned"
  | "consent_missing"
  | "use_timeline"
  | "agreement_changed"
  | "group_admin_only"
  | "not_steward"
  | "transfer_not_accepted"
  | "reconsent_missing"
  | "responsibility_missing"
  | "offer_pending"
  | "offer_decided"
  | "delegation_not_available"
  | "delegation_not_approved"
  | "review_incomplete"
  | "involvement_missing"
  | "consent_excludes_sharing"
  | "use_stopped"
  | "consent_obtainer_not_entitled"
  | "physician_request_missing"
  | "basis_not_allowed"
  | "signatory_missing"
  | "explainer_missing"
  | "proxy_statement_missing"
  | "date_invalid"
  | "patient_refused"
  | "objection_evidence_missing"
  | "consent_ended"
  | "scans_full"
  | "staff_timeline"
  | "staff_only"
  | "approval_pending"
  | "invitation_expired"
  | "invitation_decided"
  | "own_judgement_missing"
  | "large_group"
  | "timeline_archived"
  | "physician_required"
  | "physician_approval_missing"
  | "physician_not_joined"
  | "timeline_paused"
  | "timeline_exists"
  | "patient_known"
  | "not_timeline_manager"
  | "control_held"
  | "erasure_request_missing"
  | "second_person_required"
  | "erasure_executor_required"
  | "erasure_decided"
  | "steward_admin_required"
  | "byod_forbidden"
  | "device_not_permitted"
  | "mobile_os_not_allowed"
  | "device_attestation_missing"
  | "remote_lock_required"
  | "device_not_registered"
  | "device_stopped"
  | "devices_full"
  | "incident_unseen"
  | "incident_unsent"
  | "incident_closed"
  | "rules_not_acknowledged"
  | "policy_version_stale"
  | "weaker_than_region"
  | "exception_reason_missing"
  | "exception_not_allowed"
  | "exception_over"
  | "exception_in_force"
  | "exception_reviewed"
  | "client_certificate_required"
;

export const PROTOCOL = 1;
export const LIMITS = { postChars: 20000, lastChars: 60, page: 50, pageMax: 200, frameBytes: 262144, nameChars: 100, aimChars: 1000, pingMs: 25000 } as const;
