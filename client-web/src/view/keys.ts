//! Which key presses mean what, and never while kana is being converted.

/** Tells a real key press from one that belongs to the conversion of kana. */
export class ConversionGuard {
  #isConverting = false;
  #hasJustEnded = false;

  /** Conversion began. */
  begin(): void {
    this.#isConverting = true;
  }

  /**
   * Conversion ended. Safari sends the Enter that ended it afterwards, in the same task and no longer marked: what
   * comes before the next task still belongs to the conversion.
   */
  end(): void {
    this.#isConverting = false;
    this.#hasJustEnded = true;
    setTimeout(() => {
      this.#hasJustEnded = false;
    });
  }

  /** The press belongs to the conversion. */
  covers(press: KeyboardEvent): boolean {
    return this.#isConverting || this.#hasJustEnded || press.isComposing || press.keyCode === 229;
  }

  /** Ctrl+Enter (⌘ on a Mac): go on to the confirm sheet, or from there to the server. Enter alone is a new line. */
  isOnward(press: KeyboardEvent): boolean {
    return (
      press.key === "Enter" &&
      (press.ctrlKey || press.metaKey) &&
      !press.shiftKey &&
      !press.altKey &&
      !this.covers(press)
    );
  }
}
