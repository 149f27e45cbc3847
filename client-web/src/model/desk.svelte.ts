//! Everything one person has before her: the state the screens show and the acts they offer. Joins the wire to the reducers.
import { SvelteMap } from "svelte/reactivity";
import type {
  About,
  AccountId,
  Done,
  Event,
  Lang,
  Me,
  Member,
  Post,
  PostId,
  Preview,
  Refused,
  RoomCard,
  RoomId,
  RosterPersonId,
  Welcome,
} from "../../../protocol/bindings/protocol.ts";
import type { BrowserKeys } from "../wire/browser-keys.ts";
import type { Answer, Ask, CommandName, Reply } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import { Link, type Socket } from "../wire/link.ts";
import type { LinkState, OutWhy } from "../wire/link-state.ts";
import { Outbox, type Waiting } from "../wire/outbox.ts";
import type { Windows } from "../wire/windows.ts";
import { type Acquaintance, acquaintances, roomsToMeetIn } from "./acquaintances.ts";
import { Attendance } from "./attendance.svelte.ts";
import {
  BLANK,
  draftOf,
  readersOfSheet,
  type Sheet,
  sheetFromMemory,
  sheetOf,
  type Writing,
} from "./draft.ts";
import * as history from "./history.ts";
import { Members } from "./members.svelte.ts";
import { Notices } from "./notices.svelte.ts";
import { type HeldOpenings, Openings } from "./openings.svelte.ts";
import { type GaveUp, Passkeys } from "./passkeys.ts";
import type { EndWhy } from "./presence.ts";
import { ReadMarks } from "./read-marks.ts";
import * as rooms from "./rooms.ts";
import { outBy, type Session, whoBy } from "./session.ts";
import { Strongbox } from "./strongbox.ts";

export type { Away } from "../wire/link-state.ts";
export type { Session } from "./session.ts";

/** A room on its way to the screen. */
export type Opened =
  | { is: "opening" }
  | { is: "open"; history: history.History }
  | { is: "refused"; refused: Refused };

/** After a reconnect: how much of what was missed is here. */
export type CatchingUp = { missed: number; read: number };

/** What is kept, sealed, from the end of a session until the same person is back. */
type Held = {
  writings: [RoomId, Writing][];
  posts: Waiting[];
  openings?: HeldOpenings;
};

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

const NO_KEYS: BrowserKeys = {
  canHave: () => false,
  origin: "",
  make: async () => undefined,
  show: async () => undefined,
};

/** Opened rooms that are kept in memory; the one longest not looked at goes first. */
const KEPT = 20;
const PAGE = 50;
const LIST_MS = 300;
const UNREACHABLE_MS = 4_000;

