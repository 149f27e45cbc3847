//! Writing against a server in memory: real link, real outbox.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openRoom, postIn, sitDown, soon, textsIn } from "../../stories/at-desk.ts";
import { refusal } from "../../stories/fake-answers.ts";
import type { FakeServer } from "../../stories/fake-server.ts";
import { people, rooms } from "../../stories/region.ts";
import type { Desk } from "./desk.svelte.ts";

let server: FakeServer;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  ({ desk, server } = await sitDown());
});
afterEach(() => vi.useRealTimers());

describe("a writer", () => {
  it("a post is confirmed, sent, and stands in the room once, saved", async () => {
    await openRoom(desk, rooms.staff);
    const sheet = await postIn(desk, rooms.staff, "16時に行きます。");
    expect(sheet.count).toEqual({ staff: 6, family: 0, patient: 0 });
    expect(desk.writings.waiting.map((one) => one.state.is)).toEqual(["sending"]);
    await soon();
    expect(desk.writings.waiting).toEqual([]);
    expect(textsIn(desk, rooms.staff).filter((text) => text === "16時に行きます。")).toHaveLength(1);
    expect(desk.writings.of(rooms.staff).text).toBe("");
  });

  it("after a fall it comes back by itself, with what was missed and with what was waiting, once each", async () => {
    await openRoom(desk, rooms.staff);
    server.isDown = true;
    server.cut();
    await postIn(desk, rooms.staff, "つながらない間に書いた。");
    await postIn(desk, rooms.staff, "その次。");
    server.post(rooms.staff, people.second.account, "その間に書かれた。");
    await soon(20_000);
    expect(desk.writings.waiting.map((one) => one.state.is)).toEqual(["waiting", "waiting"]);
    expect(textsIn(desk, rooms.staff)).not.toContain("その間に書かれた。");
    server.isDown = false;
    await soon(20_000);
    expect(desk.link.is).toBe("live");
    expect(textsIn(desk, rooms.staff).slice(-3)).toEqual([
      "その間に書かれた。",
      "つながらない間に書いた。",
      "その次。",
    ]);
    expect(desk.writings.waiting).toEqual([]);
    expect(desk.catchingUp.progress).toBeUndefined();
  });

  it("a post whose answer was lost is unknown, then saved, and stands there once", async () => {
    await openRoom(desk, rooms.staff);
    server.fail("posts.send", { is: "done_but_silent" });
    await postIn(desk, rooms.staff, "一度だけ。");
    await soon(5_000);
    server.cut();
    await soon(0);
    expect(desk.writings.waiting.map((one) => one.state.is)).toEqual(["unknown"]);
    await soon(20_000);
    expect(desk.writings.waiting).toEqual([]);
    expect(server.sends.filter((text) => text === "一度だけ。")).toHaveLength(2);
    expect(textsIn(desk, rooms.staff).filter((text) => text === "一度だけ。")).toHaveLength(1);
  });

  it("readers that changed while away stop the post until they are confirmed", async () => {
    await openRoom(desk, rooms.staff);
    server.isDown = true;
    server.cut();
    await postIn(desk, rooms.staff, "16時ごろ交換に来ます。");
    server.member(rooms.staff, { ...people.daughter, account: "new", kind: "staff", occupation: "nurse" });
    server.isDown = false;
    await soon(20_000);
    const [held] = desk.writings.waiting;
    expect(held?.state.is).toBe("reconfirm");
    expect(textsIn(desk, rooms.staff)).not.toContain("16時ごろ交換に来ます。");
    if (!held) throw new Error("nothing held");
    const again = await desk.writings.previewAgain(held);
    if (again.is !== "ok") throw new Error("no sheet");
    expect(again.ok.count.staff).toBe(7);
    desk.writings.post(again.ok, []);
    await soon();
    expect(textsIn(desk, rooms.staff).at(-1)).toBe("16時ごろ交換に来ます。");
  });

  it("a draft that is refused stays in the composer", async () => {
    await openRoom(desk, rooms.staff);
    server.fail("posts.preview", { is: "refused", refused: refusal("post_too_long") });
    desk.writings.write(rooms.staff, { text: "長い", replyTo: undefined });
    expect((await desk.writings.preview(rooms.staff)).is).toBe("refused");
    expect(desk.writings.of(rooms.staff).text).toBe("長い");
  });
});
