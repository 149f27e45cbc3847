//! The words of what people agree on, in the language in use. They come with the parts that say them.
import { groupsEn } from "./groups-en.ts";
import { type GroupWords, groupsJa } from "./groups-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What these parts say. */
export function groupWords(): GroupWords {
  return speech.lang === "ja" ? groupsJa : groupsEn;
}