/** The desk. */
export class Desk {
  session = $state.raw<Session>({ is: "asking" });
  link = $state.raw<LinkState>({ is: "resting" });
  rooms = $state.raw<rooms.Rooms>(rooms.NO_ROOMS);
  waiting = $state.raw<readonly Waiting[]>([]);
  catching = $state.raw<CatchingUp | undefined>(undefined);
  /** The room on screen. */
  shown = $state.raw<RoomId | undefined>(undefined);
  /** The newest moment at which we knew that nothing was missing. */
  liveAt = $state.raw<number | undefined>(undefined);
  opened = new SvelteMap<RoomId, Opened>();
  writings = new SvelteMap<RoomId, Writing>();
  /** Free groups and connections on their way. */
  readonly openings: Openings;
  /** People one shares a room with, as far as they are known; `meet` makes them known. */
  readonly acquaintances: ReadonlyMap<AccountId, Acquaintance> = $derived.by(() =>
    acquaintances(this.rooms, (room) => this.#membersOf(room), this.me?.account ?? ""),
  );
  /** Members of rooms, for that. */
  readonly members: Members;
  /** Whether somebody still sits before the screen. */
  readonly attendance: Attendance;
  /** Passkeys of whoever sits here. */
  readonly passkeys: Passkeys;
  /** What one is told about one's own account. */
  readonly notices: Notices;

  #needs: DeskNeeds & Required<Pick<DeskNeeds, "now" | "random" | "keys">>;
  #wire: Link;
  #outbox: Outbox;
  #account: AccountId | undefined;
  #catchingUp = new Set<RoomId>();
  #paging = new Set<RoomId>();
  #listTimer: ReturnType<typeof setTimeout> | undefined;
  #readMarks: ReadMarks;
  #box: Strongbox;
  /** A sign-out that the server has not answered: its answer takes the cookie away, and must not take the next one's. */
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(needs: DeskNeeds) {
    this.#needs = { now: Date.now, random: Math.random, keys: NO_KEYS, ...needs };
    this.passkeys = new Passkeys(needs.http, this.#needs.keys);
    this.#wire = new Link({
      socket: needs.socket,
      whoAmI: async () => whoBy(await needs.http("accounts.me", {})),
      greeting: () => ({ client: needs.client, lang: needs.lang(), rooms: this.#known() }),
      onState: (state) => this.#linkIs(state),
      onWelcome: (welcome) => this.#welcome(welcome),
      onEvent: (event) => this.#hear(event),
      now: this.#needs.now,
      random: this.#needs.random,
    });
    this.#outbox = new Outbox({
      isLive: () => this.#wire.state.is === "live",
      send: (ask) => this.#wire.ask("posts.send", ask),
      preview: (draft) => this.#wire.ask("posts.preview", draft),
      onChange: (all) => {
        this.waiting = all;
        this.#seeSaved();
      },
      random: this.#needs.random,
    });
    this.#box = new Strongbox(needs.subtle);
    this.#readMarks = new ReadMarks(
      (room, position) => void this.#wire.ask("rooms.read", { room, position }),
    );
    this.attendance = new Attendance({
      tell: async () => (await this.ask("accounts.stay", {})).is === "ok",
      over: (why) => this.#over(why),
      windows: needs.windows ?? { tell: () => {}, onHear: () => {} },
      now: this.#needs.now,
    });
    this.members = new Members((room) => this.#wire.ask("members.list", { room }));
    this.notices = new Notices({
      list: () => this.ask("notices.list", {}),
      see: (upto) => this.ask("notices.seen", { upto }),
    });
    this.openings = new Openings({
      ask: (name, ask) => this.#wire.ask(name, ask),
      newId: this.#needs.newId,
      list: () => this.#list(),
    });
  }

  /** The person signed in; screens behind the sign-in use it. */
  get me(): Me | undefined {
    return this.session.is === "in" ? this.session.me : undefined;
  }

  /** The room's card in the list. */
  card(room: RoomId): RoomCard | undefined {
    return this.rooms.cards.get(room);
  }

  /** The room's history, once it is open. */
  history(room: RoomId): history.History | undefined {
    const opened = this.opened.get(room);
    return opened?.is === "open" ? opened.history : undefined;
  }

  /** Finds out whether somebody is signed in, and goes on from there. */
  async begin(): Promise<void> {
    const answer = await this.#needs.http("accounts.me", {});
    if (answer.is === "ok") return this.#enter(answer.ok);
    const out = answer.is === "refused" ? outBy(answer.refused) : undefined;
    if (out !== undefined) {
      this.session = { is: "out", why: out === "idle" ? "idle" : "never" };
      return;
    }
    this.session = { is: "unreachable" };
    setTimeout(() => this.session.is === "unreachable" && void this.begin(), UNREACHABLE_MS);
  }

  /** Signs in; answers why not. */
  async signIn(email: string, password: string): Promise<Answer<Me>> {
    await this.#leaving;
    const answer = await this.#needs.http("accounts.sign_in", { email, password });
    if (answer.is !== "ok") return answer;
    await this.#enter(answer.ok.me);
    return { is: "ok", ok: answer.ok.me };
  }

  /** Signs in with a passkey alone; answers why not. */
  async signInByPasskey(): Promise<Answer<Me> | GaveUp> {
    await this.#leaving;
    const answer = await this.passkeys.signIn();
    if (answer.is === "ok") await this.#enter(answer.ok);
    return answer;
  }

