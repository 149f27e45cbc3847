//! The words of the page about consents, in the language in use. They come with it, not with the first load.
import { consentsEn } from "./consents-en.ts";
import { type ConsentsWords, consentsJa } from "./consents-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the page says. */
export function consentsWords(): ConsentsWords {
  return speech.lang === "ja" ? consentsJa : consentsEn;
}
