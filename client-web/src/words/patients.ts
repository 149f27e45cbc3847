//! The words of the page about patients' data and accounts, in the language in use. They come with it, not with the first load.
import { patientsEn } from "./patients-en.ts";
import { type PatientsWords, patientsJa } from "./patients-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the page says. */
export function patientsWords(): PatientsWords {
  return speech.lang === "ja" ? patientsJa : patientsEn;
}
