//! What stands beside people's names: photos by their version. Asked for in one go, and kept while one is signed in.
import type { AccountId, Face } from "../../../protocol/bindings/protocol.ts";
import type { Asks } from "./office.ts";

/** What is shown of somebody. */
export type Shown = Face & {
  /** The photo as an address of its own. */
  picture?: string;
};

/** So many may be asked for at once. */
const AT_ONCE = 100;

/** The faces that were asked for. */
export class Faces {
  shown = $state.raw<ReadonlyMap<AccountId, Shown>>(new Map());
  #ask: Asks;
  #wanted = new Set<AccountId>();
  #known = new Set<AccountId>();
  #isDue = false;

  constructor(ask: Asks) {
    this.#ask = ask;
  }

  /** Somebody is on screen. */
  want(account: AccountId): void {
    if (this.#known.has(account)) return;
    this.#known.add(account);
    this.#wanted.add(account);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => void this.#find());
  }

  /** Something of theirs has changed. */
  async again(account: AccountId): Promise<void> {
    this.#known.add(account);
    this.#wanted.add(account);
    await this.#find();
  }

  async #find(): Promise<void> {
    this.#isDue = false;
    const accounts = [...this.#wanted].slice(0, AT_ONCE);
    if (accounts.length === 0) return;
    for (const account of accounts) this.#wanted.delete(account);
    const answer = await this.#ask("accounts.faces", { accounts });
    if (answer.is !== "ok") {
      // Whoever is on screen next asks again.
      for (const account of accounts) this.#known.delete(account);
      return;
    }
    for (const face of answer.ok.faces) await this.#keep(face);
    await this.#find();
  }

  async #keep(face: Face): Promise<void> {
    const before = this.shown.get(face.account);
    let picture = before?.photo === face.photo ? before?.picture : undefined;
    if (face.photo !== undefined && picture === undefined) {
      const answer = await this.#ask("accounts.photo", { account: face.account });
      if (answer.is === "ok") picture = `data:image/jpeg;base64,${answer.ok.image}`;
    }
    this.shown = new Map(this.shown).set(face.account, {
      ...face,
      ...(picture !== undefined && { picture }),
    });
  }
}
