//! One's own account: every way to sign in, what one proves, and what one changes.
import type { Done, Me, RegionId, RosterPersonId, SignedIn } from "../../../protocol/bindings/protocol.ts";
import type { Answer, Ask } from "../wire/frame.ts";
import type { AskHttp } from "../wire/http.ts";
import type { GaveUp, Passkeys } from "./passkeys.ts";
import { ProofAsked } from "./proof-asked.svelte.ts";
import type { Sitting } from "./sitting.svelte.ts";

/** What an account needs from the desk. */
export type AccountNeeds = {
  http: AskHttp;
  passkeys: Passkeys;
  sitting: Sitting;
  link: { start: () => void; stop: () => void };
};

/** The account of whoever sits at the desk, or is about to. */
export class Account {
  /** The question for the password, where a proof is wanted and no passkey is there. */
  readonly proof = new ProofAsked();
  #needs: AccountNeeds;

  constructor(needs: AccountNeeds) {
    this.#needs = needs;
  }

  /** Signs in; answers why not. */
  async signIn(email: string, password: string): Promise<Answer<Me>> {
    await this.#needs.sitting.left;
    return this.#came(await this.#needs.http("accounts.sign_in", { email, password }));
  }

  /** Signs in with a passkey alone; answers why not. */
  async signInByPasskey(): Promise<Answer<Me> | GaveUp> {
    await this.#needs.sitting.left;
    const answer = await this.#needs.passkeys.signIn();
    if (answer.is === "ok") await this.#needs.sitting.goOn(answer.ok);
    return answer;
  }

  /** Shows a passkey: the second factor, or once more who one is. The session gets a new token; answers why not. */
  async showPasskey(): Promise<Answer<Me> | GaveUp> {
    const { sitting, link, passkeys } = this.#needs;
    const wasIn = sitting.me !== undefined;
    // The link belongs to the old token, which ends with this.
    const answer = await passkeys.prove(() => wasIn && link.stop());
    if (answer.is === "ok") await sitting.goOn(answer.ok);
    else if (wasIn) link.start();
    return answer;
  }

  /** Registers the first passkey of a session that lacks its second factor, and shows it; answers why not. */
  async registerSecondFactor(name: string): Promise<Answer<Me> | GaveUp> {
    const registered = await this.#needs.passkeys.register(name);
    return registered.is === "ok" ? this.showPasskey() : registered;
  }

  /** Does what may need a proof: where the last one is too old a passkey or the password is shown, and the act goes on. */
  async proven<T>(act: () => Promise<Answer<T> | GaveUp>): Promise<Answer<T> | GaveUp> {
    const answer = await act();
    const isTooOld = answer.is === "refused" && answer.refused.code === "step_up_required";
    if (!isTooOld) return answer;
    const shown = this.#needs.passkeys.canHave ? await this.showPasskey() : answer;
    if (shown.is === "gave_up") return shown;
    // Whoever has no passkey to show here shows her password.
    const isShown = shown.is === "ok" || (await this.proof.ask());
    return isShown ? act() : answer;
  }

  /** Shows once more who one is, by the password. The session gets a new token; answers why not. */
  showPassword(password: string): Promise<Answer<Me>> {
    return this.#anew(() => this.#needs.http("accounts.prove", { password }));
  }

  /** Sets a new password; every other session of the account ends, and this one gets a new token. Answers why not. */
  changePassword(current: string, fresh: string): Promise<Answer<Me>> {
    return this.#anew(() => this.#needs.http("accounts.change_password", { current, new: fresh }));
  }

  /** Says who of the people who share this account acts; answers why not. */
  async actAs(person: RosterPersonId): Promise<Answer<Me>> {
    return this.#came(await this.#needs.http("accounts.act_as", { person }));
  }

  /** Signs in for the first time, by a link that is good once, and sets the password; answers why not. */
  async enter(link: string, password: string, terms: string): Promise<Answer<Me>> {
    return this.#came(await this.#needs.http("accounts.enter", { link, password, terms }));
  }

  /** Acknowledges a version of a region's rules. The session gets a new token; answers why not. */
  acknowledgeRules(region: RegionId, version: string): Promise<Answer<Me>> {
    return this.#anew(() => this.#needs.http("rules.acknowledge", { region, version }));
  }

  /** Comes in from a device that is not registered, by a mailed link and the password; answers why not. */
  async enterByException(link: string, password: string): Promise<Answer<Me>> {
    return this.#came(await this.#needs.http("accounts.enter_by_exception", { link, password }));
  }

  /** Says that a device is gone or somebody else uses the account: every session of it ends, this one too. Answers why not. */
  async reportMine(report: Ask<"incidents.report_mine">): Promise<Answer<Done>> {
    const { link, http, sitting } = this.#needs;
    link.stop();
    const answer = await http("incidents.report_mine", report);
    if (answer.is === "ok") sitting.leave("reported");
    else link.start();
    return answer;
  }

  /** An act that ends the token in use, and with it the link that belongs to that. */
  async #anew(act: () => Promise<Answer<SignedIn>>): Promise<Answer<Me>> {
    const { sitting, link } = this.#needs;
    const wasIn = sitting.me !== undefined;
    if (wasIn) link.stop();
    const answer = await this.#came(await act());
    if (answer.is !== "ok" && wasIn) link.start();
    return answer;
  }

  async #came(answer: Answer<SignedIn>): Promise<Answer<Me>> {
    if (answer.is !== "ok") return answer;
    await this.#needs.sitting.goOn(answer.ok.me);
    return { is: "ok", ok: answer.ok.me };
  }
}
