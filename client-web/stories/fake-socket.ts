//! A WebSocket of the fake server.
import type { Socket } from "../src/wire/link.ts";
import type { FakeServer } from "./fake-server.ts";

/** A socket of the fake. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  isGreeted = false;
  #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  send(text: string): void {
    this.#server.take(this, text);
  }

  close(): void {
    this.#server.leave(this);
  }

  /** The server says something. */
  hear(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The socket falls. */
  fall(code: number, reason = ""): void {
    this.onclose?.({ code, reason });
  }
}
