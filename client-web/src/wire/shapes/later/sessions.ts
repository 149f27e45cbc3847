//! What comes back for the commands of sessions and passkeys.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { passkeyBegun } from "../passkeys.ts";
import { card } from "../people.ts";

const sessionList = reads<p.SessionList>()(
  v.object({
    sessions: v.array(
      v.object({
        session: id,
        is_this: v.boolean(),
        factors: v.array(v.picklist(["password", "passkey", "certificate", "link"])),
        opened_at: number,
        last_act: number,
        client: v.string(),
      }),
    ),
  }),
);

const passkeyList = reads<p.PasskeyList>()(
  v.object({
    passkeys: v.array(
      v.object({ passkey: id, name: v.string(), created_at: number, last_used_at: may(number) }),
    ),
    most: number,
  }),
);

/** By command. */
export const replies = {
  "sessions.list": sessionList,
  "sessions.end": done,
  "sessions.end_others": done,
  "passkeys.register_begin": passkeyBegun,
  "passkeys.register_finish": passkeyList,
  "passkeys.list": passkeyList,
  "passkeys.rename": passkeyList,
  "passkeys.remove": passkeyList,
  "passkeys.recovery_open": reads<p.WhichRecovery>()(v.object({ case: id })),
  "passkeys.recovery_approve": done,
  "passkeys.recoveries": reads<p.RecoveryList>()(
    v.object({
      recoveries: v.array(
        v.object({ case: id, card, opened_by: card, reason: v.string(), at: number, until: number }),
      ),
    }),
  ),
} satisfies Replies;
