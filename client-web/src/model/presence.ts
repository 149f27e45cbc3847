//! Whether somebody still sits before the screen, as named states: a pure step from state and input to state and orders.
//! `attendance.svelte.ts` carries them out.
//!
//! Only what a person does on purpose counts: what the page does by itself keeps nothing alive (002-1.2(1)d).
import type { SessionEnd } from "../../../protocol/bindings/protocol.ts";

/** What the screen shows. */
export type Presence =
  /** Nobody is signed in; nothing is watched. */
  | { is: "nobody" }
  | { is: "here" }
  /** No input for a while: what there is to read is covered (002-2.2M1). */
  | { is: "blank" }
  /** The end is near; at `until` it is there. An end by the clock cannot be put off. */
  | { is: "warned"; why: EndWhy; until: number }
  | { is: "over"; why: EndWhy };

/** Nothing was done for too long; or the session has stood as long as any may. */
export type EndWhy = "idle" | "limit";

/** Everything a watch remembers. Moments are those of this device. */
export type Watch = {
  readonly shows: Presence;
  readonly ends: SessionEnd;
  /** The last input, in this window or another of the same session. */
  readonly actedAt: number;
  /** The last time that the server was told, or that it was tried. */
  readonly toldAt: number;
  /** Input up to here is known to the server. */
  readonly knownTo: number;
  readonly tickedAt: number;
  /** The end by the clock was announced, and seen. */
  readonly isLimitSeen: boolean;
};

/** What can happen. */
export type PresenceInput =
  /** A key, a pointer, a scroll. */
  | { is: "input" }
  /** Input in another window of the same session. */
  | { is: "elsewhere"; at: number }
  /** "Go on" was pressed. */
  | { is: "stay" }
  /** A second went by. */
  | { is: "tick" }
  /** The server heard of the input up to `to`; or the word was lost. */
  | { is: "told"; to: number }
  /** The link is there again. */
  | { is: "linked" };

/** What has to be done: tell the server that somebody is here; tell the other windows. */
export type PresenceOrder = "tell_server" | "tell_windows";

/** So long before the end it is announced. */
export const WARN_MS = 120_000;
/** Input is told to the server at most this often. */
export const TELL_MS = 60_000;
/** Ticks further apart than this: the device slept, and other windows may have had input that is still on its way. */
const GAP_MS = 5_000;

/** Somebody signed in a moment ago, which the server knows. */
export function arrived(ends: SessionEnd, now: number): Watch {
  return {
    shows: { is: "here" },
    ends,
    actedAt: now,
    toldAt: now,
    knownTo: now,
    tickedAt: now,
    isLimitSeen: false,
  };
}

/** One step. */
export function step(watch: Watch, input: PresenceInput, now: number): [Watch, PresenceOrder[]] {
  if (watch.shows.is === "over") return [watch, []];
  switch (input.is) {
    case "tick":
      return ticked(watch, now);
    case "input":
      // The announcement asks for an answer: a touch beside it is none.
      return watch.shows.is === "warned" ? [watch, []] : acted(watch, now);
    case "stay":
      return watch.shows.is === "warned" && watch.shows.why === "limit"
        ? acted({ ...watch, isLimitSeen: true }, now)
        : acted(watch, now);
    case "elsewhere": {
      const at = Math.min(input.at, now);
      return at > watch.actedAt ? judged({ ...watch, actedAt: at, knownTo: at }, now) : [watch, []];
    }
    case "told":
      return [{ ...watch, knownTo: Math.max(watch.knownTo, input.to) }, []];
    case "linked":
      return tell({ ...watch, toldAt: Number.NEGATIVE_INFINITY }, now);
  }
}

function acted(watch: Watch, now: number): [Watch, PresenceOrder[]] {
  // What comes after the end does not undo it: the server has ended the session too.
  const over = overdue(watch, now);
  if (over) return [{ ...watch, shows: { is: "over", why: over } }, []];
  const [after, orders] = tell({ ...watch, actedAt: now }, now);
  return [{ ...after, shows: shown(after, now) }, ["tell_windows", ...orders]];
}

function ticked(watch: Watch, now: number): [Watch, PresenceOrder[]] {
  const isAwake = now - watch.tickedAt <= GAP_MS;
  const awake = { ...watch, tickedAt: now };
  // Just woken: covered for one tick more, until other windows were heard.
  if (!isAwake && overdue(watch, now)) return [{ ...awake, shows: { is: "blank" } }, []];
  const [after, orders] = tell(awake, now);
  return [{ ...after, shows: shown(after, now) }, orders];
}

function judged(watch: Watch, now: number): [Watch, PresenceOrder[]] {
  return [{ ...watch, shows: shown(watch, now) }, []];
}

/** Input that the server does not know of is told, but not at every stroke. */
function tell(watch: Watch, now: number): [Watch, PresenceOrder[]] {
  if (watch.actedAt <= watch.knownTo || now - watch.toldAt < TELL_MS || overdue(watch, now))
    return [watch, []];
  return [{ ...watch, toldAt: now }, ["tell_server"]];
}

function overdue({ ends, actedAt }: Watch, now: number): EndWhy | undefined {
  if (now >= ends.at) return "limit";
  return now - actedAt >= ends.idle_ms ? "idle" : undefined;
}

function shown(watch: Watch, now: number): Presence {
  const { ends, actedAt, isLimitSeen } = watch;
  const over = overdue(watch, now);
  if (over) return { is: "over", why: over };
  const idleAt = actedAt + ends.idle_ms;
  if (ends.at <= idleAt && ends.at - now <= WARN_MS && !isLimitSeen)
    return { is: "warned", why: "limit", until: ends.at };
  if (idleAt < ends.at && idleAt - now <= WARN_MS) return { is: "warned", why: "idle", until: idleAt };
  return now - actedAt >= ends.blank_ms ? { is: "blank" } : { is: "here" };
}
