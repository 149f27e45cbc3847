//! What comes back for the commands of erasures.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card, patient } from "../people.ts";
import { roomKind } from "../rooms.ts";

/** By command. */
export const replies = {
  "erasures.request": done,
  "erasures.second": done,
  "erasures.cancel": done,
  "erasures.list": reads<p.ErasureList>()(
    v.object({
      erasures: v.array(
        v.object({
          erasure: id,
          room: id,
          kind: roomKind,
          office: id,
          office_name: v.string(),
          patient: may(patient),
          state: v.picklist(["waiting", "cancelled", "under_way", "erased"]),
          wisher: v.picklist(["patient", "family", "representative", "office"]),
          name: may(v.string()),
          relation: may(v.string()),
          given_on: v.string(),
          evidence: v.string(),
          asked_by: card,
          asked_at: number,
          seconded_by: may(card),
          decided_at: may(number),
          may_second: v.boolean(),
          may_cancel: v.boolean(),
          certificate: may(
            v.object({
              posts: number,
              listed_at: number,
              destroyed_at: number,
              cleared_at: number,
              content_copies_until: number,
              key_copies_until: number,
              statement: v.string(),
              signature: v.string(),
            }),
          ),
        }),
      ),
    }),
  ),
} satisfies Replies;
