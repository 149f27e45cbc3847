//! The frames that answer no command, and why something was not done.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";
import { id, may, number } from "./basics.ts";
import { me } from "./people.ts";
import { member, post, receipt, roomConsent, roomState } from "./rooms.ts";

/** Why something was not done, in the reader's language. */
export const refused = reads<p.Refused>()(
  v.object({
    code: v.string(),
    params: may(v.record(v.string(), v.string())),
    sentence: v.string(),
    next: v.string(),
    retry_after_ms: may(number),
  }),
);

/** The server's first frame. */
export const welcome = reads<p.Welcome>()(
  v.object({
    protocol: number,
    server: v.string(),
    now: number,
    me,
    stale: v.array(v.object({ room: id, change: number, last_position: number })),
    gone: v.array(id),
  }),
);

/** Something happened. */
export const event = reads<p.Event>()(
  v.variant("event", [
    v.object({ event: v.literal("posted"), change: number, post }),
    v.object({ event: v.literal("member_changed"), room: id, change: number, member }),
    v.object({ event: v.literal("room_changed"), room: id, change: number, state: roomState }),
    v.object({ event: v.literal("consent_changed"), room: id, change: number, consent: roomConsent }),
    v.object({ event: v.literal("room_added"), room: id }),
    v.object({ event: v.literal("receipts"), room: id, receipts: v.array(receipt) }),
    v.object({ event: v.literal("read"), room: id, position: number }),
    v.object({ event: v.literal("noticed") }),
    v.object({ event: v.literal("behind") }),
  ]),
);

/** What a close frame's reason says. */
export const closeReason = reads<p.CloseReason>()(v.object({ retry_after_ms: may(number) }));
