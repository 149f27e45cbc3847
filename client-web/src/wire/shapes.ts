//! What the server says, checked as it arrives: one schema per shape of the protocol, each satisfying the generated type.
//!
//! Unknown fields are dropped, since a newer server may say more. A shape that does not fit is never half-used.
import * as v from "valibot";
import type * as p from "../../../protocol/bindings/protocol.ts";

type Reads<T> = v.GenericSchema<unknown, T>;

const id = v.string();
const number = v.pipe(v.number(), v.safeInteger());
const may = v.exactOptional;

const personKind = v.picklist(["staff", "patient", "family"]) satisfies Reads<p.PersonKind>;
const occupation = v.picklist([
  "physician",
  "dentist",
  "pharmacist",
  "nurse",
  "care_manager",
  "home_helper",
  "physio",
  "occupational_therapist",
  "dietitian",
  "social_worker",
  "clerk",
  "secretariat",
  "family",
  "patient",
]) satisfies Reads<p.Occupation>;
const lang = v.picklist(["ja", "en"]) satisfies Reads<p.Lang>;
const roomKind = v.picklist([
  "timeline_staff",
  "timeline_with_recipient",
  "free_group",
  "connection",
]) satisfies Reads<p.RoomKind>;
const roomState = v.picklist(["proposed", "active"]) satisfies Reads<p.RoomState>;
const memberState = v.picklist(["invited", "member", "left"]) satisfies Reads<p.MemberState>;

const card = v.object({
  id,
  account: id,
  kind: personKind,
  name: v.string(),
  kana: v.string(),
  office: may(v.string()),
  occupation,
  relation: may(v.string()),
}) satisfies Reads<p.Card>;

const me = v.object({
  account: id,
  kind: personKind,
  name: v.string(),
  kana: v.string(),
  lang,
  affiliations: v.array(
    v.object({
      id,
      region: id,
      office: may(id),
      patient: may(id),
      card,
      roles: v.array(v.picklist(["office_admin", "secretariat"])),
    }),
  ),
  regions: v.array(
    v.object({
      region: id,
      name: v.string(),
      profile: v.string(),
      term_patient: v.string(),
      confirm_post: v.boolean(),
    }),
  ),
}) satisfies Reads<p.Me>;

const member = v.object({ card, state: memberState, from_position: number }) satisfies Reads<p.Member>;

const patient = v.object({
  id,
  name: v.string(),
  kana: v.string(),
  birth_date: v.string(),
  sex: v.string(),
}) satisfies Reads<p.Patient>;

const readerCount = v.object({
  staff: number,
  family: number,
  patient: number,
}) satisfies Reads<p.ReaderCount>;

const roomCard = v.object({
  id,
  region: id,
  kind: roomKind,
  state: roomState,
  membership: memberState,
  patient: may(id),
  title: may(v.string()),
  aim: may(v.string()),
  other: may(card),
  steward: may(v.string()),
  readers: readerCount,
  change: number,
  last_position: number,
  read_position: number,
  unread: number,
  last: may(v.object({ by: v.string(), text: v.string(), at: number })),
}) satisfies Reads<p.RoomCard>;

const post = v.object({
  id,
  room: id,
  position: number,
  change: number,
  author: card,
  stored_at: number,
  written_at: may(number),
  reply_to: may(id),
  content: v.variant("kind", [
    v.object({ kind: v.literal("text"), text: v.string() }),
    v.object({ kind: v.literal("undecodable") }),
  ]),
}) satisfies Reads<p.Post>;

const page = v.object({
  posts: v.array(post),
  more_before: v.boolean(),
  more_after: v.boolean(),
}) satisfies Reads<p.Page>;
const receipt = v.object({ account: id, position: number }) satisfies Reads<p.Receipt>;
const done = v.record(v.string(), v.never()) satisfies Reads<p.Done>;
const roomMade = v.object({ room: id, state: roomState, change: number }) satisfies Reads<p.RoomMade>;

/** Why something was not done, in the reader's language. */
export const refused = v.object({
  code: v.string(),
  params: may(v.record(v.string(), v.string())),
  sentence: v.string(),
  next: v.string(),
  retry_after_ms: may(number),
}) satisfies Reads<p.Refused>;

/** The server's first frame. */
export const welcome = v.object({
  protocol: number,
  server: v.string(),
  now: number,
  me,
  stale: v.array(v.object({ room: id, change: number, last_position: number })),
  gone: v.array(id),
}) satisfies Reads<p.Welcome>;

/** Something happened. */
export const event = v.variant("event", [
  v.object({ event: v.literal("posted"), change: number, post }),
  v.object({ event: v.literal("member_changed"), room: id, change: number, member }),
  v.object({ event: v.literal("room_added"), room: id }),
  v.object({ event: v.literal("receipts"), room: id, receipts: v.array(receipt) }),
  v.object({ event: v.literal("read"), room: id, position: number }),
  v.object({ event: v.literal("behind") }),
]) satisfies Reads<p.Event>;

/** What a close frame's reason says. */
export const closeReason = v.object({ retry_after_ms: may(number) }) satisfies Reads<p.CloseReason>;

/** What comes back for each command. */
export const replies = {
  "accounts.sign_in": v.object({ me, token: may(v.string()) }),
  "accounts.enter": v.object({ me, token: may(v.string()) }),
  "accounts.sign_out": done,
  "accounts.me": me,
  "rooms.list": v.object({ patients: v.array(patient), rooms: v.array(roomCard) }),
  "rooms.open": v.object({
    room: roomCard,
    patient: may(patient),
    members: v.array(member),
    receipts: v.array(receipt),
    page,
  }),
  "rooms.page": page,
  "rooms.since": v.object({
    posts: v.array(post),
    members: may(v.array(member)),
    upto: number,
    last_position: number,
    more: v.boolean(),
  }),
  "rooms.read": done,
  "rooms.focus": done,
  "rooms.create_free": roomMade,
  "rooms.connect": roomMade,
  "rooms.accept": roomMade,
  "members.list": v.object({ members: v.array(member), receipts: v.array(receipt) }),
  "posts.preview": v.object({
    readers: v.array(
      v.object({
        office: may(v.string()),
        kind: personKind,
        people: v.array(v.object({ account: id, name: v.string(), occupation, relation: may(v.string()) })),
      }),
    ),
    count: readerCount,
    findings: v.array(v.object({ code: v.string(), sentence: v.string() })),
    token: v.string(),
    expires_at: number,
  }),
  "posts.send": v.variant("state", [
    v.object({ state: v.literal("saved"), position: number, change: number, stored_at: number }),
  ]),
  "time.now": v.object({ now: number }),
} satisfies { [Name in keyof p.Commands]: Reads<p.Commands[Name]["reply"]> };
