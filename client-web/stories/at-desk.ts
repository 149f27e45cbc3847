//! Sits somebody down at a desk before the fake server: for tests of models.
import { vi } from "vitest";
import { Desk, type DeskNeeds } from "../src/model/desk.svelte.ts";
import type { FakeServer } from "./fake-server.ts";
import { itose, people } from "./region.ts";

/** A desk and the server it speaks to. */
export type AtDesk = { desk: Desk; server: FakeServer };

/** Somebody's desk; she has not begun. `history`: so many posts stand in the first room. */
export function deskOf(as = people.nurse, history = 0, needs: Partial<DeskNeeds> = {}): AtDesk {
  const server = itose(Date.now, history);
  server.signedIn = as.account;
  let ids = 0;
  const desk = new Desk({
    http: server.http,
    socket: server.socket,
    client: "web/test",
    lang: () => "ja",
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    reload: () => {},
    random: () => 0.5,
    ...needs,
  });
  return { desk, server };
}

/** Somebody's desk, with a live link. */
export async function sitDown(
  as = people.nurse,
  history = 0,
  needs: Partial<DeskNeeds> = {},
): Promise<AtDesk> {
  const atDesk = deskOf(as, history, needs);
  await atDesk.desk.sitting.begin();
  await soon();
  return atDesk;
}

/** What is under way comes to its end; the clock is the test's. */
export const soon = (ms = 50) => vi.advanceTimersByTimeAsync(ms);

/** The texts a room shows. */
export const textsIn = (desk: Desk, room: string): string[] =>
  desk.open.history(room)?.posts.map(({ content }) => (content.kind === "text" ? content.text : "?")) ?? [];

/** Puts a room on screen. */
export async function openRoom(desk: Desk, room: string): Promise<void> {
  desk.reading.show(room);
  await soon();
}

/** Writes, confirms and sends. */
export async function postIn(desk: Desk, room: string, text: string) {
  desk.writings.write(room, { text, replyTo: undefined });
  const sheet = await desk.writings.preview(room);
  if (sheet.is !== "ok") throw new Error("no sheet");
  desk.writings.post(sheet.ok, []);
  return sheet.ok;
}
