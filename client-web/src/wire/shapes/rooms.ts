//! Rooms, their members and what is posted in them, as the server says it.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";
import { id, may, number } from "./basics.ts";
import { card } from "./people.ts";

export const roomKind = reads<p.RoomKind>()(
  v.picklist(["timeline_staff", "timeline_with_recipient", "free_group", "connection"]),
);

export const roomState = reads<p.RoomState>()(
  v.picklist(["proposed", "active", "archived", "draft", "paused", "erased"]),
);

export const waitsFor = reads<p.WaitsFor>()(v.picklist(["approval", "physician", "control", "pause"]));

const memberState = reads<p.MemberState>()(v.picklist(["invited", "member", "left"]));

export const member = reads<p.Member>()(v.object({ card, state: memberState, from_position: number }));

export const readerCount = reads<p.ReaderCount>()(
  v.object({
    staff: number,
    family: number,
    patient: number,
  }),
);

export const roomConsent = reads<p.RoomConsent>()(
  v.picklist(["in_force", "missing", "inside", "excluded", "withdrawn", "stopped"]),
);

export const roomCard = reads<p.RoomCard>()(
  v.object({
    id,
    region: id,
    kind: roomKind,
    state: roomState,
    waits_for: may(waitsFor),
    membership: memberState,
    patient: may(id),
    title: may(v.string()),
    aim: may(v.string()),
    other: may(card),
    steward: may(v.string()),
    consent: may(roomConsent),
    delegate: may(v.string()),
    readers: readerCount,
    change: number,
    last_position: number,
    read_position: number,
    unread: number,
    last: may(v.object({ by: v.string(), text: v.string(), at: number })),
    agreement: may(v.object({ version: number, hours: may(v.string()), acknowledged: v.boolean() })),
  }),
);

export const post = reads<p.Post>()(
  v.object({
    id,
    room: id,
    position: number,
    change: number,
    author: card,
    stored_at: number,
    written_at: may(number),
    reply_to: may(id),
    about: may(id),
    content: v.variant("kind", [
      v.object({ kind: v.literal("text"), text: v.string() }),
      v.object({ kind: v.literal("undecodable") }),
    ]),
  }),
);

export const page = reads<p.Page>()(
  v.object({
    posts: v.array(post),
    more_before: v.boolean(),
    more_after: v.boolean(),
  }),
);

export const receipt = reads<p.Receipt>()(v.object({ account: id, position: number }));

export const roomMade = reads<p.RoomMade>()(v.object({ room: id, state: roomState, change: number }));
