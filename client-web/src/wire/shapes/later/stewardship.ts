//! What comes back for the commands of who answers for a patient: transfers, delegations and the reviews of members.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card } from "../people.ts";
import { roomKind } from "../rooms.ts";

/** By command. */
export const replies = {
  "transfers.offices": reads<p.OfficeChoices>()(
    v.object({ offices: v.array(v.object({ office: id, name: v.string() })) }),
  ),
  "transfers.propose": done,
  "transfers.accept": done,
  "transfers.decline": done,
  "transfers.withdraw": done,
  "transfers.complete": done,
  "stewardships.of_office": reads<p.Stewardships>()(
    v.object({
      transfers: v.array(
        v.object({
          transfer: id,
          patient: may(id),
          name: v.string(),
          from: v.string(),
          to: v.string(),
          is_ours_to_take: v.boolean(),
          state: reads<p.TransferState>()(
            v.picklist(["proposed", "awaiting_consent", "completed", "declined", "withdrawn", "lapsed"]),
          ),
          is_consented: v.boolean(),
          reason: v.string(),
          answer: may(v.string()),
          proposed_at: number,
          until: number,
        }),
      ),
      delegations: v.array(
        v.object({
          delegation: id,
          name: v.string(),
          steward: v.string(),
          delegate: v.string(),
          is_ours_to_take: v.boolean(),
          state: reads<p.DelegationState>()(v.picklist(["given", "active", "ended"])),
          approved_by: may(v.string()),
          approved_on: may(v.string()),
          until: number,
        }),
      ),
    }),
  ),
  "delegations.give": done,
  "delegations.approve": done,
  "delegations.accept": done,
  "delegations.end": done,
  "reviews.due": reads<p.ReviewList>()(
    v.object({
      reviews: v.array(
        v.object({
          room: id,
          kind: roomKind,
          name: v.string(),
          due_at: number,
          is_due: v.boolean(),
          is_overdue: v.boolean(),
          signed_at: may(number),
          members: v.array(v.object({ card, read_at: may(number), posted_at: may(number) })),
        }),
      ),
    }),
  ),
  "reviews.sign": done,
} satisfies Replies;
