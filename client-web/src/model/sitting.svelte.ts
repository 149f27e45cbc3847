//! Who sits at the desk: how she sits down, how she leaves, and what of hers is kept, sealed, when a session ends by itself.
import type { AccountId, Done, Me } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import type { OutWhy } from "../wire/link-state.ts";
import type { Windows } from "../wire/windows.ts";
import { Attendance } from "./attendance.svelte.ts";
import type { EndWhy } from "./presence.ts";
import { outBy, type Session } from "./session.ts";
import type { Strongbox } from "./strongbox.ts";

/** What a sitting needs from the desk. */
export type SittingNeeds = {
  http: AskHttp;
  link: { start: () => void; stop: () => void };
  box: Strongbox;
  /** Tells the server that somebody is here; answers whether it heard. */
  stay: () => Promise<boolean>;
  /** What lies on the desk. */
  things: {
    /** What is to be kept; nothing when there is nothing. */
    held: () => unknown;
    /** Its owner is back. */
    putBack: (held: unknown) => void;
    /** Forgets everything. */
    clear: () => void;
  };
  windows: Windows;
  now: () => number;
};

const UNREACHABLE_MS = 4_000;

/** A person at the desk, or nobody. */
export class Sitting {
  session = $state.raw<Session>({ is: "asking" });
  /** Whether somebody still sits before the screen. */
  readonly attendance: Attendance;
  #needs: SittingNeeds;
  /** Whose things these are; stays while a session is over by itself, so that they wait for her. */
  #owner: AccountId | undefined;
  /** A sign-out that the server has not answered: its answer takes the cookie away, and must not take the next one's. */
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(needs: SittingNeeds) {
    this.#needs = needs;
    this.attendance = new Attendance({
      tell: needs.stay,
      over: (why) => this.#over(why),
      windows: needs.windows,
      now: needs.now,
    });
  }

  /** Whose things lie on the desk. */
  get owner(): AccountId | undefined {
    return this.#owner;
  }

  /** The person signed in. */
  get me(): Me | undefined {
    return this.session.is === "in" ? this.session.me : undefined;
  }

  /** Whether something that was being written waits, sealed, for its author. */
  get isHolding(): boolean {
    return this.#needs.box.isFull;
  }

  /** Done when whoever sat here before has left for good. */
  get left(): Promise<unknown> {
    return this.#leaving;
  }

  /** Finds out whether somebody is signed in, and goes on from there. */
  async begin(): Promise<void> {
    const answer = await this.#needs.http("accounts.me", {});
    if (answer.is === "ok") return this.goOn(answer.ok);
    const out = answer.is === "refused" ? outBy(answer.refused) : undefined;
    if (out !== undefined) {
      this.session = { is: "out", why: out === "idle" ? "idle" : "never" };
      return;
    }
    this.session = { is: "unreachable" };
    setTimeout(() => this.session.is === "unreachable" && void this.begin(), UNREACHABLE_MS);
  }

  /** Somebody signed in, or did a step of coming in: who she is now, with what is still missing. */
  async goOn(me: Me): Promise<void> {
    const { box, things, link } = this.#needs;
    this.#sitDown(me.account);
    if (me.next && me.next.length > 0) {
      this.session = { is: "arriving", me };
      return;
    }
    if (box.isFull) things.putBack(await box.take(me.account));
    this.session = { is: "in", me };
    this.attendance.begin(me.ends);
    link.start();
  }

  /** Reads again who she is: a role of hers is new. */
  async readAgain(): Promise<void> {
    const answer = await this.#needs.http("accounts.me", {});
    if (answer.is === "ok" && this.session.is === "in") this.session = { is: "in", me: answer.ok };
  }

  /** The server greeted us. `ahead`: by how much its clock is before ours. */
  welcomed(me: Me, ahead: number): void {
    this.#sitDown(me.account);
    this.session = { is: "in", me };
    this.attendance.linked(me.ends, ahead);
  }

  /** Signs out and forgets everything. Says so when the server could not be told. */
  async signOut(): Promise<void> {
    this.#needs.link.stop();
    this.leave("left");
    const answer = await this.#tell();
    const isTold = answer.is === "ok" || (answer.is === "refused" && outBy(answer.refused) !== undefined);
    if (!isTold && this.session.is === "out") this.session = { is: "out", why: "left_unheard" };
  }

  /** She leaves by her own will: nothing is kept. */
  leave(why: "left" | "reported"): void {
    this.#forget();
    this.session = { is: "out", why };
  }

  /** The session is over: nothing readable stays; what was being written is sealed for the same person. */
  ended(why: OutWhy): void {
    if (this.session.is === "out") return;
    const minutes = this.me && why === "idle" ? Math.round(this.me.ends.idle_ms / 60_000) : undefined;
    const held = this.session.is === "in" ? this.#needs.things.held() : undefined;
    if (this.#owner !== undefined && held !== undefined) this.#needs.box.keep(this.#owner, held);
    this.session = { is: "out", why, minutes };
    this.attendance.end();
    this.#needs.things.clear();
  }

  /** Somebody else sits down: nothing of the one before may be left. */
  #sitDown(account: AccountId): void {
    if (this.#owner !== undefined && this.#owner !== account) this.#forget();
    this.#owner = account;
  }

  /** Nobody was here for too long, or the longest time is over: here and now, and the server is told. */
  #over(why: EndWhy): void {
    this.#needs.link.stop();
    this.ended(why === "idle" ? "idle" : "ended");
    void this.#tell();
  }

  #tell(): Promise<Answer<Done>> {
    const asked = this.#needs.http("accounts.sign_out", {});
    this.#leaving = asked;
    return asked;
  }

  #forget(): void {
    this.#owner = undefined;
    this.#needs.box.drop();
    this.attendance.end();
    this.#needs.things.clear();
  }
}
