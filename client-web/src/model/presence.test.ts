//! When the screen is covered, when the end is announced, and when it is there.
import { describe, expect, it } from "vitest";
import { arrived, type PresenceInput, type PresenceOrder, step, type Watch } from "./presence.ts";

const MINUTE = 60_000;
const ends = { idle_ms: 30 * MINUTE, at: 720 * MINUTE, blank_ms: 5 * MINUTE };
const input: PresenceInput = { is: "input" };

/** A watch that ticks every second up to a moment. */
function until(watch: Watch, end: number): [Watch, [number, PresenceOrder][]] {
  const told: [number, PresenceOrder][] = [];
  let now = watch.tickedAt;
  let after = watch;
  while (now < end) {
    now = Math.min(end, now + 1_000);
    const [next, orders] = step(after, { is: "tick" }, now);
    after = next;
    for (const order of orders) told.push([now, order]);
  }
  return [after, told];
}

const at = (ms: number, watch = arrived(ends, 0)) => until(watch, ms)[0];
const then = (watch: Watch, what: PresenceInput, now: number) => step(watch, what, now)[0];

describe("before the screen", () => {
  // clause("002-1.2(1)d", "002-2.2M1")
  it.each([
    [5 * MINUTE - 1, { is: "here" }],
    [5 * MINUTE, { is: "blank" }],
    [28 * MINUTE - 1, { is: "blank" }],
    [28 * MINUTE, { is: "warned", why: "idle", until: 30 * MINUTE }],
    [30 * MINUTE - 1, { is: "warned", why: "idle", until: 30 * MINUTE }],
    [30 * MINUTE, { is: "over", why: "idle" }],
  ])("without input, after %i ms", (ms, shows) => {
    expect(at(ms).shows).toEqual(shows);
  });

  it("any input uncovers at once, and the half hour begins anew", () => {
    const back = then(at(20 * MINUTE), input, 20 * MINUTE + 500);
    expect(back.shows).toEqual({ is: "here" });
    expect(at(50 * MINUTE + 499, back).shows).toMatchObject({ is: "warned", until: 50 * MINUTE + 500 });
    expect(at(50 * MINUTE + 500, back).shows).toEqual({ is: "over", why: "idle" });
  });

  it("the announcement is answered by its own button, and by nothing beside it", () => {
    const warned = at(29 * MINUTE);
    expect(then(warned, input, 29 * MINUTE + 1).shows).toMatchObject({ is: "warned" });
    expect(then(warned, { is: "stay" }, 29 * MINUTE + 1).shows).toEqual({ is: "here" });
  });

  it("what comes at the end or after it does not undo it", () => {
    const asleep = at(10 * MINUTE);
    for (const late of [input, { is: "stay" } as const]) {
      const [after, orders] = step(asleep, late, 30 * MINUTE);
      expect(after.shows).toEqual({ is: "over", why: "idle" });
      expect(orders).toEqual([]);
    }
    const over = at(30 * MINUTE);
    expect(then(over, input, 31 * MINUTE)).toBe(over);
  });

  it("the server is told of input, at most once a minute, and of the last stroke too", () => {
    let watch = arrived(ends, 0);
    const told: number[] = [];
    for (let now = 1_000; now <= 5 * MINUTE; now += 1_000) {
      for (const what of now <= 3 * MINUTE + 20_000
        ? [input, { is: "tick" } as const]
        : [{ is: "tick" } as const]) {
        const [after, orders] = step(watch, what, now);
        watch = after;
        if (orders.includes("tell_server")) {
          told.push(now);
          watch = then(watch, { is: "told", to: now }, now);
        }
      }
    }
    expect(told).toEqual([1, 2, 3, 4].map((minute) => minute * MINUTE));
  });

  // clause("002-1.2(1)d")
  it("what goes by by itself tells the server nothing", () => {
    expect(until(arrived(ends, 0), 30 * MINUTE)[1]).toEqual([]);
    const [, orders] = step(at(10 * MINUTE), { is: "linked" }, 10 * MINUTE);
    expect(orders).toEqual([]);
  });

  it("a word that was lost is said again, at once when the link is there again", () => {
    const first = step(at(2 * MINUTE), input, 2 * MINUTE);
    expect(first[1]).toContain("tell_server");
    expect(until(first[0], 4 * MINUTE)[1].map(([now]) => now)).toEqual([3 * MINUTE, 4 * MINUTE]);
    expect(step(first[0], { is: "linked" }, 2 * MINUTE + 5)[1]).toEqual(["tell_server"]);
  });

  it("input in another window counts, and is told by that window", () => {
    const [after, orders] = step(at(29 * MINUTE), { is: "elsewhere", at: 29 * MINUTE }, 29 * MINUTE + 5);
    expect(after.shows).toEqual({ is: "here" });
    expect(orders).toEqual([]);
    expect(until(after, 40 * MINUTE)[1]).toEqual([]);
  });

  it("a device that slept is covered first, and hears of other windows before it is over", () => {
    const slept = then(at(4 * MINUTE), { is: "tick" }, 40 * MINUTE);
    expect(slept.shows).toEqual({ is: "blank" });
    expect(then(slept, { is: "elsewhere", at: 39 * MINUTE }, 40 * MINUTE + 1).shows).toEqual({ is: "here" });
    expect(then(slept, { is: "tick" }, 40 * MINUTE + 1_000).shows).toEqual({ is: "over", why: "idle" });
  });

  it("the longest time is announced once, cannot be put off, and ends whoever is here", () => {
    const busy = then(
      then(at(1), { is: "elsewhere", at: 717 * MINUTE }, 717 * MINUTE),
      { is: "tick" },
      717 * MINUTE,
    );
    const warned = at(718 * MINUTE, busy);
    expect(warned.shows).toEqual({ is: "warned", why: "limit", until: 720 * MINUTE });
    const seen = then(warned, { is: "stay" }, 718 * MINUTE + 10);
    expect(seen.shows).toEqual({ is: "here" });
    expect(at(720 * MINUTE - 1, seen).shows).toEqual({ is: "here" });
    expect(at(720 * MINUTE, seen).shows).toEqual({ is: "over", why: "limit" });
  });
});
