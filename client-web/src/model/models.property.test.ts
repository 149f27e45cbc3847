//! The promise of every model: a snapshot at n, and the events from n to m, are the snapshot at m.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../protocol/bindings/protocol.ts";
import { since } from "../../stories/fake-room.ts";
import { rooms as ids, itose, people } from "../../stories/region.ts";
import * as history from "./history.ts";
import * as rooms from "./rooms.ts";

type Act =
  | { is: "post"; by: number; text: string }
  | { is: "join" | "leave"; who: number }
  | { is: "read"; by: number; back: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant("post" as const),
      by: fc.nat(2),
      text: fc.string({ maxLength: 80 }),
    }),
  },
  fc.record({ is: fc.constantFrom("join" as const, "leave" as const), who: fc.nat(1) }),
  fc.record({ is: fc.constant("read" as const), by: fc.nat(2), back: fc.nat(4) }),
);

const staff = [people.second, people.physician, people.manager];
const others = [people.pharmacist, people.daughter];

/** Plays acts against a server and answers what its links would have heard. */
function play(acts: readonly Act[]) {
  const server = itose(() => 1_763_700_000_000);
  server.signedIn = people.nurse.account;
  const heard: Event[] = [];
  server.tell = (event) => heard.push(event);
  const start = server.snapshot(ids.staff);
  const startList = list(server);
  for (const one of acts) {
    const home = server.rooms.get(ids.staff);
    if (!home) throw new Error("room");
    if (one.is === "post") server.post(ids.staff, staff[one.by]?.account ?? "", one.text);
    else if (one.is === "read")
      server.read(ids.staff, staff[one.by]?.account ?? "", Math.max(1, home.posts.length - one.back));
    else server.member(ids.staff, others[one.who] ?? people.helper, one.is === "join" ? "member" : "left");
  }
  return { server, heard, start, startList, end: server.snapshot(ids.staff), endList: list(server) };
}

function list(server: ReturnType<typeof itose>) {
  const cards = [...server.rooms.keys()].map((room) => server.snapshot(room).room);
  return { patients: [...server.patients.values()], rooms: cards };
}

const told = (known: history.History) => ({
  posts: known.posts,
  members: new Map(known.members.map((member) => [member.card.account, member])),
  receipts: new Map(known.receipts.map((receipt) => [receipt.account, receipt.position])),
  change: known.change,
});

describe("a history", () => {
  it("opened at n and told everything up to m is the history opened at m", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { heard, start, end } = play(acts);
        const now = heard.reduce(history.apply, history.opened(start));
        expect(told(now)).toEqual(told(history.opened(end)));
        expect(history.isBehind(now)).toBe(false);
      }),
    );
  });

  it("that missed events, heard some twice and asked what changed since, is the same", () => {
    const fate = fc.constantFrom("heard", "missed", "twice");
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 40 }),
        fc.infiniteStream(fate),
        fc.integer({ min: 1, max: 7 }),
        (acts, fates, limit) => {
          const { server, heard, start, end } = play(acts);
          let now = history.opened(start);
          for (const event of heard) {
            const what = fates.next().value;
            if (what !== "missed" || event.event === "receipts") now = history.apply(now, event);
            if (what === "twice") now = history.apply(now, event);
          }
          now = history.heardOf(now, end.room.change);
          const home = server.rooms.get(ids.staff);
          for (let asked = 0; history.isBehind(now) && home; asked++) {
            expect(asked).toBeLessThan(60);
            now = history.caughtUp(now, since(home, { room: ids.staff, change: now.change, limit }));
          }
          expect(told(now)).toEqual(told(history.opened(end)));
        },
      ),
    );
  });

  it("never shows a gap, whatever part of it is looked at", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.nat(3), fc.nat(3), (acts, cutFront, cutEnd) => {
        const { heard, start } = play(acts);
        const opened = history.opened(start);
        const posts = opened.posts.slice(cutFront, opened.posts.length - cutEnd);
        if (posts.length === 0) return;
        const part = { ...opened, posts, moreBefore: cutFront > 0, moreAfter: cutEnd > 0 };
        const now = heard.reduce(history.apply, part);
        const positions = now.posts.map((post) => post.position);
        expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
        if (cutEnd > 0) expect(now.posts).toEqual(posts);
      }),
    );
  });
});

describe("the list", () => {
  it("read at n and told everything up to m is the list read at m, or knows that it is stale", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { heard, startList, endList } = play(acts);
        const me = people.nurse.account;
        const now = heard.reduce(
          (before, event) => rooms.apply(before, event, me),
          rooms.listed(rooms.NO_ROOMS, startList),
        );
        const end = rooms.listed(rooms.NO_ROOMS, endList);
        const asked = now.isStale ? rooms.listed(now, endList) : now;
        expect(asked.cards.get(ids.staff)).toEqual(end.cards.get(ids.staff));
        if (!acts.some((one) => one.is === "join" || one.is === "leave")) expect(now.isStale).toBe(false);
      }),
    );
  });
});
