//! The pages of coming in, one for each step a session can lack. A page asks its command, and hands what came of it to
//! `desk.goOn`.
import type { Component } from "svelte";
import type { Next } from "../../../protocol/bindings/protocol.ts";
import ActingPerson from "./ActingPerson.svelte";
import NewPassword from "./NewPassword.svelte";
import SecondFactor from "./SecondFactor.svelte";

/** The page of each step; a step without one says that this app does not know it yet. */
export const STEPS: Partial<Record<Next, Component>> = {
  second_factor: SecondFactor,
  new_password: NewPassword,
  acting_person: ActingPerson,
};
