//! The words of an administrator's page, in the language in use. They come with that page, not with the first load.
import { officeEn } from "./office-en.ts";
import { type OfficeWords, officeJa } from "./office-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the page says. */
export function officeWords(): OfficeWords {
  return speech.lang === "ja" ? officeJa : officeEn;
}
