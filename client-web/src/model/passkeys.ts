//! The ceremonies of a passkey: begin at the server, let the browser ask the person, finish at the server.
import type { Me, PasskeyBegun, PasskeyList } from "../../../protocol/bindings/protocol.ts";
import type { BrowserKeys } from "../wire/browser-keys.ts";
import type { Answer } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";

/** The person gave up in the browser's own dialogue: nothing happened. */
export type GaveUp = { is: "gave_up" };

/** What came of a change: the list as it is now, or why not. */
export type Changed = Answer<PasskeyList> | GaveUp;

/** Passkeys of whoever sits here. */
export class Passkeys {
  #http: AskHttp;
  #browser: BrowserKeys;

  constructor(http: AskHttp, browser: BrowserKeys) {
    this.#http = http;
    this.#browser = browser;
  }

  /** Whether this page can have any. */
  get canHave(): boolean {
    return this.#browser.canHave();
  }

  /** Signs in with a passkey alone. */
  signIn(): Promise<Answer<Me> | GaveUp> {
    return this.#prove("accounts.sign_in_passkey_begin", "accounts.sign_in_passkey_finish");
  }

  /** Shows a passkey of the account that is signed in: the second factor, or once more who one is. */
  prove(beforeFinish: () => unknown): Promise<Answer<Me> | GaveUp> {
    return this.#prove("passkeys.prove_begin", "passkeys.prove_finish", beforeFinish);
  }

  /** Makes a new one. */
  async register(name: string): Promise<Answer<PasskeyList> | GaveUp> {
    const begun = await this.#http("passkeys.register_begin", { origin: this.#browser.origin });
    if (begun.is !== "ok") return begun;
    const credential = await this.#browser.make(begun.ok.options);
    if (credential === undefined) return { is: "gave_up" };
    return this.#http("passkeys.register_finish", { ceremony: begun.ok.ceremony, credential, name });
  }

  /** All of them. */
  list(): Promise<Answer<PasskeyList>> {
    return this.#http("passkeys.list", {});
  }

  /** Gives one another name. */
  rename(passkey: string, name: string): Promise<Answer<PasskeyList>> {
    return this.#http("passkeys.rename", { passkey, name });
  }

  /** Removes one. */
  remove(passkey: string): Promise<Answer<PasskeyList>> {
    return this.#http("passkeys.remove", { passkey });
  }

  async #prove(
    begin: "accounts.sign_in_passkey_begin" | "passkeys.prove_begin",
    finish: "accounts.sign_in_passkey_finish" | "passkeys.prove_finish",
    beforeFinish: () => unknown = () => undefined,
  ): Promise<Answer<Me> | GaveUp> {
    const begun: Answer<PasskeyBegun> = await this.#http(begin, { origin: this.#browser.origin });
    if (begun.is !== "ok") return begun;
    const credential = await this.#browser.show(begun.ok.options);
    if (credential === undefined) return { is: "gave_up" };
    beforeFinish();
    const answer = await this.#http(finish, { ceremony: begun.ok.ceremony, credential });
    return answer.is === "ok" ? { is: "ok", ok: answer.ok.me } : answer;
  }
}
