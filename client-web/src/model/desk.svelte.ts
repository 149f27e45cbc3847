//! Everything one person has before her, joined to the wire: who she is, her rooms, what she reads and writes.
//!
//! The acts are with their nouns (`desk.account`, `desk.reading`, `desk.writings`, …). Here is how they hear of the link and of the end.
import type {
  AccountId,
  Event,
  Lang,
  Me,
  Member,
  RoomId,
  Welcome,
} from "../../../protocol/bindings/protocol.ts";
import { type BrowserKeys, NO_KEYS } from "../wire/browser-keys.ts";
import type { Answer, Ask, CommandName, Reply } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import { Link, type Socket } from "../wire/link.ts";
import type { LinkState } from "../wire/link-state.ts";
import { isShapeMissing } from "../wire/shapes/replies.ts";
import type { Windows } from "../wire/windows.ts";
import { Account } from "./account.ts";
import { type Acquaintance, acquaintances, roomsToMeetIn } from "./acquaintances.ts";
import { CatchingUp } from "./catching-up.svelte.ts";
import { Members } from "./members.svelte.ts";
import { Notices } from "./notices.svelte.ts";
import { OpenRooms } from "./open-rooms.svelte.ts";
import { type HeldOpenings, Openings } from "./openings.svelte.ts";
import { Passkeys } from "./passkeys.ts";
import { Reading } from "./reading.ts";
import { RoomList } from "./room-list.svelte.ts";
import { outBy, type Session, whoBy } from "./session.ts";
import { Sitting } from "./sitting.svelte.ts";
import { Strongbox } from "./strongbox.ts";
import { type HeldWritings, Writings } from "./writings.svelte.ts";

export type { Away } from "../wire/link-state.ts";
export type { Session } from "./session.ts";

/** What is kept, sealed, from the end of a session until the same person is back. */
type Held = { writings?: HeldWritings | undefined; openings?: HeldOpenings | undefined };

/** What a desk needs from outside. */
export type DeskNeeds = {
  http: AskHttp;
  socket: () => Socket;
  client: string;
  lang: () => Lang;
  newId: () => string;
  /** The browser's passkeys; without them, none. */
  keys?: BrowserKeys;
  /** A newer client is to be loaded. */
  reload: () => void;
  /** Other windows of the same session. */
  windows?: Windows;
  /** What seals; absent: the browser's. */
  subtle?: SubtleCrypto;
  now?: () => number;
  random?: () => number;
};

/** The desk. */
export class Desk {
  link = $state.raw<LinkState>({ is: "resting" });
  /** The newest moment at which we knew that nothing was missing. */
  liveAt = $state.raw<number | undefined>(undefined);
  /** Who sits here. */
  readonly sitting: Sitting;
  readonly account: Account;
  readonly passkeys: Passkeys;
  /** What one is told about one's own account. */
  readonly notices: Notices;
  readonly list: RoomList;
  readonly open: OpenRooms;
  readonly catchingUp: CatchingUp;
  readonly reading: Reading;
  readonly writings: Writings;
  /** Free groups and connections on their way. */
  readonly openings: Openings;
  /** Members of rooms, to know acquaintances. */
  readonly members: Members;
  /** People one shares a room with, as far as they are known; `meet` makes them known. */
  readonly acquaintances: ReadonlyMap<AccountId, Acquaintance> = $derived.by(() =>
    acquaintances(this.list.rooms, (room) => this.#membersOf(room), this.me?.account ?? ""),
  );

  #needs: DeskNeeds & Required<Pick<DeskNeeds, "now" | "random" | "keys">>;
  #wire: Link;

  constructor(needs: DeskNeeds) {
    this.#needs = { now: Date.now, random: Math.random, keys: NO_KEYS, ...needs };
    const { http, keys, now, random, newId } = this.#needs;
    this.#wire = new Link({
      socket: needs.socket,
      whoAmI: async () => whoBy(await http("accounts.me", {})),
      greeting: () => ({ client: needs.client, lang: needs.lang(), rooms: this.open.known() }),
      onState: (state) => this.#linkIs(state),
      onWelcome: (welcome) => this.#welcome(welcome),
      onEvent: (event) => this.#hear(event),
      now,
      random,
    });
    this.passkeys = new Passkeys(http, keys);
    const link = this.#wire;
    this.sitting = new Sitting({
      http,
      link,
      box: new Strongbox(needs.subtle),
      stay: async () => (await this.ask("accounts.stay", {})).is === "ok",
      things: {
        held: () => this.#held(),
        putBack: (held) => this.#putBack(held as Held | undefined),
        clear: () => this.#clear(),
      },
      windows: needs.windows ?? { tell: () => {}, onHear: () => {} },
      now,
    });
    this.account = new Account({ http, link, passkeys: this.passkeys, sitting: this.sitting });
    this.notices = new Notices({
      list: () => this.ask("notices.list", {}),
      see: (upto) => this.ask("notices.seen", { upto }),
    });

