//! The life of a link as named states: a pure step from state and input to state and orders. `link.ts` carries them out.
import type { Lang, Welcome } from "../../../protocol/bindings/protocol.ts";

/** Where a link is in its life. */
export type LinkState =
  /** Nobody is signed in; nothing is tried. */
  | { is: "resting" }
  /** A socket is opening, or waits for its welcome. */
  | { is: "opening"; attempt: number; opened: boolean }
  /** Welcomed. */
  | { is: "live"; since: number }
  /** The socket never opened: are we still signed in? */
  | { is: "asking"; attempt: number }
  /** Comes back at `until`. */
  | { is: "waiting"; attempt: number; until: number }
  /** The session is over, ended or by itself: sign in first. */
  | { is: "signed_out"; why: OutWhy }
  /** The server no longer speaks our version, or cannot read us; we do not come back by ourselves. */
  | { is: "away"; why: Away };

/** How a session was over: it was ended, or nobody did anything for too long. */
export type OutWhy = "ended" | "idle";

/** Why we stay away: too old a client, one that is not understood, or too many windows of one sign-in. */
export type Away = "too_old" | "misread" | "displaced";

/** Who the server says we are: signed in, nobody, or nobody since nothing was done for too long. */
export type Who = "me" | "nobody" | "idle" | "unknown";

/** What can happen to a link. */
export type LinkInput =
  | { is: "start" }
  | { is: "stop" }
  | { is: "opened" }
  | { is: "welcomed"; welcome: Welcome }
  | { is: "closed"; code: number; retryAfterMs: number | undefined }
  | { is: "too_old" }
  | { is: "who"; answer: Who }
  | { is: "due" }
  /** The network came back, or the page came to the front. */
  | { is: "nudge" }
  /** The network is gone, or the link does not answer. */
  | { is: "dead" };

/** What the runner has to do. */
export type LinkOrder = "open" | "close" | "hello" | "ask_who" | "wait";

/** What the step needs to know of the world. */
export type LinkWorld = { now: number; random: number };

const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** Attempts that are counted at most while the server answers over HTTP: up to 4 s of waiting. */
const SOON = 3;

/** Full jitter: anything up to the doubled wait, never under the server's own hint. */
export function waitMs(attempt: number, random: number, retryAfterMs: number | undefined): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(retryAfterMs ?? 0, Math.round(ceiling * random));
}

/** One step of a link's life. */
export function step(state: LinkState, input: LinkInput, world: LinkWorld): [LinkState, LinkOrder[]] {
  switch (input.is) {
    case "start":
      return state.is === "resting" || state.is === "signed_out" || state.is === "away"
        ? open(0)
        : [state, []];
    case "stop":
      return [{ is: "resting" }, ["close"]];
    case "opened":
      return state.is === "opening" ? [{ ...state, opened: true }, ["hello"]] : [state, []];
    case "welcomed":
      return state.is === "opening" ? [{ is: "live", since: world.now }, []] : [state, []];
    case "too_old":
      return state.is === "opening" ? [{ is: "away", why: "too_old" }, ["close"]] : [state, []];
    case "closed":
      return closed(state, input, world);
    case "who":
      return state.is === "asking" ? answered(state.attempt, input.answer, world) : [state, []];
    case "due":
    case "nudge":
      return state.is === "waiting" ? open(state.attempt) : [state, []];
    case "dead":
      if (state.is === "live") return wait(0, undefined, world, ["close"]);
      return state.is === "opening" ? wait(state.attempt + 1, undefined, world, ["close"]) : [state, []];
  }
}

function closed(
  state: LinkState,
  { code, retryAfterMs }: { code: number; retryAfterMs: number | undefined },
  world: LinkWorld,
): [LinkState, LinkOrder[]] {
  if (state.is !== "live" && state.is !== "opening") return [state, []];
  if (code === 4402) return [{ is: "away", why: "too_old" }, []];
  if (code === 4403) return [{ is: "away", why: "displaced" }, []];
  if (code >= 4400 && code < 4420) return [{ is: "away", why: "misread" }, []];
  if (code >= 4420 && code < 4440) return [{ is: "signed_out", why: code === 4421 ? "idle" : "ended" }, []];
  if (state.is === "live") return wait(0, retryAfterMs, world);
  // The browser hides why an upgrade failed: 401 and a dead network look the same, so ask over HTTP.
  return state.opened
    ? wait(state.attempt + 1, retryAfterMs, world)
    : [{ is: "asking", attempt: state.attempt }, ["ask_who"]];
}

function answered(attempt: number, answer: Who, world: LinkWorld): [LinkState, LinkOrder[]] {
  if (answer === "nobody") return [{ is: "signed_out", why: "ended" }, []];
  if (answer === "idle") return [{ is: "signed_out", why: "idle" }, []];
  // Who answers over HTTP is there again: no reason to wait as long as for one who is away.
  return wait(answer === "me" ? Math.min(attempt + 1, SOON) : attempt + 1, undefined, world);
}

function open(attempt: number): [LinkState, LinkOrder[]] {
  return [{ is: "opening", attempt, opened: false }, ["open"]];
}

function wait(
  attempt: number,
  retryAfterMs: number | undefined,
  world: LinkWorld,
  first: LinkOrder[] = [],
): [LinkState, LinkOrder[]] {
  return [
    { is: "waiting", attempt, until: world.now + waitMs(attempt, world.random, retryAfterMs) },
    [...first, "wait"],
  ];
}

/** What a hello says, asked for at the moment it is sent. */
export type Greeting = { client: string; lang: Lang; rooms: { room: string; change: number }[] };
