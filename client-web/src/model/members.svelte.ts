//! Members of rooms that need not be open, asked for once and kept until something changes.
import { SvelteMap } from "svelte/reactivity";
import type { Member, MemberList, RoomId } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";

/** How many rooms are asked for at once: a person may have a hundred. */
const AT_ONCE = 4;

/** What is known of the members of rooms. */
export class Members {
  /** Rooms that are being asked for. */
  asking = $state(0);
  /** Rooms whose answer was lost when last asked for. */
  missing = $state(0);

  #ask: (room: RoomId) => Promise<Answer<MemberList>>;
  #known = new SvelteMap<RoomId, readonly Member[]>();
  /** What is known of these still holds, or is on its way. */
  #fresh = new Set<RoomId>();
  #queue = new Set<RoomId>();
  /** Raised by `clear`: an answer of an earlier life changes nothing. */
  #life = 0;

  constructor(ask: (room: RoomId) => Promise<Answer<MemberList>>) {
    this.#ask = ask;
  }

  /** The members of a room, as last told. */
  of(room: RoomId): readonly Member[] | undefined {
    return this.#known.get(room);
  }

  /** Asks for the members of those rooms of which nothing certain is known. */
  async learn(rooms: readonly RoomId[]): Promise<void> {
    const unknown = rooms.filter((room) => !this.#fresh.has(room));
    if (unknown.length === 0) return;
    this.missing = 0;
    for (const room of unknown) {
      this.#fresh.add(room);
      this.#queue.add(room);
    }
    const free = Math.min(AT_ONCE - this.asking, unknown.length);
    await Promise.all(Array.from({ length: Math.max(0, free) }, () => this.#work()));
  }

  /** Members of a room changed, or may have, everywhere: what is known stays on screen until it is asked for again. */
  doubt(room?: RoomId): void {
    if (room === undefined) this.#fresh.clear();
    else this.#fresh.delete(room);
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.#life += 1;
    this.#known.clear();
    this.#fresh.clear();
    this.#queue.clear();
    this.asking = 0;
    this.missing = 0;
  }

  async #work(): Promise<void> {
    const life = this.#life;
    this.asking += 1;
    for (const room of this.#queue) {
      this.#queue.delete(room);
      const answer = await this.#ask(room);
      if (life !== this.#life) return;
      if (answer.is === "ok") this.#known.set(room, answer.ok.members);
      if (answer.is === "refused") this.#known.delete(room);
      if (answer.is === "lost") {
        this.#fresh.delete(room);
        this.missing += 1;
      }
    }
    this.asking -= 1;
  }
}
