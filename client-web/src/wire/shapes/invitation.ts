//! An invitation into a room, as the server says it.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";
import { id, may, number } from "./basics.ts";
import { card } from "./people.ts";

export const readsBack = reads<p.History>()(v.picklist(["from_joining", "from_start"]));

export const invitation = reads<p.Invitation>()(
  v.object({
    invitation: id,
    room: id,
    person: card,
    lacks: v.array(
      reads<p.ProfilePart>()(v.picklist(["name", "office", "occupation", "photo", "verified", "confirmed"])),
    ),
    by: card,
    involvement: v.string(),
    message: v.string(),
    history: readsBack,
    state: reads<p.InvitationState>()(
      v.picklist(["proposed", "approved", "accepted", "rejected", "withdrawn", "declined", "lapsed"]),
    ),
    proposed_at: number,
    until: number,
    reason: may(v.string()),
  }),
);
