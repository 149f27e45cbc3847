//! Somebody new in an office: an answer that was lost is asked for again under the same ids, so that she is registered once.
import type {
  AccountId,
  AffiliationId,
  Occupation,
  RegisterStaff,
} from "../../../protocol/bindings/protocol.ts";
import type { Asks } from "./office.ts";
import type { Outcome } from "./outcome.ts";

/** What her administrator writes down. */
export type Colleague = Omit<RegisterStaff, "account" | "affiliation">;

/** The occupations of people who work for an office, in the order in which forms show them. */
export const OFFICE_OCCUPATIONS: readonly Occupation[] = [
  "physician",
  "dentist",
  "pharmacist",
  "nurse",
  "care_manager",
  "home_helper",
  "physio",
  "occupational_therapist",
  "dietitian",
  "social_worker",
  "clerk",
];

/** Registers colleagues, one after the other. */
export class Registration {
  #ask: Asks;
  #newId: () => string;
  /** The ids of the one whose answer was lost, while she is the same. */
  #unsure: { account: AccountId; affiliation: AffiliationId; who: string } | undefined;
  #asked: { affiliation: AffiliationId; who: string } | undefined;

  constructor(ask: Asks, newId: () => string) {
    this.#ask = ask;
    this.#newId = newId;
  }

  /** Registers somebody; answers why not. */
  async register(colleague: Colleague): Promise<Outcome> {
    const who = JSON.stringify(colleague);
    const before = this.#unsure?.who === who ? this.#unsure : undefined;
    const ids = before ?? { account: this.#newId(), affiliation: this.#newId(), who };
    const { account, affiliation } = ids;
    const answer = await this.#ask("offices.register_staff", { account, affiliation, ...colleague });
    this.#unsure = answer.is === "lost" ? ids : undefined;
    return answer;
  }

  /** Asks somebody who has an account already to join with it; her language is hers. */
  async admit({ lang: _, ...colleague }: Colleague): Promise<Outcome> {
    const who = JSON.stringify(colleague);
    const before = this.#asked?.who === who ? this.#asked : undefined;
    this.#asked = before ?? { affiliation: this.#newId(), who };
    const answer = await this.#ask("offices.admit", { affiliation: this.#asked.affiliation, ...colleague });
    if (answer.is !== "lost") this.#asked = undefined;
    return answer;
  }
}
