//! The link to the server: opens, greets, asks and answers, and comes back by itself.
import type { Event, Welcome } from "../../../protocol/bindings/protocol.ts";
import {
  type Answer,
  type Ask,
  type CommandName,
  type Reply,
  readCloseReason,
  readFrame,
  readReply,
  writeAsk,
  writeHello,
} from "./frame.ts";
import {
  type Greeting,
  type LinkInput,
  type LinkOrder,
  type LinkState,
  step,
  type Who,
} from "./link-state.ts";
import { fetchShape, shapeOf } from "./shapes/replies.ts";

/** The part of a WebSocket that a link uses. */
export type Socket = {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
};

/** What a link needs from outside. */
export type LinkNeeds = {
  socket: () => Socket;
  whoAmI: () => Promise<Who>;
  greeting: () => Greeting;
  onState: (state: LinkState) => void;
  onWelcome: (welcome: Welcome) => void;
  onEvent: (event: Event) => void;
  now?: () => number;
  random?: () => number;
};

/** An answer that takes longer than this means that the link is dead. */
const ANSWER_MS = 12_000;
/** A probe after waking up is less patient. */
const PROBE_MS = 4_000;
/** A socket that has not been welcomed by then is given up. */
const OPEN_MS = 12_000;

type Pending = {
  name: CommandName;
  answer: (answer: Answer<never>) => void;
  timer: ReturnType<typeof setTimeout>;
};

/** A link; it rests until `start`. */
export class Link {
  #needs: Required<LinkNeeds>;
  #state: LinkState = { is: "resting" };
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(needs: LinkNeeds) {
    this.#needs = { now: Date.now, random: Math.random, ...needs };
  }

  /** Where the link is in its life. */
  get state(): LinkState {
    return this.#state;
  }

  /** Opens the link and keeps it open. */
  start(): void {
    this.#feed({ is: "start" });
  }

  /** Closes the link for good (signed out). */
  stop(): void {
    this.#feed({ is: "stop" });
  }

  /** The network is back or the page came to the front: try now; when live, make sure that it is true. */
  nudge(): void {
    if (this.#state.is === "live") void this.ask("time.now", {}, PROBE_MS);
    this.#feed({ is: "nudge" });
  }

  /** The network is gone. */
  cut(): void {
    this.#feed({ is: "dead" });
  }

  /** Asks one command. Not live, the link falls before the answer, or the answer could not be read: `lost`. */
  async ask<Name extends CommandName>(
    name: Name,
    ask: Ask<Name>,
    patience = ANSWER_MS,
  ): Promise<Answer<Reply<Name>>> {
    // What could not be read is not asked: an act would be done, and nobody would know how it ended.
    if (!shapeOf(name) && !(await fetchShape(name))) return { is: "lost" };
    const socket = this.#socket;
    if (this.#state.is !== "live" || !socket) return { is: "lost" };
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#feed({ is: "dead" }), patience);
      this.#pending.set(id, { name, answer: resolve as Pending["answer"], timer });
      socket.send(writeAsk(id, name, ask));
    });
  }

  #feed(input: LinkInput): void {
    const before = this.#state;
    const world = { now: this.#needs.now(), random: this.#needs.random() };
    const [after, orders] = step(before, input, world);
    this.#state = after;
    if (before.is === "live" && after.is !== "live") this.#loseAll();
    if (after.is !== "waiting" && after.is !== "opening") this.#clearTimer();
    for (const order of orders) this.#obey(order);
    if (after !== before) this.#needs.onState(after);
    if (input.is === "welcomed" && after.is === "live" && before.is !== "live")
      this.#needs.onWelcome(input.welcome);
  }

  #obey(order: LinkOrder): void {
    switch (order) {
      case "open":
        this.#open();
        return;
      case "close":
        this.#drop();
        return;
      case "hello":
        this.#socket?.send(writeHello(this.#needs.greeting()));
        return;
      case "ask_who":
        void this.#needs.whoAmI().then((answer) => this.#feed({ is: "who", answer }));
        return;
      case "wait":
        if (this.#state.is === "waiting") this.#after(this.#state.until - this.#needs.now(), { is: "due" });
    }
  }

  #open(): void {
    this.#drop();
    this.#after(OPEN_MS, { is: "dead" });
    let socket: Socket;
    try {
      socket = this.#needs.socket();
    } catch {
      queueMicrotask(() => this.#feed({ is: "closed", code: 1006, retryAfterMs: undefined }));
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#feed({ is: "opened" });
    socket.onmessage = (message) => this.#hear(String(message.data));
    socket.onclose = ({ code, reason }) => {
      this.#socket = undefined;
      this.#feed({ is: "closed", code, retryAfterMs: readCloseReason(reason) });
    };
  }

  #hear(text: string): void {
    const frame = readFrame(text);
    switch (frame.is) {
      case "welcome":
        this.#feed({ is: "welcomed", welcome: frame.welcome });
        return;
      case "event":
        if (this.#state.is === "live") this.#needs.onEvent(frame.event);
        return;
      case "refused":
        if (frame.id !== undefined) this.#settle(frame.id, () => ({ is: "refused", refused: frame.refused }));
        else if (frame.refused.code === "protocol_too_old") this.#feed({ is: "too_old" });
        return;
      case "ok":
        this.#settle(frame.id, (name) => readReply(name, frame.ok) as Answer<never>);
        return;
      case "unreadable":
        // A newer server may say things we do not know; a missed change shows as a gap and is asked for.
        return;
    }
  }

  #settle(id: number, answer: (name: CommandName) => Answer<never>): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.answer(answer(pending.name));
  }

  #loseAll(): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) {
      clearTimeout(pending.timer);
      pending.answer({ is: "lost" });
    }
  }

  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #after(ms: number, input: LinkInput): void {
    this.#clearTimer();
    this.#timer = setTimeout(() => this.#feed(input), Math.max(0, ms));
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
