//! The list of one's rooms as it stands on the screen: asked for, moved by events, asked for anew where they cannot tell.
import type { AccountId, Event, RoomCard, RoomId } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import * as rooms from "./rooms.ts";

/** Changes that come close together are asked for once. */
const TOGETHER_MS = 300;

/** The list of rooms. */
export class RoomList {
  rooms = $state.raw<rooms.Rooms>(rooms.NO_ROOMS);
  #ask: AskHttp;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: AskHttp) {
    this.#ask = ask;
  }

  /** A room's card. */
  card(room: RoomId): RoomCard | undefined {
    return this.rooms.cards.get(room);
  }

  /** Asks for the whole list. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const answer = await this.#ask("rooms.list", {});
    if (answer.is === "ok") this.rooms = rooms.listed(this.rooms, answer.ok);
  }

  /** Asks for the list soon, where an event said more than it could tell. */
  refreshIfStale(): void {
    if (this.rooms.isStale) this.#timer ??= setTimeout(() => void this.refresh(), TOGETHER_MS);
  }

  /** Accepts an invitation; answers why not. `takesPart`: she said that she takes part in the care of a timeline's patient. */
  accept(room: RoomId, takesPart = false): Promise<Answer<unknown>> {
    return this.#done(this.#ask("rooms.accept", takesPart ? { room, takes_part: true } : { room }));
  }

  /** Declines an invitation. */
  decline(room: RoomId, why: { reason?: string }): Promise<Answer<unknown>> {
    return this.#done(this.#ask("rooms.decline", { room, ...why }));
  }

  /** Leaves a room. */
  leave(room: RoomId): Promise<Answer<unknown>> {
    return this.#done(this.#ask("rooms.leave", { room }));
  }

  /** Takes an event. */
  apply(event: Event, me: AccountId): void {
    this.rooms = rooms.apply(this.rooms, event, me);
  }

  /** A room was read up to a post. */
  seen(room: RoomId, position: number): void {
    this.rooms = rooms.seen(this.rooms, room, position);
  }

  /** A room was opened: its card is told with it. */
  opened(card: RoomCard): void {
    if (this.rooms.cards.has(card.id)) this.rooms = rooms.withCard(this.rooms, card);
  }

  /** A room is no longer ours. */
  gone(room: RoomId): void {
    this.rooms = rooms.without(this.rooms, [room]);
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.rooms = rooms.NO_ROOMS;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #done(asked: Promise<Answer<unknown>>): Promise<Answer<unknown>> {
    const answer = await asked;
    if (answer.is === "ok") await this.refresh();
    return answer;
  }
}
