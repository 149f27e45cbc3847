//! The life of a link, step by step.
import { describe, expect, it } from "vitest";
import type { Welcome } from "../../../protocol/bindings/protocol.ts";
import { type LinkInput, type LinkState, step, waitMs } from "./link-state.ts";

const world = { now: 1_000, random: 1 };
const opening: LinkState = { is: "opening", attempt: 2, opened: false };
const opened: LinkState = { is: "opening", attempt: 2, opened: true };
const live: LinkState = { is: "live", since: 0 };
const waiting: LinkState = { is: "waiting", attempt: 3, until: 9_000 };
const closed = (code: number, retryAfterMs?: number): LinkInput => ({ is: "closed", code, retryAfterMs });

describe("a link", () => {
  it.each<[string, LinkState, LinkInput, Partial<LinkState>, string[]]>([
    ["opens when it is started", { is: "resting" }, { is: "start" }, { is: "opening", attempt: 0 }, ["open"]],
    ["greets once the socket is open", opening, { is: "opened" }, { is: "opening", opened: true }, ["hello"]],
    ["is live once it is welcomed", opened, { is: "welcomed", welcome: {} as Welcome }, { is: "live" }, []],
    ["asks who it is when the socket never opened", opening, closed(1006), { is: "asking" }, ["ask_who"]],
    [
      "waits when nobody could say",
      { is: "asking", attempt: 2 },
      { is: "who", answer: "unknown" },
      { is: "waiting", attempt: 3 },
      ["wait"],
    ],
    [
      "waits when it is still signed in",
      { is: "asking", attempt: 2 },
      { is: "who", answer: "me" },
      { is: "waiting" },
      ["wait"],
    ],
    [
      "is signed out when nobody is signed in",
      { is: "asking", attempt: 2 },
      { is: "who", answer: "nobody" },
      { is: "signed_out", why: "ended" },
      [],
    ],
    [
      "does not wait long for a server that answers over HTTP",
      { is: "asking", attempt: 9 },
      { is: "who", answer: "me" },
      { is: "waiting", attempt: 3 },
      ["wait"],
    ],
    [
      "waits longer and longer for one that does not",
      { is: "asking", attempt: 9 },
      { is: "who", answer: "unknown" },
      { is: "waiting", attempt: 10 },
      ["wait"],
    ],
    [
      "comes back after a fall, from the first wait",
      live,
      closed(1006),
      { is: "waiting", attempt: 0, until: 1_500 },
      ["wait"],
    ],
    ["honours the server's hint", live, closed(4440, 7_000), { is: "waiting", until: 8_000 }, ["wait"]],
    ["comes back from every 444x", live, closed(4443), { is: "waiting" }, ["wait"]],
    ["does not come back after 4420", live, closed(4420), { is: "signed_out", why: "ended" }, []],
    ["knows of 4421 that nothing was done", live, closed(4421), { is: "signed_out", why: "idle" }, []],
    ["stays away after 4401", live, closed(4401), { is: "away", why: "misread" }, []],
    [
      "says that there are too many windows after 4403",
      live,
      closed(4403),
      { is: "away", why: "displaced" },
      [],
    ],
    ["says that it is too old after 4402", opened, closed(4402), { is: "away", why: "too_old" }, []],
    [
      "says that it is too old when refused",
      opened,
      { is: "too_old" },
      { is: "away", why: "too_old" },
      ["close"],
    ],
    ["tries when it is due", waiting, { is: "due" }, { is: "opening", attempt: 3 }, ["open"]],
    ["tries at once when nudged", waiting, { is: "nudge" }, { is: "opening", attempt: 3 }, ["open"]],
    ["is not disturbed by a nudge while live", live, { is: "nudge" }, { is: "live" }, []],
    ["is cut when it is dead", live, { is: "dead" }, { is: "waiting", attempt: 0 }, ["close", "wait"]],
    [
      "gives up an opening that hangs",
      opening,
      { is: "dead" },
      { is: "waiting", attempt: 3 },
      ["close", "wait"],
    ],
    ["rests when it is stopped", live, { is: "stop" }, { is: "resting" }, ["close"]],
    ["hears nothing of sockets while it rests", { is: "resting" }, closed(1006), { is: "resting" }, []],
    [
      "opens again after signing in",
      { is: "signed_out", why: "ended" },
      { is: "start" },
      { is: "opening", attempt: 0 },
      ["open"],
    ],
  ])("%s", (_, state, input, after, orders) => {
    const [now, what] = step(state, input, world);
    expect(now).toMatchObject(after);
    expect(what).toEqual(orders);
  });

  it("waits with full jitter between nothing and 15 seconds", () => {
    expect(waitMs(0, 1, undefined)).toBe(500);
    expect(waitMs(3, 1, undefined)).toBe(4_000);
    expect(waitMs(50, 1, undefined)).toBe(15_000);
    expect(waitMs(50, 0, undefined)).toBe(0);
    expect(waitMs(50, 0, 2_500)).toBe(2_500);
  });
});
