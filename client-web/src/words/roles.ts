//! The words of roles, in the language in use. They come with the pages that say them.
import { rolesEn } from "./roles-en.ts";
import { type RolesWords, rolesJa } from "./roles-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts of the pages say. */
export function rolesWords(): RolesWords {
  return speech.lang === "ja" ? rolesJa : rolesEn;
}