  /** Shows a passkey: the second factor, or once more who one is. The session gets a new token; answers why not. */
  async showPasskey(): Promise<Answer<Me> | GaveUp> {
    const isIn = this.session.is === "in";
    // The link belongs to the old token, which ends with this.
    const answer = await this.passkeys.prove(() => isIn && this.#wire.stop());
    if (answer.is === "ok") await this.#enter(answer.ok);
    else if (isIn) this.#wire.start();
    return answer;
  }

  /** Registers the first passkey of a session that lacks its second factor, and shows it; answers why not. */
  async registerSecondFactor(name: string): Promise<Answer<Me> | GaveUp> {
    const registered = await this.passkeys.register(name);
    return registered.is === "ok" ? this.showPasskey() : registered;
  }

  /** Sets a new password; every other session of the account ends, and this one gets a new token. Answers why not. */
  async changePassword(current: string, fresh: string): Promise<Answer<Me>> {
    const isIn = this.session.is === "in";
    // The link belongs to the old token, which ends with this.
    if (isIn) this.#wire.stop();
    const answer = await this.#needs.http("accounts.change_password", { current, new: fresh });
    if (answer.is === "ok") await this.#enter(answer.ok.me);
    else if (isIn) this.#wire.start();
    return answer.is === "ok" ? { is: "ok", ok: answer.ok.me } : answer;
  }

  /** Says who of the people who share this account acts; answers why not. */
  async actAs(person: RosterPersonId): Promise<Answer<Me>> {
    const answer = await this.#needs.http("accounts.act_as", { person });
    if (answer.is !== "ok") return answer;
    await this.#enter(answer.ok.me);
    return { is: "ok", ok: answer.ok.me };
  }

  /** Signs in for the first time, by a link that is good once, and sets the password; answers why not. */
  async enter(link: string, password: string, terms: string): Promise<Answer<Me>> {
    const answer = await this.#needs.http("accounts.enter", { link, password, terms });
    if (answer.is !== "ok") return answer;
    await this.#enter(answer.ok.me);
    return { is: "ok", ok: answer.ok.me };
  }

  /** How to tell this service from one that only looks like it, and the terms in force. */
  about(): Promise<Answer<About>> {
    return this.#needs.http("service.about", {});
  }

  /** Asks for a link to a new e-mail address. */
  changeEmail(email: string, password: string): Promise<Answer<Done>> {
    return this.ask("accounts.change_email", { email, password });
  }

  /** Asks for a mail with a link to a new password. */
  forgot(email: string): Promise<Answer<Done>> {
    return this.#needs.http("accounts.forgot", { email });
  }

  /** Sets a new password by a link; it signs nobody in. */
  reset(link: string, password: string): Promise<Answer<Done>> {
    return this.#needs.http("accounts.reset", { link, password });
  }

  /** Changes the e-mail address by the link that arrived there. */
  confirmEmail(link: string): Promise<Answer<Done>> {
    return this.#needs.http("accounts.confirm_email", { link });
  }

  /** An id for something new. */
  newId(): string {
    return this.#needs.newId();
  }

  /** Says, without a session, that a device is gone; the answer is always the same. */
  reportLoss(email: string, text: string): Promise<Answer<Done>> {
    return this.#needs.http("incidents.report", { email, text });
  }

  /** Says that a device is gone or somebody else uses the account: every session of it ends, this one too. Answers why not. */
  async reportMine(report: Ask<"incidents.report_mine">): Promise<Answer<Done>> {
    this.#wire.stop();
    const answer = await this.#needs.http("incidents.report_mine", report);
    if (answer.is === "ok") {
      this.#forgetAll();
      this.session = { is: "out", why: "reported" };
    } else {
      this.#wire.start();
    }
    return answer;
  }

  /** Does what may need a proof: where the last one is too old a passkey is shown, and the act goes on. */
  async proven<T>(act: () => Promise<Answer<T> | GaveUp>): Promise<Answer<T> | GaveUp> {
    const answer = await act();
    const isTooOld = answer.is === "refused" && answer.refused.code === "step_up_required";
    if (!isTooOld || !this.passkeys.canHave) return answer;
    const shown = await this.showPasskey();
    if (shown.is === "gave_up") return shown;
    // Whoever has no passkey reads what else there is to do.
    return shown.is === "ok" ? act() : answer;
  }

  /** A step of coming in was done: who one is now, with what is still missing. */
  goOn(me: Me): Promise<void> {
    return this.#enter(me);
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

  #heard<T>(answer: Answer<T>): Answer<T> {
    const out = answer.is === "refused" ? outBy(answer.refused) : undefined;
    if (out !== undefined) this.#ended(out);
    return answer;
  }

  /** Whether something that was being written waits, sealed, for its author. */
  get isHolding(): boolean {
    return this.#box.isFull;
  }

  /** Signs out and forgets everything. Says so when the server could not be told. */
  async signOut(): Promise<void> {
    this.#wire.stop();
    this.#forgetAll();
    this.session = { is: "out", why: "left" };
    const asked = this.#needs.http("accounts.sign_out", {});
    this.#leaving = asked;
    const answer = await asked;
    const isTold = answer.is === "ok" || (answer.is === "refused" && outBy(answer.refused) !== undefined);
    if (!isTold && this.session.is === "out") this.session = { is: "out", why: "left_unheard" };
  }

  /** The network is back, or the page came to the front. */
  nudge(): void {
    if (this.session.is === "unreachable") void this.begin();
    else this.#wire.nudge();
  }

  /** The network is gone. */
  cut(): void {
    this.#wire.cut();
  }

  /** Puts a room on screen, or none. */
  show(room: RoomId | undefined): void {
    if (this.shown === room) return;
    this.shown = room;
    this.#focus();
    if (room === undefined) return;
    const opened = this.opened.get(room);
    if (opened?.is === "open") {
      // Comes to the end of the line of those that are kept; its unread line is drawn anew.
      this.opened.delete(room);
      const card = this.card(room);
      this.#set(
        room,
        card ? history.lookedAtAgain(opened.history, card.read_position, card.last_position) : opened.history,
      );
      if (history.isBehind(opened.history)) void this.#catchUp(room);
      void this.#readPeople(room);
    } else {
      void this.#open(room);
    }
  }

