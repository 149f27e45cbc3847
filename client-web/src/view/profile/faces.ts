//! The faces of whoever is signed in now: what was seen by somebody else on this device is not shown to her.

import type { Desk } from "../../model/desk.svelte.ts";
import { Faces } from "../../model/faces.svelte.ts";

let held: { desk: Desk; account: string | undefined; faces: Faces } | undefined;

/** Photos and marks beside names. */
export function facesOf(desk: Desk): Faces {
  const account = desk.me?.account;
  if (held?.desk !== desk || held.account !== account) {
    held = { desk, account, faces: new Faces((name, ask) => desk.ask(name, ask)) };
  }
  return held.faces;
}
