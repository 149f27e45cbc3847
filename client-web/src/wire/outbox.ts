//! Posts on their way: one queue per room, first in first out, in memory only (no content is kept on the device).
//!
//! A post is sent again with the same id until the server has answered; the server answers a repeat with its first
//! answer, so nothing is posted twice. Whatever stands at the head and needs a person holds back what follows, so that
//! posts never change their order.
import type {
  AccountId,
  Draft,
  Millis,
  PostId,
  Preview,
  Refused,
  RoomId,
  SendPost,
  Sent,
} from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "./frame.ts";

/** What an author says of each post in a free group: that it carries no patient's data (001§30-2). */
export const WITHOUT_PATIENT_DATA = "without_patient_data";

/** A confirmed draft. */
export type Confirmed = {
  draft: Draft;
  /** Who reads it, as the author confirmed. */
  readers: readonly AccountId[];
  /** Findings the author acknowledged; `WITHOUT_PATIENT_DATA` among them is her own word. */
  acknowledged: readonly string[];
  /** From the preview; absent when it was confirmed while not connected. */
  token?: string;
  writtenAt: Millis;
};

/** What is known about a post on its way. */
export type OnItsWay =
  /** Not saved; goes by itself. */
  | { is: "waiting" }
  /** Sent; not answered yet. */
  | { is: "sending" }
  /** Sent, and the answer was lost, or the server itself does not know. Goes again by itself. */
  | { is: "unknown"; refused?: Refused }
  /** Durably saved; stays here until the room shows it. */
  | { is: "saved"; position: number; change: number; storedAt: Millis }
  /** A person must decide. Not saved, unless `isUnsure`: an earlier try was never answered. */
  | { is: "refused"; refused: Refused; isUnsure: boolean }
  /** Not saved: readers or findings are not those that were confirmed. */
  | { is: "reconfirm"; preview: Preview };

/** A post on its way. */
export type Waiting = Confirmed & { state: OnItsWay };

/** What an outbox needs from outside. */
export type OutboxNeeds = {
  isLive: () => boolean;
  send: (ask: SendPost) => Promise<Answer<Sent>>;
  preview: (draft: Draft) => Promise<Answer<Preview>>;
  onChange: (all: readonly Waiting[]) => void;
  random?: () => number;
};

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/** The queues of all rooms. */
export class Outbox {
  #needs: Required<OutboxNeeds>;
  #all: readonly Waiting[] = [];
  /** Rooms whose head is on the wire. */
  #busy = new Set<RoomId>();
  /** Rooms whose head is tried again later. */
  #timers = new Map<RoomId, ReturnType<typeof setTimeout>>();
  #tries = new Map<PostId, number>();
  /** Raised by `clear`: an answer of an earlier life changes nothing. */
  #life = 0;

  constructor(needs: OutboxNeeds) {
    this.#needs = { random: Math.random, ...needs };
  }

  /** Everything on its way, in the order it was written. */
  get all(): readonly Waiting[] {
    return this.#all;
  }

  /** Takes a confirmed draft. */
  add(confirmed: Confirmed): void {
    this.#put([...this.#all, { ...confirmed, state: { is: "waiting" } }]);
    this.#pump(confirmed.draft.room);
  }

  /** The link is live again: everything that waits goes. */
  resume(): void {
    for (const room of this.#rooms()) {
      this.#stopTimer(room);
      this.#pump(room);
    }
  }

