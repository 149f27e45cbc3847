//! Whether the page is covered: then nothing on it can be read, by eyes or by a screen reader, and nothing counts as read.
//! The page itself stays as it is behind the cover, with what is being written and where one has scrolled.

const WORD = "tsumugi:covered";

/** Whether it is covered now. */
export function isCovered(): boolean {
  return document.documentElement.dataset.covered !== undefined;
}

/** Covers the page, or uncovers it. */
export function cover(isOn: boolean): void {
  if (isOn) document.documentElement.dataset.covered = "";
  else delete document.documentElement.dataset.covered;
  dispatchEvent(new Event(WORD));
}

/** Calls when that changes; answers how to stop it. */
export function onCover(call: () => void): () => void {
  addEventListener(WORD, call);
  return () => removeEventListener(WORD, call);
}
