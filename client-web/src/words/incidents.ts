//! The words of the pages about incidents, in the language in use. They come with those pages, not with the first load.
import { incidentsEn } from "./incidents-en.ts";
import { type IncidentsWords, incidentsJa } from "./incidents-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the pages say. */
export function incidentsWords(): IncidentsWords {
  return speech.lang === "ja" ? incidentsJa : incidentsEn;
}
