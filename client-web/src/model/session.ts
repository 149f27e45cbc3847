//! Who sits at the desk, and how a session can be over.
import type { Me, Refused } from "../../../protocol/bindings/protocol.ts";
import type { OutWhy, Who } from "../wire/link-state.ts";

/** Who sits here. */
export type Session =
  | { is: "asking" }
  /** The server cannot be reached, so nobody knows whether somebody is signed in. */
  | { is: "unreachable" }
  /** `reported`: one said that a device is gone. `minutes`: so long nothing was done, where that is known. */
  | { is: "out"; why: "never" | "left" | "left_unheard" | "reported" | OutWhy; minutes?: number | undefined }
  /** Known, but steps are missing that `me.next` names; no room is open to such a session. */
  | { is: "arriving"; me: Me }
  | { is: "in"; me: Me };

/** Nobody is signed in: the session was ended, or ended by itself. */
export function outBy(refused: Refused): OutWhy | undefined {
  if (refused.code === "session_idle") return "idle";
  return refused.code === "signed_out" ? "ended" : undefined;
}

/** What an answer to "who am I" says. */
export function whoBy(answer: { is: "ok" } | { is: "refused"; refused: Refused } | { is: "lost" }): Who {
  if (answer.is === "ok") return "me";
  const out = answer.is === "refused" ? outBy(answer.refused) : undefined;
  return out === undefined ? "unknown" : out === "idle" ? "idle" : "nobody";
}
