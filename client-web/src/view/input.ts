//! What counts as input: what a person does on purpose. A pointer that only moves does not.
import type { Attendance } from "../model/attendance.svelte.ts";
import { isCovered } from "./covered.ts";

const ON_PURPOSE = ["pointerdown", "click", "keydown", "wheel", "touchmove"] as const;

/** Watches the whole page. */
export function watchInput(attendance: Attendance): void {
  for (const name of ON_PURPOSE) {
    addEventListener(name, (event) => hear(attendance, event), {
      capture: true,
      passive: name !== "keydown",
    });
  }
  // Woken up, or looked at again: the clock may have gone on without us.
  for (const name of ["focus", "pageshow"]) addEventListener(name, () => attendance.tick());
  document.addEventListener("visibilitychange", () => attendance.tick());
}

function hear(attendance: Attendance, event: Event): void {
  if (!event.isTrusted) return;
  if (isCovered()) {
    // A press uncovers when it is over: else its end would land on what was behind the cover.
    if (event.type === "pointerdown") return;
    if (event instanceof KeyboardEvent && attendance.shows.is === "blank" && !event.ctrlKey && !event.metaKey)
      event.preventDefault();
  }
  attendance.input();
}
