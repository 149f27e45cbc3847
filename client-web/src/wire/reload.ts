//! Loads a newer client once; if that did not help, the screen says so instead of loading for ever.

const KEY = "tsumugi.reloaded";
const AGAIN_MS = 60_000;

/** Reloads the page, unless that was just done. */
export function reloadOnce(): void {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - last < AGAIN_MS) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
}
