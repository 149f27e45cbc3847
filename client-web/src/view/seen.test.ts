//! A post counts as looked at only while somebody can look at it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cover } from "./covered.ts";
import { seen } from "./seen.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      #tell: (entries: unknown[]) => void;
      constructor(tell: (entries: unknown[]) => void) {
        this.#tell = tell;
      }
      observe() {
        this.#tell([{ intersectionRatio: 1, intersectionRect: { height: 10 }, rootBounds: { height: 100 } }]);
      }
      disconnect() {}
    },
  );
});
afterEach(() => {
  cover(false);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("what lies behind the cover is not read, and counts from the moment that it can be seen again", () => {
  const onSeen = vi.fn();
  cover(true);
  const stop = seen(true, onSeen)(document.createElement("article"));
  vi.advanceTimersByTime(60_000);
  expect(onSeen).not.toHaveBeenCalled();
  cover(false);
  vi.advanceTimersByTime(999);
  expect(onSeen).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSeen).toHaveBeenCalledOnce();
  stop?.();
});