  /** Gets to know the people of all one's rooms; asks only for rooms of which nothing certain is known. */
  async meet(): Promise<void> {
    if (this.link.is !== "live") return;
    await this.members.learn(roomsToMeetIn(this.rooms).filter((room) => this.#current(room) === undefined));
  }

  /** Accepts an invitation; answers why not. */
  async accept(room: RoomId): Promise<Answer<unknown>> {
    const answer = await this.#wire.ask("rooms.accept", { room });
    if (answer.is === "ok") await this.#list();
    return answer;
  }

  /** Brings the next older posts. */
  async older(room: RoomId): Promise<void> {
    const first = this.history(room)?.posts[0];
    if (first && this.history(room)?.moreBefore) {
      await this.#page(room, { before: first.position }, history.older);
    }
  }

  /** Brings the next newer posts. */
  async newer(room: RoomId): Promise<void> {
    const last = this.history(room)?.posts.at(-1);
    if (last && this.history(room)?.moreAfter)
      await this.#page(room, { after: last.position }, history.newer);
  }

  /** Looks at the newest posts. */
  async newest(room: RoomId): Promise<void> {
    if (this.history(room)?.moreAfter) await this.#page(room, "end", history.elsewhere);
  }

  /** Looks at the posts around one. */
  async around(room: RoomId, position: number): Promise<void> {
    await this.#page(room, { around: position }, history.elsewhere);
  }

  /** A post was long enough on screen. */
  seen(room: RoomId, position: number): void {
    const card = this.card(room);
    if (!card || position <= card.read_position) return;
    this.rooms = rooms.seen(this.rooms, room, position);
    const known = this.history(room);
    if (known && this.#account !== undefined) {
      const receipts = [{ account: this.#account, position }];
      this.#set(room, history.apply(known, { event: "receipts", room, receipts }));
    }
    this.#readMarks.set(room, position);
  }

  /** What is being written in a room. */
  writing(room: RoomId): Writing {
    return this.writings.get(room) ?? BLANK;
  }

  /** Keeps what is being written, in memory. */
  write(room: RoomId, writing: Writing): void {
    if (writing.text === "" && writing.replyTo === undefined) this.writings.delete(room);
    else this.writings.set(room, writing);
  }

  /** Asks who will read a draft. Not connected: the readers last known. */
  async preview(room: RoomId): Promise<Answer<Sheet>> {
    const draft = draftOf(room, this.writing(room), this.#needs.newId());
    const answer = await this.#wire.ask("posts.preview", draft);
    if (answer.is === "ok") return { is: "ok", ok: sheetOf(draft, answer.ok, false) };
    const known = this.history(room);
    if (answer.is === "refused" || !known || !this.me) return answer;
    return { is: "ok", ok: sheetFromMemory(draft, known.members, this.me.account) };
  }

  /** The author has confirmed: the post goes on its way. */
  post(sheet: Sheet, acknowledged: readonly string[]): void {
    const { draft, preview } = sheet;
    if (sheet.isAgain && preview) {
      this.#outbox.confirmAgain(draft.post, preview, acknowledged);
      return;
    }
    this.writings.delete(draft.room);
    this.#outbox.add({
      draft,
      readers: readersOfSheet(sheet),
      acknowledged,
      writtenAt: this.#needs.now(),
      ...(preview ? { token: preview.token } : {}),
    });
  }

  /** Readers of a post that must be confirmed again. */
  async previewAgain(waiting: Waiting): Promise<Answer<Sheet>> {
    const answer: Answer<Preview> = await this.#wire.ask("posts.preview", waiting.draft);
    if (answer.is === "ok") return { is: "ok", ok: sheetOf(waiting.draft, answer.ok, true) };
    if (answer.is === "lost" && waiting.state.is === "reconfirm") {
      return { is: "ok", ok: sheetOf(waiting.draft, waiting.state.preview, true) };
    }
    return answer;
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
    const { room, text, reply_to: replyTo } = taken.draft;
    const now = this.writing(room);
    this.write(room, {
      text: now.text === "" ? text : `${text}\n${now.text}`,
      replyTo: now.replyTo ?? replyTo,
    });
    return true;
  }

  async #enter(me: Me): Promise<void> {
    // Somebody else sits down: nothing of the one before may be left.
    if (this.#account !== undefined && this.#account !== me.account) this.#forgetAll();
    this.#account = me.account;
    if (me.next && me.next.length > 0) {
      this.session = { is: "arriving", me };
      return;
    }
    if (this.#box.isFull) this.#putBack((await this.#box.take(me.account)) as Held | undefined);
    this.session = { is: "in", me };
    this.attendance.begin(me.ends);
    this.#wire.start();
  }

  #linkIs(state: LinkState): void {
    const wasLive = this.link.is === "live";
    this.link = state;
    if (wasLive && state.is !== "live") {
      this.liveAt = this.#needs.now();
      this.catching = undefined;
      this.members.doubt();
    }
    if (state.is === "signed_out") this.#ended(state.why);
    if (state.is === "away" && state.why === "too_old") this.#needs.reload();
  }

  #welcome(welcome: Welcome): void {
    if (this.#account !== welcome.me.account) this.#forgetAll();
    this.#account = welcome.me.account;
    this.session = { is: "in", me: welcome.me };
    this.attendance.linked(welcome.me.ends, welcome.now - this.#needs.now());
    for (const room of welcome.gone) this.#gone(room);
    let missed = 0;
    for (const { room, change, last_position } of welcome.stale) {
      const known = this.history(room);
      if (!known) continue;
      missed += known.moreAfter ? 0 : Math.max(0, last_position - (known.posts.at(-1)?.position ?? 0));
      this.#set(room, history.heardOf(known, change));
    }
    if (missed > 0) this.catching = { missed, read: 0 };
    void this.#catchUpAll();
    void this.notices.refresh();
    this.#outbox.resume();
    this.openings.resume();
  }

  /** Everything that may have passed us by: opened rooms, the list, receipts of the room on screen. */
  async #catchUpAll(): Promise<void> {
    this.#focus();
    const behind = [...this.opened].filter(([, one]) => one.is === "open" && history.isBehind(one.history));
    await Promise.all([
      this.#list(),
      ...behind.map(([room]) => this.#catchUp(room)),
      ...(this.shown === undefined ? [] : [this.#refreshShown(this.shown)]),
    ]);
    this.catching = undefined;
  }

  async #refreshShown(room: RoomId): Promise<void> {
    await (this.opened.get(room)?.is === "open" ? this.#readPeople(room) : this.#open(room));
  }

  #hear(event: Event): void {
    const me = this.#account;
    if (me === undefined) return;
    this.rooms = rooms.apply(this.rooms, event, me);
    if (event.event === "behind") {
      for (const [room, one] of this.opened) {
        if (one.is === "open") this.#set(room, history.heardOf(one.history, one.history.change + 1));
      }
      this.members.doubt();
      void this.#catchUpAll();
      return;
    }
    if (event.event === "noticed") {
      void this.notices.refresh();
      return;
    }
    if (event.event === "member_changed") this.members.doubt(event.room);
    const room = event.event === "posted" ? event.post.room : event.room;
    if (event.event === "posted" && event.post.author.account === me) this.#readOwn(event.post);
    const known = this.history(room);
    if (known) {
      this.#set(room, history.apply(known, event));
      this.#seeSaved();
      void this.#catchUp(room);
    }
    if (this.rooms.isStale) this.#listTimer ??= setTimeout(() => void this.#list(), LIST_MS);
  }

  async #list(): Promise<void> {
    clearTimeout(this.#listTimer);
    this.#listTimer = undefined;
    const answer = await this.#wire.ask("rooms.list", {});
    if (answer.is === "ok") this.rooms = rooms.listed(this.rooms, answer.ok);
  }

  async #open(room: RoomId): Promise<void> {
    this.opened.set(room, { is: "opening" });
    const answer = await this.#wire.ask("rooms.open", { room });
    if (answer.is === "ok") {
      this.opened.set(room, { is: "open", history: history.opened(answer.ok) });
      if (this.rooms.cards.has(room)) this.rooms = rooms.withCard(this.rooms, answer.ok.room);
      this.#forgetOldest();
      this.#seeSaved();
    } else if (answer.is === "refused") {
      this.opened.set(room, { is: "refused", refused: answer.refused });
    }
    // Lost: it stays `opening`; the next welcome opens it.
  }

  async #catchUp(room: RoomId): Promise<void> {
    if (this.#catchingUp.has(room)) return;
    this.#catchingUp.add(room);
    try {
      for (let known = this.history(room); known && history.isBehind(known); known = this.history(room)) {
        const answer = await this.#wire.ask("rooms.since", { room, change: known.change, limit: 200 });
        if (answer.is === "refused") return this.#gone(room);
        const before = this.history(room);
        if (answer.is === "lost" || !before) return;
        const now = history.caughtUp(before, answer.ok);
        // An answer that brings nothing new would be asked for for ever.
        if (now.change === before.change && !answer.ok.more)
          return this.#set(room, { ...now, heard: now.change });
        this.#set(room, now);
        if (this.catching) {
          const read = this.catching.read + answer.ok.posts.length;
          this.catching = { ...this.catching, read: Math.min(read, this.catching.missed) };
        }
      }
    } finally {
      this.#catchingUp.delete(room);
      this.#seeSaved();
    }
  }

  async #readPeople(room: RoomId): Promise<void> {
    const answer = await this.#wire.ask("members.list", { room });
    const known = this.history(room);
    if (answer.is === "ok" && known) this.#set(room, history.withPeople(known, answer.ok));
  }

  async #page(
    room: RoomId,
    at: "end" | { before: number } | { after: number } | { around: number },
    take: typeof history.older,
  ): Promise<void> {
    if (this.#paging.has(room)) return;
    this.#paging.add(room);
    const answer = await this.#wire.ask("rooms.page", { room, at, limit: PAGE });
    this.#paging.delete(room);
    const known = this.history(room);
    if (answer.is === "ok" && known) this.#set(room, take(known, answer.ok));
  }

  /** Members of a room on the desk: events keep them current. */
  #current(room: RoomId): readonly Member[] | undefined {
    const known = this.history(room);
    return known && !history.isBehind(known) ? known.members : undefined;
  }

  #membersOf(room: RoomId): readonly Member[] | undefined {
    return this.#current(room) ?? this.members.of(room) ?? this.history(room)?.members;
  }

  #focus(): void {
    const ask = this.shown === undefined ? {} : { room: this.shown };
    void this.#wire.ask("rooms.focus", ask);
  }

