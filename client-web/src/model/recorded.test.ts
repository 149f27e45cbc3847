//! What a real server said, replayed: the models' promise does not rest on a server that we made up.
//!
//! The record is made by `tests/recording.rs`, which also fails when a server says something else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Event, OpenRoom, Page, RoomList, Since } from "../../../protocol/bindings/protocol.ts";
import { type CommandName, type Reply, readFrame, readReply } from "../wire/frame.ts";
import * as history from "./history.ts";
import * as rooms from "./rooms.ts";

type Screen = { open: OpenRoom; list: RoomList };

const file = join(import.meta.dirname, "../../../tests/data/recorded/free-group.json");
const record = JSON.parse(readFileSync(file, "utf8"));
const me: string = record.me;
const room: string = record.start.open.room.id;

/** As a client reads it: through the schemas of the wire. */
function reply<Name extends CommandName>(name: Name, said: unknown): Reply<Name> {
  const answer = readReply(name, said);
  if (answer.is !== "ok") throw new Error(`${name} cannot be read`);
  expect(answer.ok).toEqual(said);
  return answer.ok;
}

function screen(said: { open: unknown; list: unknown }): Screen {
  return { open: reply("rooms.open", said.open), list: reply("rooms.list", said.list) };
}

const start = screen(record.start);
const end = screen(record.end);
const heard: Event[] = record.heard.map((said: unknown) => {
  const frame = readFrame(JSON.stringify(said));
  if (frame.is !== "event") throw new Error("an event cannot be read");
  return frame.event;
});
const answers: Since[] = record.since.map((one: { answer: unknown }) => reply("rooms.since", one.answer));
const pages: { at: unknown; page: Page }[] = record.pages.map(
  (one: { ask: { at: unknown }; answer: unknown }) => ({
    at: one.ask.at,
    page: reply("rooms.page", one.answer),
  }),
);

const told = (known: history.History) => ({
  posts: known.posts,
  members: new Map(known.members.map((member) => [member.card.account, member])),
  // Who is not named has read nothing.
  receipts: new Map(
    known.receipts.filter((one) => one.position > 0).map((one) => [one.account, one.position]),
  ),
  change: known.change,
});

describe("the record", () => {
  it("holds every kind of news that moves a room", () => {
    const kinds = new Set(heard.map((event) => event.event));
    expect([...kinds].sort()).toEqual(["member_changed", "posted", "read", "receipts"]);
    expect(answers.length).toBeGreaterThan(1);
    expect(end.open.page.posts.length).toBeGreaterThan(start.open.page.posts.length);
  });
});

describe("a history", () => {
  it("opened at n and told everything up to m is the history opened at m", () => {
    const now = heard.reduce(history.apply, history.opened(start.open));
    expect(told(now)).toEqual(told(history.opened(end.open)));
    expect(history.isBehind(now)).toBe(false);
  });

  it.each(heard.map((event, index) => [event.event, index] as const))(
    "that missed %s at %i asks what changed since, and is the same",
    (kind, missed) => {
      if (kind === "receipts" || kind === "read") return;
      let now = history.opened(start.open);
      heard.forEach((event, index) => {
        if (index !== missed) now = history.apply(now, event);
      });
      now = history.heardOf(now, end.open.room.change);
      expect(history.isBehind(now)).toBe(true);
      for (const answer of answers) now = history.caughtUp(now, answer);
      expect(told(now)).toEqual(told(history.opened(end.open)));
      expect(history.isBehind(now)).toBe(false);
    },
  );

  it("that heard nothing but receipts catches up answer by answer", () => {
    let now = heard
      .filter((event) => event.event === "receipts")
      .reduce(history.apply, history.opened(start.open));
    now = history.heardOf(now, end.open.room.change);
    for (const answer of answers) {
      expect(history.isBehind(now)).toBe(true);
      now = history.caughtUp(now, answer);
    }
    expect(history.isBehind(now)).toBe(false);
    expect(told(now)).toEqual(told(history.opened(end.open)));
  });

  it("read page by page from the middle has no gap and both ends", () => {
    const [around, before, after, last] = pages;
    if (!around || !before || !after || !last) throw new Error("four pages");
    expect(pages.map(({ at }) => at)).toEqual([{ around: 4 }, { before: 3 }, { after: 4 }, "end"]);
    let now = history.elsewhere(history.opened(end.open), around.page);
    now = history.newer(history.older(now, before.page), after.page);
    const all = end.open.page.posts;
    expect(now.posts).toEqual(all.filter((post) => post.position <= 6));
    expect(now.moreBefore).toBe(false);
    expect(now.moreAfter).toBe(true);
    expect(history.newer(now, last.page).posts).toEqual(all);
  });
});

describe("the list", () => {
  it("read at n and told everything up to m is the list read at m, but for counts it knows to be stale", () => {
    const changed = heard.findIndex((event) => event.event === "member_changed");
    const known = rooms.listed(rooms.NO_ROOMS, start.list);
    const before = heard.slice(0, changed).reduce((now, event) => rooms.apply(now, event, me), known);
    expect(before.isStale).toBe(false);
    const now = heard.slice(changed).reduce((now, event) => rooms.apply(now, event, me), before);
    expect(now.isStale).toBe(true);
    const asked = rooms.listed(rooms.NO_ROOMS, end.list);
    expect({ ...now.cards.get(room), readers: end.open.room.readers }).toEqual(asked.cards.get(room));
    expect(rooms.listed(now, end.list)).toEqual(asked);
  });
});
