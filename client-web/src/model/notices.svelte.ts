//! What one is told about one's own account: the newest of it, and how much was not seen yet.
import type { Notice, NoticeId, NoticeList } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";

/** What notices need from outside. */
export type NoticesNeeds = {
  list: () => Promise<Answer<NoticeList>>;
  see: (upto: NoticeId) => Promise<unknown>;
};

/** Notices of whoever sits here. */
export class Notices {
  /** The newest first; absent until they were asked for. */
  list = $state.raw<readonly Notice[] | undefined>(undefined);
  unseen = $state(0);

  #needs: NoticesNeeds;
  /** Whose notices are asked for: an answer for somebody before is dropped. */
  #turn = 0;

  constructor(needs: NoticesNeeds) {
    this.#needs = needs;
  }

  /** Asks anew. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const answer = await this.#needs.list();
    if (turn !== this.#turn || answer.is !== "ok") return;
    this.list = answer.ok.notices;
    this.unseen = answer.ok.unseen;
  }

  /** What is on screen counts as seen. It stays marked as new in the list until that is asked for again. */
  async seen(): Promise<void> {
    const newest = this.list?.[0];
    if (newest === undefined || this.unseen === 0) return;
    this.unseen = 0;
    await this.#needs.see(newest.id);
  }

  /** Forgets everything. */
  clear(): void {
    this.#turn += 1;
    this.list = undefined;
    this.unseen = 0;
  }
}