    const ask: AskHttp = (name, ask) => this.#wire.ask(name, ask);
    const onRead = () => this.writings.seeSaved();
    const isLive = () => this.#wire.state.is === "live";
    this.list = new RoomList(ask);
    this.open = new OpenRooms({ ask, list: this.list, onRead });
    const { list, open: rooms } = this;
    this.catchingUp = new CatchingUp({ ask, list, rooms, onRead });
    const { catchingUp } = this;
    this.reading = new Reading({ ask, list, rooms, catchingUp, onRead, me: () => this.sitting.owner });
    const me = () => this.me?.account;
    this.writings = new Writings({ ask, isLive, rooms, catchingUp, me, newId, now, random });
    this.openings = new Openings({ ask, newId, list: () => list.refresh() });
    this.members = new Members((room) => ask("members.list", { room }));
  }

  /** The person signed in; screens behind the sign-in use it. */
  get me(): Me | undefined {
    return this.sitting.me;
  }

  /** Where the person is between the door and the desk. */
  get session(): Session {
    return this.sitting.session;
  }

  /** Whether the client itself is not whole: a part that came later could not be fetched. */
  get isPartMissing(): boolean {
    return isShapeMissing();
  }

  /** An id for something new. */
  newId(): string {
    return this.#needs.newId();
  }

  /** Asks what a page beside the rooms needs, over the link or, while that is not live, over HTTP. */
  async ask<Name extends CommandName>(name: Name, ask: Ask<Name>): Promise<Answer<Reply<Name>>> {
    const isLive = this.#wire.state.is === "live";
    return this.#heard(await (isLive ? this.#wire.ask(name, ask) : this.#needs.http(name, ask)));
  }

  /** Asks what goes over HTTP only. */
  async askHttp<Name extends CommandName>(name: Name, ask: Ask<Name>): Promise<Answer<Reply<Name>>> {
    return this.#heard(await this.#needs.http(name, ask));
  }

  /** The network is back, or the page came to the front. */
  nudge(): void {
    if (this.session.is === "unreachable") void this.sitting.begin();
    else this.#wire.nudge();
  }

  /** The network is gone. */
  cut(): void {
    this.#wire.cut();
  }

  /** Gets to know the people of all one's rooms; asks only for rooms of which nothing certain is known. */
  async meet(): Promise<void> {
    if (this.link.is !== "live") return;
    const rooms = roomsToMeetIn(this.list.rooms);
    await this.members.learn(rooms.filter((room) => this.open.currentMembers(room) === undefined));
  }

  #membersOf(room: RoomId): readonly Member[] | undefined {
    return this.open.currentMembers(room) ?? this.members.of(room) ?? this.open.history(room)?.members;
  }

  #linkIs(state: LinkState): void {
    const wasLive = this.link.is === "live";
    this.link = state;
    if (wasLive && state.is !== "live") {
      this.liveAt = this.#needs.now();
      this.catchingUp.clear();
      this.members.doubt();
    }
    if (state.is === "signed_out") this.sitting.ended(state.why);
    if (state.is === "away" && state.why === "too_old") this.#needs.reload();
  }

  #welcome({ me, now, stale, gone }: Welcome): void {
    this.sitting.welcomed(me, now - this.#needs.now());
    this.catchingUp.missed(stale, gone);
    void this.catchingUp.all();
    void this.notices.refresh();
    this.writings.resume();
    this.openings.resume();
  }

  #hear(event: Event): void {
    const { owner } = this.sitting;
    if (owner === undefined) return;
    this.list.apply(event, owner);
    if (event.event === "noticed") {
      void this.notices.refresh();
    } else if (event.event === "behind") {
      this.open.doubt();
      this.members.doubt();
      void this.catchingUp.all();
    } else {
      if (event.event === "member_changed") this.members.doubt(event.room);
      this.reading.hear(event);
      this.list.refreshIfStale();
    }
  }

  #heard<T>(answer: Answer<T>): Answer<T> {
    const out = answer.is === "refused" ? outBy(answer.refused) : undefined;
    if (out !== undefined) this.sitting.ended(out);
    return answer;
  }

  #held(): Held | undefined {
    const held = { writings: this.writings.held(), openings: this.openings.held() };
    return held.writings || held.openings ? held : undefined;
  }

  #putBack(held: Held | undefined): void {
    if (held?.writings) this.writings.putBack(held.writings);
    if (held?.openings) this.openings.putBack(held.openings);
  }

  #clear(): void {
    this.liveAt = undefined;
    const nouns = [this.list, this.open, this.catchingUp, this.reading, this.members, this.notices];
    for (const noun of [...nouns, this.writings, this.openings]) noun.clear();
  }
}
