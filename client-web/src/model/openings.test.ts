//! Rooms that a person opens herself, against a server in memory.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sitDown, soon } from "../../stories/at-desk.ts";
import { refusal } from "../../stories/fake-answers.ts";
import type { FakeServer } from "../../stories/fake-server.ts";
import { people, rooms } from "../../stories/region.ts";
import type { Desk } from "./desk.svelte.ts";

let server: FakeServer;
let desk: Desk;

const { nurse, second, pharmacist, physician, manager, helper } = people;
const asked = (name: string) => server.asked.filter((one) => one === name).length;
const studyGroup = {
  title: "口腔ケアの勉強会",
  aim: "月に一度、工夫を持ちよる",
  invite: [manager.account],
  requires: [],
};
const made = () => [...server.rooms.values()].filter((home) => home.card.title === studyGroup.title);

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  ({ desk, server } = await sitDown());
});
afterEach(() => vi.useRealTimers());

describe("a free group", () => {
  it("is opened with those who are asked to join, and stands in the list at once", async () => {
    desk.openings.group = studyGroup;
    const opening = desk.openings.openGroup();
    expect(desk.openings.progress("group")).toBe("asking");
    await soon();
    const answer = await opening;
    if (answer.is !== "ok") throw new Error(answer.is);
    expect(desk.list.card(answer.ok.room)).toMatchObject({ kind: "free_group", title: studyGroup.title });
    expect(server.rooms.get(answer.ok.room)?.members.map((one) => one.state)).toEqual(["member", "invited"]);
    expect(desk.openings.progress("group")).toBeUndefined();
    expect(desk.openings.group.title).toBe("");
  });

  it("whose answer was lost is asked for again once connected, and is made once", async () => {
    server.fail("rooms.create_free", { is: "done_but_silent" });
    desk.openings.group = studyGroup;
    const opening = desk.openings.openGroup();
    await soon(5_000);
    server.cut();
    await soon(0);
    expect(desk.openings.progress("group")).toBe("unknown");
    await soon(20_000);
    expect((await opening).is).toBe("ok");
    expect(asked("rooms.create_free")).toBe(2);
    expect(made()).toHaveLength(1);
  });

  it("that was never heard of waits for the link", async () => {
    server.isDown = true;
    server.cut();
    desk.openings.group = studyGroup;
    const opening = desk.openings.openGroup();
    await soon();
    expect(desk.openings.progress("group")).toBe("unknown");
    server.isDown = false;
    await soon(20_000);
    expect((await opening).is).toBe("ok");
    expect(made()).toHaveLength(1);
  });

  it.each(["group_admin_only", "bad_field", "not_found"])(
    "refused with %s stays as it was written",
    async (code) => {
      server.fail("rooms.create_free", { is: "refused", refused: refusal(code) });
      desk.openings.group = studyGroup;
      const opening = desk.openings.openGroup();
      await soon();
      expect(await opening).toMatchObject({ is: "refused", refused: { code } });
      expect(desk.openings.group).toBe(studyGroup);
      const again = desk.openings.openGroup();
      await soon();
      expect((await again).is).toBe("ok");
      expect(made()).toHaveLength(1);
    },
  );

  it("whose id stands for an earlier ask takes another one the next time", async () => {
    server.fail("rooms.create_free", { is: "refused", refused: refusal("fault") });
    desk.openings.group = studyGroup;
    void desk.openings.openGroup();
    await soon();
    server.fail("rooms.create_free", { is: "refused", refused: refusal("id_taken") });
    void desk.openings.openGroup();
    await soon();
    const third = desk.openings.openGroup();
    await soon();
    expect(await third).toMatchObject({ is: "ok", ok: { room: "00000000-0000-4000-8000-000000000002" } });
  });

  it("is for nobody else's eyes: signing out forgets it, and what was under way changes nothing", async () => {
    server.fail("rooms.create_free", { is: "silent" });
    desk.openings.group = studyGroup;
    const opening = desk.openings.openGroup();
    await desk.sitting.signOut();
    expect(await opening).toEqual({ is: "lost" });
    expect(desk.openings.group.title).toBe("");
    expect(desk.openings.progress("group")).toBeUndefined();
    await desk.account.signIn("second@example.jp", "tsumugi");
    await soon(20_000);
    expect(made()).toHaveLength(0);
  });
});

