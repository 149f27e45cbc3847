//! What every shape is made of.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { type Reads, reads } from "../exactly.ts";

/** Shapes of replies, by the name of the command. */
export type Replies = { [Name in keyof p.Commands]?: Reads<p.Commands[Name]["reply"]> };

export const id = v.string();
export const number = v.pipe(v.number(), v.safeInteger());
export const may = v.exactOptional;

export const done = reads<p.Done>()(v.record(v.string(), v.never()));
