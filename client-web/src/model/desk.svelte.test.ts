//! The desk against a server in memory: real link, real outbox, real reducers.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeServer, refusal } from "../../stories/fake-server.ts";
import { itose, people, rooms } from "../../stories/region.ts";
import { Desk } from "./desk.svelte.ts";
import { unread } from "./rooms.ts";

let server: FakeServer;
let desk: Desk;
let reloads: number;
let ids: number;

function sitDown(history = 0) {
  server = itose(Date.now, history);
  server.signedIn = people.nurse.account;
  reloads = 0;
  ids = 0;
  desk = new Desk({
    http: server.http,
    socket: server.socket,
    client: "web/test",
    lang: () => "ja",
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    reload: () => {
      reloads += 1;
    },
    random: () => 0.5,
  });
}

const soon = (ms = 50) => vi.advanceTimersByTimeAsync(ms);
const texts = (room: string) =>
  desk.history(room)?.posts.map((post) => (post.content.kind === "text" ? post.content.text : "?")) ?? [];

async function open(room: string) {
  desk.show(room);
  await soon();
}

async function post(room: string, text: string) {
  desk.write(room, { text, replyTo: undefined });
  const sheet = await desk.preview(room);
  if (sheet.is !== "ok") throw new Error("no sheet");
  desk.post(sheet.ok, []);
  return sheet.ok;
}

/** What somebody finds who looks through the memory of a desk at which nobody sits. */
const nothingReadable = () =>
  desk.rooms.cards.size + desk.opened.size + desk.writings.size + desk.waiting.length === 0 &&
  desk.openings.group.title === "" &&
  desk.acquaintances.size === 0;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  sitDown();
});
afterEach(() => vi.useRealTimers());

