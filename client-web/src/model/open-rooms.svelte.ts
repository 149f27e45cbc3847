//! The rooms that are open before a person: the one on screen, and those looked at before, kept for a quick return.
import { SvelteMap } from "svelte/reactivity";
import type { Member, Refused, RoomConsent, RoomId } from "../../../protocol/bindings/protocol.ts";
import type { AskHttp } from "../wire/http.ts";
import * as history from "./history.ts";
import type { RoomList } from "./room-list.svelte.ts";

/** A room on its way to the screen. */
export type Opened =
  | { is: "opening" }
  | { is: "open"; history: history.History }
  | { is: "refused"; refused: Refused };

/** What open rooms need from the desk. */
export type OpenRoomsNeeds = {
  ask: AskHttp;
  list: RoomList;
  /** A room may show more than before. */
  onRead: () => void;
};

/** Whether a room is closed for lack of the patient's consent: nothing of it is read. */
export function isClosed(consent: RoomConsent | undefined): boolean {
  return consent === "excluded" || consent === "withdrawn" || consent === "stopped";
}

/** Why a room may be closed that is still ours. */
const CLOSED = ["use_stopped", "consent_excludes_sharing"];

/** Whether a room was refused only as long as the patient wants it closed. */
export function isOnlyClosed(refused: Refused): boolean {
  return CLOSED.includes(refused.code);
}

/** Opened rooms that are kept in memory; the one longest not looked at goes first. */
const KEPT = 20;

/** The open rooms. */
export class OpenRooms {
  /** The room on screen. */
  shown = $state.raw<RoomId | undefined>(undefined);
  readonly opened = new SvelteMap<RoomId, Opened>();
  #needs: OpenRoomsNeeds;

  constructor(needs: OpenRoomsNeeds) {
    this.#needs = needs;
  }

  /** The room's history, once it is open. */
  history(room: RoomId): history.History | undefined {
    const opened = this.opened.get(room);
    return opened?.is === "open" ? opened.history : undefined;
  }

  /** Members of a room of which nothing was missed: events keep them current. */
  currentMembers(room: RoomId): readonly Member[] | undefined {
    const known = this.history(room);
    return known && !history.isBehind(known) ? known.members : undefined;
  }

  /** Opens a room anew. */
  async open(room: RoomId): Promise<void> {
    this.opened.set(room, { is: "opening" });
    const answer = await this.#needs.ask("rooms.open", { room });
    if (answer.is === "ok") {
      this.set(room, history.opened(answer.ok));
      this.#needs.list.opened(answer.ok.room);
      this.#forgetOldest();
      this.#needs.onRead();
    } else if (answer.is === "refused") {
      this.opened.set(room, { is: "refused", refused: answer.refused });
    }
    // Lost: it stays `opening`; the next welcome opens it.
  }

  /** What a room shows from now on. */
  set(room: RoomId, now: history.History): void {
    this.opened.set(room, { is: "open", history: now });
  }

  /** A room comes to the end of the line of those that are kept. */
  setLast(room: RoomId, now: history.History): void {
    this.opened.delete(room);
    this.set(room, now);
  }

  /** Asks who is in a room, and how far everybody has read. */
  async readPeople(room: RoomId): Promise<void> {
    const answer = await this.#needs.ask("members.list", { room });
    const known = this.history(room);
    if (answer.is === "ok" && known) this.set(room, history.withPeople(known, answer.ok));
  }

  /** Brings the room on screen, and who has read it, up to date. */
  async refreshShown(): Promise<void> {
    const room = this.shown;
    if (room !== undefined) await (this.history(room) ? this.readPeople(room) : this.open(room));
  }

  /** Tells the server which room is on screen. */
  focus(): void {
    void this.#needs.ask("rooms.focus", this.shown === undefined ? {} : { room: this.shown });
  }

  /** What may be shared in a room changed: what is closed leaves the screen at once, what is open again comes back. */
  consentIs(room: RoomId, consent: RoomConsent): void {
    const opened = this.opened.get(room);
    if (!opened || opened.is === "opening") return;
    if (isClosed(consent) !== (opened.is === "open")) return;
    this.opened.delete(room);
    if (this.shown === room) void this.open(room);
  }

  /** A room is closed to us for now, and stays in the list. */
  closed(room: RoomId, refused: Refused): void {
    this.opened.set(room, { is: "refused", refused });
  }

  /** A room is no longer ours; if it is on screen, the server says why. */
  gone(room: RoomId): void {
    this.opened.delete(room);
    this.#needs.list.gone(room);
    if (this.shown === room) void this.open(room);
  }

  /** Something changed in every room, for all we know. */
  doubt(): void {
    for (const [room, one] of this.opened) {
      if (one.is === "open") this.set(room, history.heardOf(one.history, one.history.change + 1));
    }
  }

  /** What is open, for the greeting: the server says what it missed. */
  known(): { room: RoomId; change: number }[] {
    return [...this.opened].flatMap(([room, one]) =>
      one.is === "open" ? [{ room, change: one.history.change }] : [],
    );
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.opened.clear();
    this.shown = undefined;
  }

  #forgetOldest(): void {
    for (const room of this.opened.keys()) {
      if (this.opened.size <= KEPT) return;
      if (room !== this.shown) this.opened.delete(room);
    }
  }
}