  /** The author confirmed again, with fresh readers. */
  confirmAgain(post: PostId, preview: Preview, acknowledged: readonly string[]): void {
    const one = this.#find(post);
    if (one?.state.is !== "reconfirm" && one?.state.is !== "refused") return;
    this.#goAgain({
      ...one,
      acknowledged,
      token: preview.token,
      readers: readersOf(preview),
      state: { is: "waiting" },
    });
  }

  /** Tries a refused or unknown post again as it is. */
  retry(post: PostId): void {
    const one = this.#find(post);
    if (one?.state.is === "unknown") this.#goAgain(one);
    if (one?.state.is === "refused") {
      this.#goAgain({ ...one, state: { is: one.state.isUnsure ? "unknown" : "waiting" } });
    }
  }

  /** Takes a post back that is surely not on the wire; answers it, or nothing when that is not sure. */
  takeBack(post: PostId): Waiting | undefined {
    const one = this.#find(post);
    if (one?.state.is !== "waiting" && one?.state.is !== "refused" && one?.state.is !== "reconfirm")
      return undefined;
    this.#put(this.#all.filter((each) => each !== one));
    this.#stopTimer(one.draft.room);
    this.#pump(one.draft.room);
    return one;
  }

  /** Rooms that show their saved posts themselves say which ones. */
  forget(isShown: (waiting: Waiting) => boolean): void {
    const kept = this.#all.filter((one) => one.state.is !== "saved" || !isShown(one));
    if (kept.length !== this.#all.length) this.#put(kept);
  }

  /** Everything that is not saved, to be kept until its author is back: what is on the wire is unknown by then. */
  held(): Waiting[] {
    return this.#all
      .filter((one) => one.state.is !== "saved")
      .map((one) => (one.state.is === "sending" ? { ...one, state: { is: "unknown" } } : one));
  }

  /** Its author is back: what was held goes on, before anything newer. */
  putBack(held: readonly Waiting[]): void {
    this.#put([...held, ...this.#all]);
    this.resume();
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.#life += 1;
    for (const room of [...this.#timers.keys()]) this.#stopTimer(room);
    this.#busy.clear();
    this.#tries.clear();
    this.#put([]);
  }

  #pump(room: RoomId): void {
    if (!this.#needs.isLive() || this.#timers.has(room) || this.#busy.has(room)) return;
    const head = this.#all.find((one) => one.draft.room === room && one.state.is !== "saved");
    if (head?.state.is === "waiting" || head?.state.is === "unknown") void this.#send(head);
  }

  async #send(one: Waiting): Promise<void> {
    const life = this.#life;
    const { post, room } = one.draft;
    const wasUnknown = one.state.is === "unknown";
    this.#busy.add(room);
    if (!wasUnknown) this.#set({ ...one, state: { is: "sending" } });
    const [told, hint] = await this.#try(one, wasUnknown);
    if (life !== this.#life) return;
    this.#busy.delete(room);
    this.#set(told);
    if (told.state.is === "saved") this.#tries.delete(post);
    if (this.#needs.isLive() && (told.state.is === "waiting" || told.state.is === "unknown")) {
      this.#later(room, post, hint);
    }
    this.#pump(room);
  }

  /** Sends once. A missing or stale confirmation is asked for, and sent if it says what the author confirmed. */
  async #try(one: Waiting, wasUnknown: boolean): Promise<[Waiting, number]> {
    if (one.token !== undefined || wasUnknown) {
      const answer = await this.#needs.send(ask(one));
      if (!isUnconfirmed(answer)) return after(one, answer, wasUnknown);
    }
    const fresh = await this.#needs.preview(one.draft);
    if (fresh.is === "lost") return [{ ...one, state: { is: "waiting" } }, 0];
    if (fresh.is === "refused") return after(one, fresh, false);
    const preview = fresh.ok;
    if (!saysTheSame(one, preview)) return [{ ...one, state: { is: "reconfirm", preview } }, 0];
    const again = { ...one, token: preview.token, acknowledged: found(one, preview) };
    const answer = await this.#needs.send(ask(again));
    return isUnconfirmed(answer)
      ? [{ ...again, state: { is: "reconfirm", preview } }, 0]
      : after(again, answer, false);
  }

  #later(room: RoomId, post: PostId, hint: number): void {
    const tries = (this.#tries.get(post) ?? 0) + 1;
    this.#tries.set(post, tries);
    const ceiling = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(tries, 5));
    const go = () => {
      this.#timers.delete(room);
      this.#pump(room);
    };
    this.#timers.set(room, setTimeout(go, Math.max(hint, RETRY_MS / 2 + ceiling * this.#needs.random())));
  }

  #goAgain(one: Waiting): void {
    this.#set(one);
    this.#stopTimer(one.draft.room);
    this.#pump(one.draft.room);
  }

  #stopTimer(room: RoomId): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
  }

  #rooms(): Set<RoomId> {
    return new Set(this.#all.map((one) => one.draft.room));
  }

  #find(post: PostId): Waiting | undefined {
    return this.#all.find((one) => one.draft.post === post);
  }

  #set(one: Waiting): void {
    this.#put(this.#all.map((each) => (each.draft.post === one.draft.post ? one : each)));
  }

  #put(all: readonly Waiting[]): void {
    this.#all = all;
    this.#needs.onChange(all);
  }
}

/** Everybody a preview names. */
export function readersOf(preview: Preview): AccountId[] {
  return preview.readers.flatMap((group) => group.people.map((person) => person.account));
}

function ask({ draft, token, acknowledged }: Waiting): SendPost {
  const codes = acknowledged.filter((code) => code !== WITHOUT_PATIENT_DATA);
  return {
    draft,
    ...(token === undefined ? {} : { token }),
    ...(codes.length === 0 ? {} : { acknowledged: codes }),
    ...(codes.length === acknowledged.length ? {} : { without_patient_data: true }),
  };
}

/** What was acknowledged, as far as a preview found it; her own word stays. */
function found(one: Waiting, preview: Preview): string[] {
  const codes = preview.findings.map((finding) => finding.code);
  return one.acknowledged.filter((code) => code === WITHOUT_PATIENT_DATA || codes.includes(code));
}

function isUnconfirmed(answer: Answer<Sent>): boolean {
  return answer.is === "refused" && answer.refused.code === "confirm_required";
}

function saysTheSame(one: Waiting, preview: Preview): boolean {
  const before = new Set(one.readers);
  const now = new Set(readersOf(preview));
  return (
    before.size === now.size &&
    [...now].every((reader) => before.has(reader)) &&
    preview.findings.every((finding) => one.acknowledged.includes(finding.code))
  );
}

/** What an answer makes of a post, and how long the server wants to be left alone. */
function after(one: Waiting, answer: Answer<Sent | Preview>, wasUnknown: boolean): [Waiting, number] {
  if (answer.is === "lost") return [{ ...one, state: { is: "unknown" } }, 0];
  if (answer.is === "refused") {
    const { refused } = answer;
    const hint = refused.retry_after_ms ?? 0;
    switch (refused.code) {
      case "overloaded":
      case "rate_limited":
      case "signed_out":
      case "session_idle":
        return [{ ...one, state: { is: wasUnknown ? "unknown" : "waiting" } }, hint];
      case "fault":
        return [{ ...one, state: { is: "unknown", refused } }, hint];
      default:
        return [{ ...one, state: { is: "refused", refused, isUnsure: wasUnknown } }, hint];
    }
  }
  const saved = answer.ok;
  if (!("state" in saved)) return [{ ...one, state: { is: "waiting" } }, 0];
  return [
    {
      ...one,
      state: { is: "saved", position: saved.position, change: saved.change, storedAt: saved.stored_at },
    },
    0,
  ];
}