  /** One's own post, where nothing older was unread, is read: the list says so already, the server is told. */
  #readOwn({ room, position }: Post): void {
    if (this.card(room)?.read_position === position) this.#readMarks.set(room, position);
  }

  /** Saved posts that their room shows leave the outbox; those that it does not show yet are asked for. */
  #seeSaved(): void {
    for (const { draft, state } of this.waiting) {
      const known = state.is === "saved" ? this.history(draft.room) : undefined;
      if (state.is !== "saved" || !known || known.change >= state.change) continue;
      if (known.heard < state.change) this.#set(draft.room, history.heardOf(known, state.change));
      void this.#catchUp(draft.room);
    }
    this.#outbox.forget(({ draft, state }) => {
      const known = this.history(draft.room);
      return state.is === "saved" && (!known || known.change >= state.change);
    });
  }

  #known(): { room: RoomId; change: number }[] {
    return [...this.opened].flatMap(([room, one]) =>
      one.is === "open" ? [{ room, change: one.history.change }] : [],
    );
  }

  #set(room: RoomId, now: history.History): void {
    this.opened.set(room, { is: "open", history: now });
  }

  #gone(room: RoomId): void {
    this.opened.delete(room);
    this.rooms = rooms.without(this.rooms, [room]);
    if (this.shown === room) void this.#open(room);
  }

  #forgetOldest(): void {
    for (const room of this.opened.keys()) {
      if (this.opened.size <= KEPT) return;
      if (room !== this.shown) this.opened.delete(room);
    }
  }

  /** Nobody was here for too long, or the longest time is over: here and now, and the server is told. */
  #over(why: EndWhy): void {
    this.#wire.stop();
    this.#ended(why === "idle" ? "idle" : "ended");
    this.#leaving = this.#needs.http("accounts.sign_out", {});
  }

  /** The session is over: nothing readable stays; what was being written is sealed for the same person. */
  #ended(why: OutWhy): void {
    if (this.session.is === "out") return;
    const minutes = this.me && why === "idle" ? Math.round(this.me.ends.idle_ms / 60_000) : undefined;
    if (this.session.is === "in") this.#hold();
    this.session = { is: "out", why, minutes };
    this.attendance.end();
    this.#forgetContent();
    this.#forgetWritten();
  }

  #hold(): void {
    const openings = this.openings.held();
    const held: Held = {
      writings: [...this.writings],
      posts: this.#outbox.held(),
      ...(openings ? { openings } : {}),
    };
    const isNothing = held.writings.length === 0 && held.posts.length === 0 && !openings;
    if (this.#account !== undefined && !isNothing) this.#box.keep(this.#account, held);
  }

  #putBack(held: Held | undefined): void {
    if (!held) return;
    for (const [room, writing] of held.writings) this.writings.set(room, writing);
    if (held.openings) this.openings.putBack(held.openings);
    this.#outbox.putBack(held.posts);
  }

  #forgetContent(): void {
    this.rooms = rooms.NO_ROOMS;
    this.opened.clear();
    this.shown = undefined;
    this.catching = undefined;
    this.members.clear();
    this.notices.clear();
    this.#readMarks.clear();
    clearTimeout(this.#listTimer);
    this.#listTimer = undefined;
  }

  #forgetAll(): void {
    this.#account = undefined;
    this.#box.drop();
    this.attendance.end();
    this.#forgetContent();
    this.#forgetWritten();
    this.liveAt = undefined;
  }

  #forgetWritten(): void {
    this.writings.clear();
    this.#outbox.clear();
    this.openings.clear();
  }
}
