//! Brings open rooms up to date with what passed them by. An event is a hint; what the server answers is the truth.
import type { RoomId, Stale } from "../../../protocol/bindings/protocol.ts";
import type { AskHttp } from "../wire/http.ts";
import * as history from "./history.ts";
import { isOnlyClosed, type OpenRooms } from "./open-rooms.svelte.ts";
import type { RoomList } from "./room-list.svelte.ts";

/** What catching up needs from the desk. */
export type CatchingUpNeeds = {
  ask: AskHttp;
  list: RoomList;
  rooms: OpenRooms;
  /** A room may show more than before. */
  onRead: () => void;
};

/** Changes that are asked for at once. */
const AT_ONCE = 200;

/** Catching up. */
export class CatchingUp {
  /** After a reconnect: how much of what was missed is here. */
  progress = $state.raw<{ missed: number; read: number } | undefined>(undefined);
  #needs: CatchingUpNeeds;
  #underWay = new Set<RoomId>();

  constructor(needs: CatchingUpNeeds) {
    this.#needs = needs;
  }

  /** The server greeted us and said what changed meanwhile; nothing is asked for yet. */
  missed(stale: readonly Stale[], gone: readonly RoomId[]): void {
    const { rooms } = this.#needs;
    for (const room of gone) rooms.gone(room);
    let missed = 0;
    for (const { room, change, last_position } of stale) {
      const known = rooms.history(room);
      if (!known) continue;
      missed += known.moreAfter ? 0 : Math.max(0, last_position - (known.posts.at(-1)?.position ?? 0));
      rooms.set(room, history.heardOf(known, change));
    }
    if (missed > 0) this.progress = { missed, read: 0 };
  }

  /** Asks for everything that may have passed us by: the list, open rooms, receipts of the room on screen. */
  async all(): Promise<void> {
    const { rooms, list } = this.#needs;
    rooms.focus();
    const behind = [...rooms.opened].filter(([, one]) => one.is === "open" && history.isBehind(one.history));
    await Promise.all([list.refresh(), ...behind.map(([room]) => this.of(room)), rooms.refreshShown()]);
    this.progress = undefined;
  }

  /** A change of a room is known that it may not show yet. */
  upTo(room: RoomId, change: number): void {
    const { rooms } = this.#needs;
    const known = rooms.history(room);
    if (known && known.heard < change) rooms.set(room, history.heardOf(known, change));
    void this.of(room);
  }

  /** Asks for what a room is known to lack. */
  async of(room: RoomId): Promise<void> {
    if (this.#underWay.has(room)) return;
    this.#underWay.add(room);
    try {
      while (await this.#step(room));
    } finally {
      this.#underWay.delete(room);
      this.#needs.onRead();
    }
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.progress = undefined;
  }

  /** One question; answers whether there is another. */
  async #step(room: RoomId): Promise<boolean> {
    const { rooms, ask } = this.#needs;
    const known = rooms.history(room);
    if (!known || !history.isBehind(known)) return false;
    const answer = await ask("rooms.since", { room, change: known.change, limit: AT_ONCE });
    if (answer.is === "refused") {
      if (isOnlyClosed(answer.refused)) rooms.closed(room, answer.refused);
      else rooms.gone(room);
    }
    const before = rooms.history(room);
    if (answer.is !== "ok" || !before) return false;
    const now = history.caughtUp(before, answer.ok);
    // An answer that brings nothing new would be asked for for ever.
    const isEnd = now.change === before.change && !answer.ok.more;
    rooms.set(room, isEnd ? { ...now, heard: now.change } : now);
    if (!isEnd) this.#count(answer.ok.posts.length);
    return !isEnd;
  }

  #count(posts: number): void {
    if (!this.progress) return;
    const { missed, read } = this.progress;
    this.progress = { missed, read: Math.min(read + posts, missed) };
  }
}
