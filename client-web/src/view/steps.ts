//! The pages of coming in, one for each step a session can lack. A page asks its command, and hands what came of it to
//! `desk.sitting.goOn`.
import type { Component } from "svelte";
import type { Next } from "../../../protocol/bindings/protocol.ts";

/** Fetches the page of each step; a step without one says that this app does not know it yet. */
export const STEPS: Partial<Record<Next, () => Promise<{ default: Component }>>> = {
  second_factor: () => import("./SecondFactor.svelte"),
  new_password: () => import("./NewPassword.svelte"),
  acting_person: () => import("./ActingPerson.svelte"),
  rules: () => import("./rules/RulesStep.svelte"),
};
