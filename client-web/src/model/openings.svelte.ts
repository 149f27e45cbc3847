//! Rooms that a person opens herself: free groups and connections. An ask keeps its id until it is answered, so that
//! asking again never makes a second room.
import { SvelteMap } from "svelte/reactivity";
import type { AccountId, InviteRequires, RoomId, RoomMade } from "../../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName, Reply } from "../wire/frame.ts";

/** A free group as it is being thought out. Lives in memory only. */
export type Group = {
  readonly title: string;
  readonly aim: string;
  readonly invite: readonly AccountId[];
  /** What it asks of whoever joins. */
  readonly requires: readonly InviteRequires[];
};

/** Nothing thought out. */
export const NO_GROUP: Group = { title: "", aim: "", invite: [], requires: [] };

/** `unknown`: sent, and the answer was lost. It is asked again once the link is live. */
export type Progress = "asking" | "unknown";

/** What is kept of openings until their person is back: what she wrote, and ids under which something may be made already. */
export type HeldOpenings = { group: Group; ids: [AccountId | "group", RoomId][] };

/** What openings need from outside. */
export type OpeningsNeeds = {
  ask: <Name extends CommandName>(name: Name, ask: Ask<Name>) => Promise<Answer<Reply<Name>>>;
  newId: () => string;
  /** Brings the list up to date. */
  list: () => Promise<void>;
};

/** What is being opened. */
export class Openings {
  group = $state.raw<Group>(NO_GROUP);
  #needs: OpeningsNeeds;
  #progress = new SvelteMap<AccountId | "group", Progress>();
  #ids = new Map<AccountId | "group", RoomId>();
  #whenLive: (() => void)[] = [];
  /** Raised by `clear`: an answer of an earlier life changes nothing. */
  #life = 0;

  constructor(needs: OpeningsNeeds) {
    this.#needs = needs;
  }

  /** How far the free group is, or the connection with somebody; nothing when nothing is under way. */
  progress(of: AccountId | "group"): Progress | undefined {
    return this.#progress.get(of);
  }

  /** Opens the free group as it is written now. */
  async openGroup(): Promise<Answer<RoomMade>> {
    const { title, aim, invite, requires } = this.group;
    const what = { title, aim, invite: [...invite], requires: [...requires] };
    const answer = await this.#insist("group", "rooms.create_free", what);
    if (answer.is === "ok") this.group = NO_GROUP;
    return answer;
  }

  /** Asks somebody for a connection; the one there is already is the answer, too. */
  connect(account: AccountId): Promise<Answer<RoomMade>> {
    return this.#insist(account, "rooms.connect", { with: account });
  }

  /** The link is live again: what was never answered is asked again. */
  resume(): void {
    for (const go of this.#whenLive.splice(0)) go();
  }

  /** What is to be kept; nothing when there is nothing. */
  held(): HeldOpenings | undefined {
    const { title, aim, invite, requires } = this.group;
    const isBlank = title === "" && aim === "" && invite.length === 0 && requires.length === 0;
    return isBlank && this.#ids.size === 0 ? undefined : { group: this.group, ids: [...this.#ids] };
  }

  /** Its person is back. What was never answered goes under its old id when she asks again. */
  putBack({ group, ids }: HeldOpenings): void {
    this.group = group;
    for (const [of, room] of ids) this.#ids.set(of, room);
  }

  /** Forgets everything (signed out). */
  clear(): void {
    this.#life += 1;
    this.group = NO_GROUP;
    this.#progress.clear();
    this.#ids.clear();
    this.resume();
  }

  async #insist<Name extends "rooms.create_free" | "rooms.connect">(
    of: AccountId | "group",
    name: Name,
    what: Omit<Ask<Name>, "room">,
  ): Promise<Answer<RoomMade>> {
    const life = this.#life;
    const room = this.#ids.get(of) ?? this.#needs.newId();
    this.#ids.set(of, room);
    for (;;) {
      this.#progress.set(of, "asking");
      const answer: Answer<RoomMade> = await this.#needs.ask(name, { ...what, room } as Ask<Name>);
      if (life !== this.#life) return { is: "lost" };
      if (answer.is === "lost") {
        this.#progress.set(of, "unknown");
        await new Promise<void>((go) => this.#whenLive.push(go));
        if (life !== this.#life) return answer;
        continue;
      }
      // A taken id stands for what was asked earlier: the next ask is another one.
      const isSpent = answer.is === "ok" || answer.refused.code === "id_taken";
      if (isSpent) this.#ids.delete(of);
      if (isSpent) await this.#needs.list();
      if (life !== this.#life) return { is: "lost" };
      this.#progress.delete(of);
      return answer;
    }
  }
}
