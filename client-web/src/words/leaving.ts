//! The words of being kept out, leaving and moving, in the language in use. They come with the pages that say them.
import { leavingEn } from "./leaving-en.ts";
import { type LeavingWords, leavingJa } from "./leaving-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts of the pages say. */
export function leavingWords(): LeavingWords {
  return speech.lang === "ja" ? leavingJa : leavingEn;
}
