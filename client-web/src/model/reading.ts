//! Reading: which room is on screen, which part of it, and how far one has read.
import type { AccountId, Event, Post, RoomId } from "../../../protocol/bindings/protocol.ts";
import type { AskHttp } from "../wire/http.ts";
import type { CatchingUp } from "./catching-up.svelte.ts";
import * as history from "./history.ts";
import type { OpenRooms } from "./open-rooms.svelte.ts";
import { ReadMarks } from "./read-marks.ts";
import type { RoomList } from "./room-list.svelte.ts";

/** What reading needs from the desk. */
export type ReadingNeeds = {
  ask: AskHttp;
  list: RoomList;
  rooms: OpenRooms;
  catchingUp: CatchingUp;
  /** Who reads. */
  me: () => AccountId | undefined;
  /** A room may show more than before. */
  onRead: () => void;
};

const PAGE = 50;

/** A person reads. */
export class Reading {
  #needs: ReadingNeeds;
  #marks: ReadMarks;
  #paging = new Set<RoomId>();

  constructor(needs: ReadingNeeds) {
    this.#needs = needs;
    this.#marks = new ReadMarks((room, position) => void needs.ask("rooms.read", { room, position }));
  }

  /** Puts a room on screen, or none. */
  show(room: RoomId | undefined): void {
    const { rooms, list, catchingUp } = this.#needs;
    if (rooms.shown === room) return;
    rooms.shown = room;
    rooms.focus();
    if (room === undefined) return;
    const known = rooms.history(room);
    if (!known) {
      void rooms.open(room);
      return;
    }
    const card = list.card(room);
    // Its unread line is drawn anew.
    rooms.setLast(room, card ? history.lookedAtAgain(known, card.read_position, card.last_position) : known);
    if (history.isBehind(known)) void catchingUp.of(room);
    void rooms.readPeople(room);
  }

  /** Brings the next older posts. */
  async older(room: RoomId): Promise<void> {
    const known = this.#needs.rooms.history(room);
    const first = known?.posts[0];
    if (first && known.moreBefore) await this.#page(room, { before: first.position }, history.older);
  }

  /** Brings the next newer posts. */
  async newer(room: RoomId): Promise<void> {
    const known = this.#needs.rooms.history(room);
    const last = known?.posts.at(-1);
    if (last && known?.moreAfter) await this.#page(room, { after: last.position }, history.newer);
  }

  /** Looks at the newest posts. */
  async newest(room: RoomId): Promise<void> {
    if (this.#needs.rooms.history(room)?.moreAfter) await this.#page(room, "end", history.elsewhere);
  }

  /** Looks at the posts around one. */
  async around(room: RoomId, position: number): Promise<void> {
    await this.#page(room, { around: position }, history.elsewhere);
  }

  /** A post was long enough on screen. */
  seen(room: RoomId, position: number): void {
    const { rooms, list, me } = this.#needs;
    const card = list.card(room);
    if (!card || position <= card.read_position) return;
    list.seen(room, position);
    const known = rooms.history(room);
    const account = me();
    if (known && account !== undefined) {
      const receipts = [{ account, position }];
      rooms.set(room, history.apply(known, { event: "receipts", room, receipts }));
    }
    this.#marks.set(room, position);
  }

  /** Takes an event about one room. */
  hear(event: Exclude<Event, { event: "behind" | "noticed" }>): void {
    const { rooms, catchingUp, me, onRead } = this.#needs;
    const room = event.event === "posted" ? event.post.room : event.room;
    if (event.event === "posted" && event.post.author.account === me()) this.#own(event.post);
    if (event.event === "consent_changed") rooms.consentIs(room, event.consent);
    const known = rooms.history(room);
    if (!known) return;
    rooms.set(room, history.apply(known, event));
    onRead();
    void catchingUp.of(room);
  }

  /** Forgets what was not told (signed out). */
  clear(): void {
    this.#marks.clear();
  }

  /** One's own post, where nothing older was unread, is read: the list says so already, the server is told. */
  #own({ room, position }: Post): void {
    if (this.#needs.list.card(room)?.read_position === position) this.#marks.set(room, position);
  }

  async #page(
    room: RoomId,
    at: "end" | { before: number } | { after: number } | { around: number },
    take: typeof history.older,
  ): Promise<void> {
    const { rooms, ask } = this.#needs;
    if (this.#paging.has(room)) return;
    this.#paging.add(room);
    const answer = await ask("rooms.page", { room, at, limit: PAGE });
    this.#paging.delete(room);
    const known = rooms.history(room);
    if (answer.is === "ok" && known) rooms.set(room, take(known, answer.ok));
  }
}
