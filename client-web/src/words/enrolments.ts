//! The words of enrolments, in the language in use. They come with the pages that say them.
import { enrolmentsEn } from "./enrolments-en.ts";
import { type EnrolmentsWords, enrolmentsJa } from "./enrolments-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts of the pages say. */
export function enrolmentsWords(): EnrolmentsWords {
  return speech.lang === "ja" ? enrolmentsJa : enrolmentsEn;
}
