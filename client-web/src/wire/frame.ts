//! Text ⇄ words: the frames of a link and the body of an HTTP reply.
import * as v from "valibot";
import {
  type Commands,
  type Event,
  type Hello,
  PROTOCOL,
  type Refused,
  type Welcome,
} from "../../../protocol/bindings/protocol.ts";
import { closeReason, event, refused, welcome } from "./shapes/frames.ts";
import { shapeOf } from "./shapes/replies.ts";

/** The name of something a client may ask. */
export type CommandName = keyof Commands;
/** What goes with it. */
export type Ask<Name extends CommandName> = Commands[Name]["ask"];
/** What comes back for it. */
export type Reply<Name extends CommandName> = Commands[Name]["reply"];

/** How an ask ended. `lost` means that nobody knows: the link fell, or the answer could not be read. */
export type Answer<T> = { is: "ok"; ok: T } | { is: "refused"; refused: Refused } | { is: "lost" };

/** A frame from the server. */
export type Frame =
  | { is: "welcome"; welcome: Welcome }
  | { is: "ok"; id: number; ok: unknown }
  | { is: "refused"; id: number | undefined; refused: Refused }
  | { is: "event"; event: Event }
  | { is: "unreadable" };

const UNREADABLE: Frame = { is: "unreadable" };

const anyFrame = v.union([
  v.object({ welcome }),
  v.object({ id: v.number(), ok: v.unknown() }),
  v.object({ id: v.exactOptional(v.number()), refused }),
  event,
]);

/** Reads a frame; what does not fit is `unreadable`, never an exception. */
export function readFrame(text: string): Frame {
  const read = v.safeParse(anyFrame, fromJson(text));
  if (!read.success) return UNREADABLE;
  const frame = read.output;
  if ("welcome" in frame) return { is: "welcome", welcome: frame.welcome };
  if ("event" in frame) return { is: "event", event: frame };
  if ("refused" in frame) return { is: "refused", id: frame.id, refused: frame.refused };
  return { is: "ok", id: frame.id, ok: frame.ok };
}

/** Reads the body of an HTTP reply. */
export function readBody<Name extends CommandName>(name: Name, text: string): Answer<Reply<Name>> {
  const body = fromJson(text);
  const no = v.safeParse(v.object({ refused }), body);
  if (no.success) return { is: "refused", refused: no.output.refused };
  const yes = v.safeParse(v.object({ ok: v.unknown() }), body);
  return yes.success ? readReply(name, yes.output.ok) : { is: "lost" };
}

/** Checks what came back for a command. Its shape is fetched before it is asked: without one, nothing can be read. */
export function readReply<Name extends CommandName>(name: Name, ok: unknown): Answer<Reply<Name>> {
  const shape = shapeOf(name);
  const read = shape && v.safeParse(shape, ok);
  return read?.success ? { is: "ok", ok: read.output as Reply<Name> } : { is: "lost" };
}

/** Writes a command. */
export function writeAsk<Name extends CommandName>(id: number, name: Name, ask: Ask<Name>): string {
  return JSON.stringify({ id, do: name, ask });
}

/** Writes the first frame. */
export function writeHello(hello: Omit<Hello, "protocol">): string {
  return JSON.stringify({ hello: { protocol: PROTOCOL, ...hello } });
}

/** How long the server wants a closed link to stay away, if its reason says so. */
export function readCloseReason(reason: string): number | undefined {
  const read = v.safeParse(closeReason, fromJson(reason));
  return read.success ? read.output.retry_after_ms : undefined;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