describe("a connection", () => {
  it("is asked for once, and waits for the other person", async () => {
    const asking = desk.openings.connect(physician.account);
    await soon();
    const answer = await asking;
    if (answer.is !== "ok") throw new Error(answer.is);
    expect(desk.list.card(answer.ok.room)).toMatchObject({ kind: "connection", state: "proposed" });
    expect(desk.acquaintances.get(physician.account)?.connection).toBeUndefined();
    await desk.meet();
    await soon();
    expect(desk.acquaintances.get(physician.account)?.connection?.id).toBe(answer.ok.room);
  });

  it("that stands already is the answer", async () => {
    const asking = desk.openings.connect(pharmacist.account);
    await soon();
    expect(await asking).toMatchObject({ is: "ok", ok: { room: rooms.pair, state: "active" } });
  });

  it("with somebody one shares no room with is refused", async () => {
    const asking = desk.openings.connect("0193d1a0-0000-7000-8000-0000000000ff");
    await soon();
    expect(await asking).toMatchObject({ is: "refused", refused: { code: "not_found" } });
  });
});

describe("people one shares a room with", () => {
  const known = () => [...desk.acquaintances.values()].map(({ card }) => card.name).sort();

  it("are gathered from all rooms, each once, without oneself and those who have not joined", async () => {
    server.member(rooms.kawai, { ...helper, account: "invited", name: "招かれた人" }, "invited");
    server.member(rooms.kawai, { ...helper, account: "gone", name: "去った人" }, "left");
    await desk.meet();
    await soon();
    const all = Object.values(people).filter((card) => card !== nurse);
    expect(known()).toEqual(all.map((card) => card.name).sort());
    expect(desk.acquaintances.get(second.account)?.rooms.map((card) => card.id)).toEqual([
      rooms.staff,
      rooms.family,
      rooms.kawai,
      rooms.free,
    ]);
  });

  it("are asked for once, and again for a room whose members changed", async () => {
    void desk.meet();
    await soon();
    const once = asked("members.list");
    expect(once).toBe(4);
    void desk.meet();
    await soon();
    expect(asked("members.list")).toBe(once);
    server.member(rooms.kawai, { ...helper, account: "new", name: "新しい人" });
    await soon(1_000);
    void desk.meet();
    await soon();
    expect(asked("members.list")).toBe(once + 1);
    expect(known()).toContain("新しい人");
  });

  it("of a room on the desk need not be asked for", async () => {
    desk.reading.show(rooms.staff);
    await soon();
    void desk.meet();
    await soon();
    expect(asked("members.list")).toBe(3);
  });

  it("stay on screen while not connected, and are asked for again afterwards", async () => {
    void desk.meet();
    await soon();
    const before = known();
    server.isDown = true;
    server.cut();
    await soon();
    void desk.meet();
    expect(known()).toEqual(before);
    expect(asked("members.list")).toBe(4);
    server.isDown = false;
    await soon(20_000);
    void desk.meet();
    await soon();
    expect(asked("members.list")).toBe(8);
  });

  it("of a room whose answer is lost are missing, and that is known", async () => {
    server.fail("members.list", { is: "silent" });
    void desk.meet();
    await soon(13_000);
    expect(desk.members).toMatchObject({ asking: 0 });
    expect(desk.members.missing).toBeGreaterThan(0);
  });

  it("are forgotten when signed out", async () => {
    void desk.meet();
    await soon();
    await desk.sitting.signOut();
    expect(known()).toEqual([]);
  });
});
