//! Reading against a server in memory: real link, real reducers.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openRoom, postIn, sitDown, soon, textsIn } from "../../stories/at-desk.ts";
import type { FakeServer } from "../../stories/fake-server.ts";
import { people, rooms } from "../../stories/region.ts";
import type { Desk } from "./desk.svelte.ts";
import { unread } from "./rooms.ts";

let server: FakeServer;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 });
  ({ desk, server } = await sitDown());
});
afterEach(() => vi.useRealTimers());

describe("a reader", () => {
  it("what others post is there, and counts as unread until it was looked at", async () => {
    await openRoom(desk, rooms.kawai);
    expect(unread(desk.list.rooms)).toBe(4);
    const { position } = server.post(rooms.kawai, people.second.account, "回路を替えました。");
    await soon();
    expect(textsIn(desk, rooms.kawai).at(-1)).toBe("回路を替えました。");
    expect(desk.list.card(rooms.kawai)?.unread).toBe(1);
    desk.reading.seen(rooms.kawai, position);
    await soon(1_000);
    expect(desk.list.card(rooms.kawai)?.unread).toBe(0);
    expect(server.rooms.get(rooms.kawai)?.marks.get(people.nurse.account)).toBe(position);
  });

  it("one's own post is read by oneself, and the server knows", async () => {
    await openRoom(desk, rooms.kawai);
    await postIn(desk, rooms.kawai, "見てきました。");
    await soon(1_000);
    expect(desk.list.card(rooms.kawai)?.unread).toBe(0);
    expect(server.rooms.get(rooms.kawai)?.marks.get(people.nurse.account)).toBe(2);
  });

  it("a link that no longer answers is given up and opened anew", async () => {
    server.fail("rooms.open", { is: "silent" });
    desk.reading.show(rooms.staff);
    await soon(11_000);
    expect(desk.link.is).toBe("live");
    await soon(3_000);
    expect(desk.link.is).toBe("live");
    expect(desk.open.history(rooms.staff)).toBeDefined();
  });

  it("told that it fell behind, it asks for everything it may have missed", async () => {
    await openRoom(desk, rooms.staff);
    const { tell } = server;
    server.tell = () => {};
    server.post(rooms.staff, people.second.account, "聞こえなかった。");
    server.tell = tell;
    server.tell({ event: "behind" });
    await soon();
    expect(textsIn(desk, rooms.staff).at(-1)).toBe("聞こえなかった。");
    expect(desk.list.card(rooms.staff)?.unread).toBe(4);
  });

  it("a room that is not there, or not for her, says the same", async () => {
    await openRoom(desk, "0193d1a0-0000-7000-8000-0000000000ff");
    expect(desk.open.opened.get("0193d1a0-0000-7000-8000-0000000000ff")).toMatchObject({
      is: "refused",
      refused: { code: "not_found" },
    });
  });

  it("older posts come in front, without a gap", async () => {
    ({ desk, server } = await sitDown(people.nurse, 160));
    await openRoom(desk, rooms.staff);
    await desk.reading.older(rooms.staff);
    await desk.reading.older(rooms.staff);
    const positions = desk.open.history(rooms.staff)?.posts.map((each) => each.position) ?? [];
    expect(positions.length).toBeGreaterThan(110);
    expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
  });

  it("an invitation is accepted", async () => {
    expect(desk.list.card(rooms.invited)?.membership).toBe("invited");
    await desk.list.accept(rooms.invited);
    await soon(1_000);
    expect(desk.list.card(rooms.invited)?.membership).toBe("member");
  });
});
