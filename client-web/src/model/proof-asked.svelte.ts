//! The question for the password, before an act that wants to know once more who one is.

/** One question at a time: who asks again closes the one before. */
export class ProofAsked {
  #settle = $state.raw<((shown: boolean) => void) | undefined>(undefined);

  /** Whether the question is on screen. */
  get isOpen(): boolean {
    return this.#settle !== undefined;
  }

  /** Puts it on screen; answers whether the password was right in the end. */
  ask(): Promise<boolean> {
    this.settle(false);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** It was answered, or given up. */
  settle(shown: boolean): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(shown);
  }
}
