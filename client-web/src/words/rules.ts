//! The words of rules and exceptions, in the language in use. They come with the pages that say them.
import { rulesEn } from "./rules-en.ts";
import { type RulesWords, rulesJa } from "./rules-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts of the pages say. */
export function rulesWords(): RulesWords {
  return speech.lang === "ja" ? rulesJa : rulesEn;
}
