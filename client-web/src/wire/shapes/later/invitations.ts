//! What comes back for the commands of invitations.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { invitation, readsBack } from "../invitation.ts";
import { card } from "../people.ts";

/** By command. */
export const replies = {
  "invitations.candidates": reads<p.CandidateList>()(
    v.object({ candidates: v.array(v.object({ affiliation: id, card })) }),
  ),
  "invitations.propose": done,
  "invitations.list": reads<p.InvitationList>()(
    v.object({ invitations: v.array(invitation), may_decide: v.boolean() }),
  ),
  "invitations.mine": reads<p.MyInvitations>()(
    v.object({
      invitations: v.array(
        v.object({
          room: id,
          office: may(v.string()),
          patient: may(v.string()),
          by: card,
          involvement: v.string(),
          message: v.string(),
          history: readsBack,
          until: number,
        }),
      ),
    }),
  ),
  "invitations.approve": done,
  "invitations.reject": done,
  "invitations.withdraw": done,
} satisfies Replies;
