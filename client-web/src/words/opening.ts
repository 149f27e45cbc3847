//! The words of opening timelines, in the language in use. They come with the pages that say them.
import { openingEn } from "./opening-en.ts";
import { type OpeningWords, openingJa } from "./opening-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these pages say. */
export function openingWords(): OpeningWords {
  return speech.lang === "ja" ? openingJa : openingEn;
}
