//! Watches whether somebody still sits before the screen; the steps are those of `presence.ts`.
import type { SessionEnd } from "../../../protocol/bindings/protocol.ts";
import type { Windows } from "../wire/windows.ts";
import { arrived, type EndWhy, type Presence, type PresenceInput, step, type Watch } from "./presence.ts";

/** What a watch needs from outside. */
export type AttendanceNeeds = {
  /** Tells the server that somebody is here; answers whether it heard. */
  tell: () => Promise<boolean>;
  /** The session ends here and now. */
  over: (why: EndWhy) => void;
  windows: Windows;
  now: () => number;
};

const TICK_MS = 1_000;
const NOBODY: Presence = { is: "nobody" };

/** The watch of one session; it rests until `begin`. */
export class Attendance {
  shows = $state.raw<Presence>(NOBODY);
  /** The moment of the last tick, for what counts down. */
  now = $state(0);
  #needs: AttendanceNeeds;
  #watch: Watch | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(needs: AttendanceNeeds) {
    this.#needs = needs;
    needs.windows.onHear((at) => this.#feed({ is: "elsewhere", at }));
  }

  /** Somebody signed in. `ahead`: by how much the server's clock is before ours. */
  begin(ends: SessionEnd, ahead = 0): void {
    this.end();
    this.#watch = arrived({ ...ends, at: ends.at - ahead }, this.#needs.now());
    this.#show();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** The server greeted us: its clock is known, and it may not have heard of the last input. */
  linked(ends: SessionEnd, ahead: number): void {
    if (!this.#watch) {
      this.begin(ends, ahead);
      return;
    }
    this.#watch = { ...this.#watch, ends: { ...ends, at: ends.at - ahead } };
    this.#feed({ is: "linked" });
  }

  /** Nobody is signed in any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watch = undefined;
    this.shows = NOBODY;
  }

  /** A key, a pointer, a scroll. */
  input(): void {
    this.#feed({ is: "input" });
  }

  /** "Go on" was pressed. */
  stay(): void {
    this.#feed({ is: "stay" });
  }

  /** Looks at the clock now, and does not wait for the second to be full. */
  tick(): void {
    this.#feed({ is: "tick" });
  }

  #feed(input: PresenceInput): void {
    if (!this.#watch) return;
    const now = this.#needs.now();
    const [after, orders] = step(this.#watch, input, now);
    this.#watch = after;
    this.#show();
    for (const order of orders) {
      if (order === "tell_windows") this.#needs.windows.tell(now);
      else void this.#tell(after.actedAt);
    }
    if (after.shows.is === "over") {
      const { why } = after.shows;
      this.end();
      this.#needs.over(why);
    }
  }

  async #tell(to: number): Promise<void> {
    if (await this.#needs.tell()) this.#feed({ is: "told", to });
  }

  #show(): void {
    const shows = this.#watch?.shows ?? NOBODY;
    this.now = this.#needs.now();
    const is = this.shows;
    const isSame =
      is.is === shows.is && (is.is !== "warned" || (shows.is === "warned" && is.until === shows.until));
    if (!isSame) this.shows = shows;
  }
}
