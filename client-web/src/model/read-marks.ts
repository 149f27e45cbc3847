//! How far one has read, told to the server in few words: the furthest position of each room, once in a while.
import type { RoomId } from "../../../protocol/bindings/protocol.ts";

const TELL_MS = 400;

/** Read marks on their way. */
export class ReadMarks {
  #tell: (room: RoomId, position: number) => void;
  #marks = new Map<RoomId, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (room: RoomId, position: number) => void) {
    this.#tell = tell;
  }

  /** Read up to a position. */
  set(room: RoomId, position: number): void {
    this.#marks.set(room, Math.max(position, this.#marks.get(room) ?? 0));
    this.#timer ??= setTimeout(() => this.#go(), TELL_MS);
  }

  /** Forgets what was not told. */
  clear(): void {
    this.#marks.clear();
  }

  #go(): void {
    this.#timer = undefined;
    for (const [room, position] of this.#marks) this.#tell(room, position);
    this.#marks.clear();
  }
}
