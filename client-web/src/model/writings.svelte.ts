//! What a person writes: drafts in the composer, the confirmation by name, and posts on their way until their room shows them.
import { SvelteMap } from "svelte/reactivity";
import type { AccountId, PostId, RoomId } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import { Outbox, type Waiting } from "../wire/outbox.ts";
import type { CatchingUp } from "./catching-up.svelte.ts";
import {
  BLANK,
  draftOf,
  readersOfSheet,
  type Sheet,
  sheetFromMemory,
  sheetOf,
  type Writing,
} from "./draft.ts";
import type { OpenRooms } from "./open-rooms.svelte.ts";

/** What is kept of it until its author is back. */
export type HeldWritings = { drafts: [RoomId, Writing][]; posts: Waiting[] };

/** What writing needs from the desk. */
export type WritingsNeeds = {
  ask: AskHttp;
  isLive: () => boolean;
  rooms: OpenRooms;
  catchingUp: CatchingUp;
  /** Who writes; she is not a reader of her own. */
  me: () => AccountId | undefined;
  newId: () => string;
  now: () => number;
  random: () => number;
};

/** Everything that is being written. */
export class Writings {
  readonly drafts = new SvelteMap<RoomId, Writing>();
  /** Posts on their way. */
  waiting = $state.raw<readonly Waiting[]>([]);
  #needs: WritingsNeeds;
  #outbox: Outbox;

  constructor(needs: WritingsNeeds) {
    this.#needs = needs;
    this.#outbox = new Outbox({
      isLive: needs.isLive,
      send: (ask) => needs.ask("posts.send", ask),
      preview: (draft) => needs.ask("posts.preview", draft),
      onChange: (all) => {
        this.waiting = all;
        this.seeSaved();
      },
      random: needs.random,
    });
  }

  /** What is being written in a room. */
  of(room: RoomId): Writing {
    return this.drafts.get(room) ?? BLANK;
  }

  /** Keeps what is being written, in memory. */
  write(room: RoomId, writing: Writing): void {
    if (writing.text === "" && writing.replyTo === undefined && writing.about === undefined) {
      this.drafts.delete(room);
    } else this.drafts.set(room, writing);
  }

  /** Asks who will read a draft. Not connected: the readers last known. */
  async preview(room: RoomId): Promise<Answer<Sheet>> {
    const draft = draftOf(room, this.of(room), this.#needs.newId());
    const answer = await this.#needs.ask("posts.preview", draft);
    if (answer.is === "ok") return { is: "ok", ok: sheetOf(draft, answer.ok, false) };
    const known = this.#needs.rooms.history(room);
    const me = this.#needs.me();
    if (answer.is === "refused" || !known || me === undefined) return answer;
    return { is: "ok", ok: sheetFromMemory(draft, known.members, me) };
  }

  /** Readers of a post that must be confirmed again. */
  async previewAgain({ draft, state }: Waiting): Promise<Answer<Sheet>> {
    const answer = await this.#needs.ask("posts.preview", draft);
    if (answer.is === "ok") return { is: "ok", ok: sheetOf(draft, answer.ok, true) };
    if (answer.is === "lost" && state.is === "reconfirm") {
      return { is: "ok", ok: sheetOf(draft, state.preview, true) };
    }
    return answer;
  }

  /** The author has confirmed: the post goes on its way. */
  post(sheet: Sheet, acknowledged: readonly string[]): void {
    const { draft, preview } = sheet;
    if (sheet.isAgain && preview) {
      this.#outbox.confirmAgain(draft.post, preview, acknowledged);
      return;
    }
    this.drafts.delete(draft.room);
    this.#outbox.add({
      draft,
      readers: readersOfSheet(sheet),
      acknowledged,
      writtenAt: this.#needs.now(),
      ...(preview ? { token: preview.token } : {}),
    });
  }

  /** Tries a post on its way again. */
  retry(post: PostId): void {
    this.#outbox.retry(post);
  }

  /** Withdraws a post that is not saved. */
  withdraw(post: PostId): boolean {
    return this.#outbox.takeBack(post) !== undefined;
  }

  /** Takes a post that is not saved back into the composer, before whatever is written there. */
  backToDraft(post: PostId): boolean {
    const taken = this.#outbox.takeBack(post);
    if (!taken) return false;
    const { room, text, reply_to: replyTo, about } = taken.draft;
    const now = this.of(room);
    this.write(room, {
      text: now.text === "" ? text : `${text}\n${now.text}`,
      replyTo: now.replyTo ?? replyTo,
      about: now.about ?? about,
    });
    return true;
  }

  /** Saved posts that their room shows leave the outbox; those that it does not show yet are asked for. */
  seeSaved(): void {
    const { rooms, catchingUp } = this.#needs;
    for (const { draft, state } of this.waiting) {
      const known = state.is === "saved" ? rooms.history(draft.room) : undefined;
      if (state.is === "saved" && known && known.change < state.change) {
        catchingUp.upTo(draft.room, state.change);
      }
    }
    this.#outbox.forget(({ draft, state }) => {
      const known = rooms.history(draft.room);
      return state.is === "saved" && (!known || known.change >= state.change);
    });
  }

  /** The link is live again: what waited goes on its way. */
  resume(): void {
    this.#outbox.resume();
  }

  /** What is to be kept; nothing when there is nothing. */
  held(): HeldWritings | undefined {
    const posts = this.#outbox.held();
    return this.drafts.size === 0 && posts.length === 0 ? undefined : { drafts: [...this.drafts], posts };
  }

  /** Its author is back. */
  putBack({ drafts, posts }: HeldWritings): void {
    for (const [room, writing] of drafts) this.drafts.set(room, writing);
    this.#outbox.putBack(posts);
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.drafts.clear();
    this.#outbox.clear();
  }
}
