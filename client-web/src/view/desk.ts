//! Hands the desk to every screen under the app.
import { getContext, setContext } from "svelte";
import type { Desk } from "../model/desk.svelte.ts";
import type { Clock } from "./clock.svelte.ts";

const KEY = Symbol("desk");

/** What every screen needs. */
export type AtHand = { desk: Desk; clock: Clock };

/** Puts the desk in reach. */
export function setDesk(atHand: AtHand): void {
  setContext(KEY, atHand);
}

/** The desk, and the time on screen. */
export function atDesk(): AtHand {
  return getContext<AtHand>(KEY);
}
