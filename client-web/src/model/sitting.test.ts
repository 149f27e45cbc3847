//! Signing in and out, and what a session that ends by itself leaves: against a server in memory.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deskOf, openRoom, postIn, soon, textsIn } from "../../stories/at-desk.ts";
import { refusal } from "../../stories/fake-answers.ts";
import type { FakeServer } from "../../stories/fake-server.ts";
import { people, rooms } from "../../stories/region.ts";
import type { Desk } from "./desk.svelte.ts";

let server: FakeServer;
let desk: Desk;
let reloads: number;

/** What somebody finds who looks through the memory of a desk at which nobody sits. */
const nothingReadable = () =>
  desk.list.rooms.cards.size +
    desk.open.opened.size +
    desk.writings.drafts.size +
    desk.writings.waiting.length ===
    0 &&
  desk.openings.group.title === "" &&
  desk.acquaintances.size === 0;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  reloads = 0;
  const reload = () => {
    reloads += 1;
  };
  ({ desk, server } = deskOf(people.nurse, 0, { reload }));
});
afterEach(() => vi.useRealTimers());

describe("whoever sits here", () => {
  it("one is asked to sign in, and let in", async () => {
    server.signedIn = undefined;
    await desk.sitting.begin();
    expect(desk.session).toEqual({ is: "out", why: "never" });
    expect((await desk.account.signIn("nurse@example.jp", "wrong")).is).toBe("refused");
    expect((await desk.account.signIn("nurse@example.jp", "tsumugi")).is).toBe("ok");
    await soon();
    expect(desk.link.is).toBe("live");
    expect(desk.list.rooms.cards.size).toBe(6);
  });

  it("signing out leaves nothing in memory", async () => {
    await desk.sitting.begin();
    await soon();
    await openRoom(desk, rooms.staff);
    desk.writings.write(rooms.kawai, { text: "書きかけ", replyTo: undefined });
    await desk.sitting.signOut();
    expect(desk.session).toEqual({ is: "out", why: "left" });
    expect(
      desk.list.rooms.cards.size +
        desk.open.opened.size +
        desk.writings.drafts.size +
        desk.writings.waiting.length,
    ).toBe(0);
    await soon(60_000);
    expect(desk.link.is).toBe("resting");
  });

  it("says so when the server could not be told of the sign-out", async () => {
    await desk.sitting.begin();
    await soon();
    server.isDown = true;
    await desk.sitting.signOut();
    expect(desk.session).toEqual({ is: "out", why: "left_unheard" });
  });

  it("a session that ended blanks the screen and keeps what was being written for the same person only", async () => {
    await desk.sitting.begin();
    await soon();
    await openRoom(desk, rooms.staff);
    desk.writings.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    server.signedIn = undefined;
    server.cut(4420);
    expect(desk.session).toEqual({ is: "out", why: "ended" });
    expect(desk.open.opened.size + desk.list.rooms.cards.size).toBe(0);
    await desk.account.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writings.of(rooms.staff).text).toBe("書きかけ");
    server.signedIn = undefined;
    server.cut(4420);
    await desk.account.signIn("second@example.jp", "tsumugi");
    await soon();
    expect(desk.writings.of(rooms.staff).text).toBe("");
  });

  // clause("002-1.2(1)d")
  it("half an hour without input ends the session here and on the server; drafts and held posts come back to their author", async () => {
    await desk.sitting.begin();
    await soon();
    await openRoom(desk, rooms.staff);
    desk.writings.write(rooms.kawai, { text: "書きかけ", replyTo: undefined });
    desk.openings.group = { title: "勉強会", aim: "", invite: [], requires: [] };
    server.isDown = true;
    server.cut();
    await postIn(desk, rooms.staff, "確かめたがまだ届いていない。");
    await soon(30 * 60_000 - 1_100);
    expect(desk.session.is).toBe("in");
    expect(desk.sitting.attendance.shows.is).toBe("warned");
    server.isDown = false;
    await soon(2_000);
    expect(desk.session).toEqual({ is: "out", why: "idle", minutes: 30 });
    expect(server.asked.filter((name) => name === "accounts.stay")).toEqual([]);
    expect(server.signedIn).toBeUndefined();
    expect(nothingReadable()).toBe(true);
    expect(desk.sitting.isHolding).toBe(true);
    await soon(60_000);
    expect(textsIn(desk, rooms.staff)).toEqual([]);

    await desk.account.signIn("nurse@example.jp", "tsumugi");
    await soon();
    await openRoom(desk, rooms.staff);
    await soon(5_000);
    expect(desk.writings.of(rooms.kawai).text).toBe("書きかけ");
    expect(desk.openings.group.title).toBe("勉強会");
    expect(textsIn(desk, rooms.staff).filter((text) => text === "確かめたがまだ届いていない。")).toHaveLength(
      1,
    );
    expect(desk.writings.waiting).toEqual([]);
    expect(desk.sitting.isHolding).toBe(false);
  });

  // clause("002-1.2(1)d")
  it("nothing of an ended session comes back for somebody else, nor after signing out", async () => {
    const write = () => desk.writings.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    const end = () => {
      server.signedIn = undefined;
      server.cut(4421);
    };
    await desk.sitting.begin();
    await soon();
    write();
    end();
    expect(desk.session).toEqual({ is: "out", why: "idle", minutes: 30 });
    await desk.account.signIn("second@example.jp", "tsumugi");
    await soon();
    expect(desk.writings.of(rooms.staff).text).toBe("");
    await desk.sitting.signOut();
    await desk.account.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writings.of(rooms.staff).text).toBe("");
    write();
    await desk.sitting.signOut();
    await desk.account.signIn("nurse@example.jp", "tsumugi");
    expect(desk.writings.of(rooms.staff).text).toBe("");
  });

  it("who signs out before the last step is done takes back what was kept", async () => {
    const person = server.people.find((each) => each.me.account === people.nurse.account);
    if (!person) throw new Error("no nurse");
    await desk.sitting.begin();
    await soon();
    desk.writings.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    server.signedIn = undefined;
    server.cut(4421);
    person.me = { ...person.me, next: ["second_factor"] };
    await desk.account.signIn("nurse@example.jp", "tsumugi");
    expect([desk.session.is, desk.sitting.isHolding]).toEqual(["arriving", true]);
    await desk.sitting.signOut();
    person.me = { ...person.me, next: [] };
    await desk.account.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writings.of(rooms.staff).text).toBe("");
  });

  it("input is told to the server, and a refusal by any door is the end", async () => {
    await desk.sitting.begin();
    await soon();
    await soon(61_000);
    desk.sitting.attendance.input();
    await soon();
    expect(server.asked.filter((name) => name === "accounts.stay")).toHaveLength(1);
    server.isDown = true;
    server.cut();
    await soon(61_000);
    server.isDown = false;
    server.fail("accounts.stay", { is: "refused", refused: refusal("session_idle") });
    desk.sitting.attendance.input();
    await soon();
    expect(desk.session).toMatchObject({ is: "out", why: "idle" });
  });

  it("a session that lacks a step opens no link until the step is done", async () => {
    const person = server.people.find((each) => each.me.account === people.nurse.account);
    if (!person) throw new Error("no nurse");
    person.me = { ...person.me, next: ["new_password"] };
    await desk.sitting.begin();
    await soon(1_000);
    expect(desk.session).toMatchObject({ is: "arriving", me: { next: ["new_password"] } });
    expect([desk.link.is, desk.me, desk.list.rooms.cards.size]).toEqual(["resting", undefined, 0]);
    expect(server.asked).toEqual(["accounts.me"]);
    person.me = { ...person.me, next: [] };
    await desk.sitting.goOn(person.me);
    await soon();
    expect(desk.link.is).toBe("live");
  });

  it("an old app reloads instead of coming back", async () => {
    await desk.sitting.begin();
    await soon();
    server.cut(4402);
    expect(reloads).toBe(1);
    await soon(60_000);
    expect(desk.link.is).toBe("away");
  });
});
