//! The words of complete erasure, in the language in use. They come with the pages that say them.
import { erasuresEn } from "./erasures-en.ts";
import { type ErasuresWords, erasuresJa } from "./erasures-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these pages say. */
export function erasuresWords(): ErasuresWords {
  return speech.lang === "ja" ? erasuresJa : erasuresEn;
}
