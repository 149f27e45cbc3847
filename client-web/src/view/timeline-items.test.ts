//! The rows of a timeline.
import { describe, expect, it } from "vitest";
import { itose, people, rooms } from "../../stories/region.ts";
import { opened } from "../model/history.ts";
import { rowsOf } from "./timeline-items.ts";

const me = people.nurse.account;

function staffRoom() {
  const server = itose(() => Date.parse("2026-11-21T13:00:00+09:00"));
  server.signedIn = me;
  return { server, known: opened(server.snapshot(rooms.staff)) };
}

describe("rows", () => {
  it("have a line for each day and one before the first unread post", () => {
    const { known } = staffRoom();
    const rows = rowsOf(known, [], known.readAtOpening, known.readAtOpening, me);
    expect(rows.map((row) => row.is)).toEqual(["day", "post", "day", "unread", "post", "post", "post"]);
    expect(rows[3]).toMatchObject({ count: 3 });
  });

  it("keep the unread line where it was while one reads, and mark what is still to be looked at", () => {
    const { known } = staffRoom();
    const rows = rowsOf(known, [], known.readAtOpening, 3, me);
    expect(rows.map((row) => row.is)).toContain("unread");
    expect(rows.filter((row) => row.is === "post" && row.isNew)).toHaveLength(1);
  });

  it("have no unread line for what arrives later", () => {
    const { server, known } = staffRoom();
    const read = { ...known, readAtOpening: 4 };
    server.post(rooms.staff, people.second.account, "あとから");
    const later = { ...read, posts: server.snapshot(rooms.staff).page.posts };
    expect(rowsOf(later, [], 4, 4, me).map((row) => row.is)).not.toContain("unread");
  });

  it("show what is on its way last, and once", () => {
    const { known } = staffRoom();
    const [first] = known.posts;
    if (!first) throw new Error("empty");
    const way = (post: string, state: "waiting" | "saved") => ({
      draft: { room: rooms.staff, post, text: "" },
      readers: [],
      acknowledged: [],
      writtenAt: 0,
      state: state === "saved" ? { is: state, position: 1, change: 1, storedAt: 0 } : { is: state },
    });
    const rows = rowsOf(
      known,
      [way(first.id, "saved"), way(known.posts[1]?.id ?? "", "waiting"), way("x", "waiting")],
      4,
      4,
      me,
    );
    expect(rows.filter((row) => row.is === "waiting")).toHaveLength(1);
    expect(rows.at(-1)).toMatchObject({ is: "waiting", place: 1 });
  });
});