describe("at the desk", () => {
  it("one is asked to sign in, and let in", async () => {
    server.signedIn = undefined;
    await desk.begin();
    expect(desk.session).toEqual({ is: "out", why: "never" });
    expect((await desk.signIn("nurse@example.jp", "wrong")).is).toBe("refused");
    expect((await desk.signIn("nurse@example.jp", "tsumugi")).is).toBe("ok");
    await soon();
    expect(desk.link.is).toBe("live");
    expect(desk.rooms.cards.size).toBe(6);
  });

  it("a post is confirmed, sent, and stands in the room once, saved", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    const sheet = await post(rooms.staff, "16時に行きます。");
    expect(sheet.count).toEqual({ staff: 6, family: 0, patient: 0 });
    expect(desk.waiting.map((one) => one.state.is)).toEqual(["sending"]);
    await soon();
    expect(desk.waiting).toEqual([]);
    expect(texts(rooms.staff).filter((text) => text === "16時に行きます。")).toHaveLength(1);
    expect(desk.writing(rooms.staff).text).toBe("");
  });

  it("what others post is there, and counts as unread until it was looked at", async () => {
    await desk.begin();
    await soon();
    await open(rooms.kawai);
    expect(unread(desk.rooms)).toBe(4);
    const { position } = server.post(rooms.kawai, people.second.account, "回路を替えました。");
    await soon();
    expect(texts(rooms.kawai).at(-1)).toBe("回路を替えました。");
    expect(desk.card(rooms.kawai)?.unread).toBe(1);
    desk.seen(rooms.kawai, position);
    await soon(1_000);
    expect(desk.card(rooms.kawai)?.unread).toBe(0);
    expect(server.rooms.get(rooms.kawai)?.marks.get(people.nurse.account)).toBe(position);
  });

  it("one's own post is read by oneself, and the server knows", async () => {
    await desk.begin();
    await soon();
    await open(rooms.kawai);
    await post(rooms.kawai, "見てきました。");
    await soon(1_000);
    expect(desk.card(rooms.kawai)?.unread).toBe(0);
    expect(server.rooms.get(rooms.kawai)?.marks.get(people.nurse.account)).toBe(2);
  });

  it("after a fall it comes back by itself, with what was missed and with what was waiting, once each", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    server.isDown = true;
    server.cut();
    await post(rooms.staff, "つながらない間に書いた。");
    await post(rooms.staff, "その次。");
    server.post(rooms.staff, people.second.account, "その間に書かれた。");
    await soon(20_000);
    expect(desk.waiting.map((one) => one.state.is)).toEqual(["waiting", "waiting"]);
    expect(texts(rooms.staff)).not.toContain("その間に書かれた。");
    server.isDown = false;
    await soon(20_000);
    expect(desk.link.is).toBe("live");
    expect(texts(rooms.staff).slice(-3)).toEqual([
      "その間に書かれた。",
      "つながらない間に書いた。",
      "その次。",
    ]);
    expect(desk.waiting).toEqual([]);
    expect(desk.catching).toBeUndefined();
  });

  it("a post whose answer was lost is unknown, then saved, and stands there once", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    server.fail("posts.send", { is: "done_but_silent" });
    await post(rooms.staff, "一度だけ。");
    await soon(5_000);
    server.cut();
    await soon(0);
    expect(desk.waiting.map((one) => one.state.is)).toEqual(["unknown"]);
    await soon(20_000);
    expect(desk.waiting).toEqual([]);
    expect(server.sends.filter((text) => text === "一度だけ。")).toHaveLength(2);
    expect(texts(rooms.staff).filter((text) => text === "一度だけ。")).toHaveLength(1);
  });

  it("a link that no longer answers is given up and opened anew", async () => {
    await desk.begin();
    await soon();
    server.fail("rooms.open", { is: "silent" });
    desk.show(rooms.staff);
    await soon(11_000);
    expect(desk.link.is).toBe("live");
    await soon(3_000);
    expect(desk.link.is).toBe("live");
    expect(desk.history(rooms.staff)).toBeDefined();
  });

  it("readers that changed while away stop the post until they are confirmed", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    server.isDown = true;
    server.cut();
    await post(rooms.staff, "16時ごろ交換に来ます。");
    server.member(rooms.staff, { ...people.daughter, account: "new", kind: "staff", occupation: "nurse" });
    server.isDown = false;
    await soon(20_000);
    const [held] = desk.waiting;
    expect(held?.state.is).toBe("reconfirm");
    expect(texts(rooms.staff)).not.toContain("16時ごろ交換に来ます。");
    if (!held) throw new Error("nothing held");
    const again = await desk.previewAgain(held);
    if (again.is !== "ok") throw new Error("no sheet");
    expect(again.ok.count.staff).toBe(7);
    desk.post(again.ok, []);
    await soon();
    expect(texts(rooms.staff).at(-1)).toBe("16時ごろ交換に来ます。");
  });

  it("told that it fell behind, it asks for everything it may have missed", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    const { tell } = server;
    server.tell = () => {};
    server.post(rooms.staff, people.second.account, "聞こえなかった。");
    server.tell = tell;
    server.tell({ event: "behind" });
    await soon();
    expect(texts(rooms.staff).at(-1)).toBe("聞こえなかった。");
    expect(desk.card(rooms.staff)?.unread).toBe(4);
  });

  it("a room that is not there, or not for her, says the same", async () => {
    await desk.begin();
    await soon();
    await open("0193d1a0-0000-7000-8000-0000000000ff");
    expect(desk.opened.get("0193d1a0-0000-7000-8000-0000000000ff")).toMatchObject({
      is: "refused",
      refused: { code: "not_found" },
    });
  });

  it("a draft that is refused stays in the composer", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    server.fail("posts.preview", { is: "refused", refused: refusal("post_too_long") });
    desk.write(rooms.staff, { text: "長い", replyTo: undefined });
    expect((await desk.preview(rooms.staff)).is).toBe("refused");
    expect(desk.writing(rooms.staff).text).toBe("長い");
  });

  it("older posts come in front, without a gap", async () => {
    sitDown(160);
    await desk.begin();
    await soon();
    await open(rooms.staff);
    await desk.older(rooms.staff);
    await desk.older(rooms.staff);
    const positions = desk.history(rooms.staff)?.posts.map((each) => each.position) ?? [];
    expect(positions.length).toBeGreaterThan(110);
    expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
  });

  it("signing out leaves nothing in memory", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    desk.write(rooms.kawai, { text: "書きかけ", replyTo: undefined });
    await desk.signOut();
    expect(desk.session).toEqual({ is: "out", why: "left" });
    expect(desk.rooms.cards.size + desk.opened.size + desk.writings.size + desk.waiting.length).toBe(0);
    await soon(60_000);
    expect(desk.link.is).toBe("resting");
  });

  it("says so when the server could not be told of the sign-out", async () => {
    await desk.begin();
    await soon();
    server.isDown = true;
    await desk.signOut();
    expect(desk.session).toEqual({ is: "out", why: "left_unheard" });
  });

  it("a session that ended blanks the screen and keeps what was being written for the same person only", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    desk.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    server.signedIn = undefined;
    server.cut(4420);
    expect(desk.session).toEqual({ is: "out", why: "ended" });
    expect(desk.opened.size + desk.rooms.cards.size).toBe(0);
    await desk.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writing(rooms.staff).text).toBe("書きかけ");
    server.signedIn = undefined;
    server.cut(4420);
    await desk.signIn("second@example.jp", "tsumugi");
    await soon();
    expect(desk.writing(rooms.staff).text).toBe("");
  });

  // clause("002-1.2(1)d")
  it("half an hour without input ends the session here and on the server; drafts and held posts come back to their author", async () => {
    await desk.begin();
    await soon();
    await open(rooms.staff);
    desk.write(rooms.kawai, { text: "書きかけ", replyTo: undefined });
    desk.openings.group = { title: "勉強会", aim: "", invite: [] };
    server.isDown = true;
    server.cut();
    await post(rooms.staff, "確かめたがまだ届いていない。");
    await soon(30 * 60_000 - 1_100);
    expect(desk.session.is).toBe("in");
    expect(desk.attendance.shows.is).toBe("warned");
    server.isDown = false;
    await soon(2_000);
    expect(desk.session).toEqual({ is: "out", why: "idle", minutes: 30 });
    expect(server.asked.filter((name) => name === "accounts.stay")).toEqual([]);
    expect(server.signedIn).toBeUndefined();
    expect(nothingReadable()).toBe(true);
    expect(desk.isHolding).toBe(true);
    await soon(60_000);
    expect(texts(rooms.staff)).toEqual([]);

    await desk.signIn("nurse@example.jp", "tsumugi");
    await soon();
    await open(rooms.staff);
    await soon(5_000);
    expect(desk.writing(rooms.kawai).text).toBe("書きかけ");
    expect(desk.openings.group.title).toBe("勉強会");
    expect(texts(rooms.staff).filter((text) => text === "確かめたがまだ届いていない。")).toHaveLength(1);
    expect(desk.waiting).toEqual([]);
    expect(desk.isHolding).toBe(false);
  });

  // clause("002-1.2(1)d")
  it("nothing of an ended session comes back for somebody else, nor after signing out", async () => {
    const write = () => desk.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    const end = () => {
      server.signedIn = undefined;
      server.cut(4421);
    };
    await desk.begin();
    await soon();
    write();
    end();
    expect(desk.session).toEqual({ is: "out", why: "idle", minutes: 30 });
    await desk.signIn("second@example.jp", "tsumugi");
    await soon();
    expect(desk.writing(rooms.staff).text).toBe("");
    await desk.signOut();
    await desk.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writing(rooms.staff).text).toBe("");
    write();
    await desk.signOut();
    await desk.signIn("nurse@example.jp", "tsumugi");
    expect(desk.writing(rooms.staff).text).toBe("");
  });

  it("who signs out before the last step is done takes back what was kept", async () => {
    const person = server.people.find((each) => each.me.account === people.nurse.account);
    if (!person) throw new Error("no nurse");
    await desk.begin();
    await soon();
    desk.write(rooms.staff, { text: "書きかけ", replyTo: undefined });
    server.signedIn = undefined;
    server.cut(4421);
    person.me = { ...person.me, next: ["second_factor"] };
    await desk.signIn("nurse@example.jp", "tsumugi");
    expect([desk.session.is, desk.isHolding]).toEqual(["arriving", true]);
    await desk.signOut();
    person.me = { ...person.me, next: [] };
    await desk.signIn("nurse@example.jp", "tsumugi");
    await soon();
    expect(desk.writing(rooms.staff).text).toBe("");
  });

  it("input is told to the server, and a refusal by any door is the end", async () => {
    await desk.begin();
    await soon();
    await soon(61_000);
    desk.attendance.input();
    await soon();
    expect(server.asked.filter((name) => name === "accounts.stay")).toHaveLength(1);
    server.isDown = true;
    server.cut();
    await soon(61_000);
    server.isDown = false;
    server.fail("accounts.stay", { is: "refused", refused: refusal("session_idle") });
    desk.attendance.input();
    await soon();
    expect(desk.session).toMatchObject({ is: "out", why: "idle" });
  });

  it("a session that lacks a step opens no link until the step is done", async () => {
    const person = server.people.find((each) => each.me.account === people.nurse.account);
    if (!person) throw new Error("no nurse");
    person.me = { ...person.me, next: ["new_password"] };
    await desk.begin();
    await soon(1_000);
    expect(desk.session).toMatchObject({ is: "arriving", me: { next: ["new_password"] } });
    expect([desk.link.is, desk.me, desk.rooms.cards.size]).toEqual(["resting", undefined, 0]);
    expect(server.asked).toEqual(["accounts.me"]);
    person.me = { ...person.me, next: [] };
    await desk.goOn(person.me);
    await soon();
    expect(desk.link.is).toBe("live");
  });

  it("an old app reloads instead of coming back", async () => {
    await desk.begin();
    await soon();
    server.cut(4402);
    expect(reloads).toBe(1);
    await soon(60_000);
    expect(desk.link.is).toBe("away");
  });

  it("an invitation is accepted", async () => {
    await desk.begin();
    await soon();
    expect(desk.card(rooms.invited)?.membership).toBe("invited");
    await desk.accept(rooms.invited);
    await soon(1_000);
    expect(desk.card(rooms.invited)?.membership).toBe("member");
  });
});
