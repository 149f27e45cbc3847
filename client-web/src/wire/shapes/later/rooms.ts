//! What comes back for the commands of rooms that are opened, led and agreed on, permits and instructions.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card, patient } from "../people.ts";
import { roomKind, roomMade, roomState, waitsFor } from "../rooms.ts";

/** By command. */
export const replies = {
  "rooms.create_free": roomMade,
  "rooms.connect": roomMade,
  "rooms.release": done,
  "rooms.archive": done,
  "rooms.restore": done,
  "rooms.agreement": reads<p.AgreementList>()(
    v.object({
      agreements: v.array(
        v.object({
          version: number,
          by: card,
          at: number,
          terms: v.object({
            aim: v.string(),
            usage: v.string(),
            hours: may(v.string()),
            secondary_use: reads<p.AgreedUse>()(v.picklist(["none", "direct_care", "ask_each_time"])),
          }),
          acknowledged: v.array(id),
        }),
      ),
    }),
  ),
  "rooms.set_agreement": done,
  "rooms.acknowledge_agreement": done,
  "permits.record": done,
  "permits.list": reads<p.PermitList>()(
    v.object({
      permits: v.array(
        v.object({
          permit: id,
          patient: may(patient),
          by: card,
          from: reads<p.PermitFrom>()(v.picklist(["patient", "family", "representative"])),
          on: v.string(),
          note: may(v.string()),
          recorded_at: number,
          ended_at: may(number),
        }),
      ),
    }),
  ),
  "permits.end": done,
  "rooms.openings": reads<p.OpeningList>()(
    v.object({
      offices: v.array(
        v.object({
          office: id,
          name: v.string(),
          may_register: v.boolean(),
          is_physician: v.boolean(),
          takes_approval: v.boolean(),
          takes_physician: v.boolean(),
        }),
      ),
      patients: v.array(
        v.object({ patient, office: id, stands: v.array(roomKind), is_instructed: v.boolean() }),
      ),
      openings: v.array(
        v.object({
          room: id,
          kind: roomKind,
          state: roomState,
          waits_for: may(waitsFor),
          label: v.string(),
          by: card,
          physician: may(card),
          is_mine: v.boolean(),
          is_rejected: v.boolean(),
          may_ask: v.boolean(),
          may_take: v.boolean(),
        }),
      ),
    }),
  ),
  "rooms.open_timeline": roomMade,
  "rooms.ask_physician": done,
  "rooms.approve_opening": done,
  "rooms.reject_opening": done,
  "rooms.pause": done,
  "rooms.resume": done,
  "rooms.take_control": done,
  "instructions.give": done,
  "instructions.withdraw": done,
  "instructions.list": reads<p.InstructionList>()(
    v.object({
      instructions: v.array(
        v.object({
          instruction: id,
          patient,
          by: card,
          to: card,
          channel: v.picklist(["in_person", "phone", "fax", "letter"]),
          on: v.string(),
          members: v.string(),
          at: number,
        }),
      ),
    }),
  ),
} satisfies Replies;
