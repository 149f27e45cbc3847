//! Tells when a post has been looked at: at least half of it on screen for a second, in a focused window, not covered.
import { isCovered, onCover } from "./covered.ts";

const LONG_ENOUGH_MS = 1_000;

/** Watches one post; `onSeen` is called at most once. Used as an attachment of the post's element. */
export function seen(isWatched: boolean, onSeen: () => void): (element: Element) => (() => void) | undefined {
  return (element) => {
    if (!isWatched || typeof IntersectionObserver === "undefined") return undefined;
    let isHalfVisible = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const judge = () => {
      const isLooking =
        isHalfVisible && document.visibilityState === "visible" && document.hasFocus() && !isCovered();
      if (!isLooking) {
        clearTimeout(timer);
        timer = undefined;
      } else {
        timer ??= setTimeout(() => {
          stop();
          onSeen();
        }, LONG_ENOUGH_MS);
      }
    };
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (!entry) return;
        // A post taller than the screen counts once it fills half of the screen.
        const screen = entry.rootBounds?.height ?? window.innerHeight;
        isHalfVisible = entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= screen / 2;
        judge();
      },
      { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] },
    );
    const offCover = onCover(judge);
    const stop = () => {
      offCover();
      clearTimeout(timer);
      observer.disconnect();
      removeEventListener("focus", judge);
      removeEventListener("blur", judge);
      document.removeEventListener("visibilitychange", judge);
    };
    observer.observe(element);
    addEventListener("focus", judge);
    addEventListener("blur", judge);
    document.addEventListener("visibilitychange", judge);
    return stop;
  };
}
