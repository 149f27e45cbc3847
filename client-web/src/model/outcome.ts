//! How an act ended, and what a screen says when it did not succeed.
import type { Refused } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import type { GaveUp } from "./passkeys.ts";

/** How an act ended. */
export type Outcome = Answer<unknown> | GaveUp;

/** Why it did not succeed, in words for the screen. */
export type Failed = Pick<Refused, "sentence" | "next" | "params"> | "lost" | undefined;

/** Why it did not succeed; `gaveUp` is said when its person gave up in the browser's own dialogue. */
export function failedBy(outcome: Outcome, gaveUp: string): Failed {
  switch (outcome.is) {
    case "ok":
      return undefined;
    case "lost":
      return "lost";
    case "refused":
      return outcome.refused;
    case "gave_up":
      return { sentence: gaveUp, next: "" };
  }
}
