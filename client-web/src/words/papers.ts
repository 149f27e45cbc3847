//! The words of pledges, trainings and changes of staff, in the language in use. They come with the pages that say them.
import { papersEn } from "./papers-en.ts";
import { type PapersWords, papersJa } from "./papers-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts of the pages say. */
export function papersWords(): PapersWords {
  return speech.lang === "ja" ? papersJa : papersEn;
}
