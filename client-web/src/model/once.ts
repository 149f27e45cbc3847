//! Something new is asked for once: when an answer was lost, the same is asked for again under the same ids.
import type { Outcome } from "./outcome.ts";

/** Asks for new things, one after the other. */
export class Once<Ids> {
  #newIds: () => Ids;
  /** What was asked for when the answer was lost. */
  #unsure: { ids: Ids; what: string } | undefined;

  constructor(newIds: () => Ids) {
    this.#newIds = newIds;
  }

  /** Asks for it; answers why not. `what`: everything that makes it another thing. */
  async ask(what: unknown, ask: (ids: Ids) => Promise<Outcome>): Promise<Outcome> {
    const written = JSON.stringify(what);
    const before = this.#unsure?.what === written ? this.#unsure.ids : undefined;
    const ids = before ?? this.#newIds();
    const answer = await ask(ids);
    this.#unsure = answer.is === "lost" ? { ids, what: written } : undefined;
    const stoodAlready =
      before !== undefined && answer.is === "refused" && answer.refused.code === "id_taken";
    return stoodAlready ? { is: "ok", ok: {} } : answer;
  }
}
