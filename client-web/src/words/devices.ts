//! The words of the pages about devices, in the language in use. They come with those pages, not with the first load.
import { devicesEn } from "./devices-en.ts";
import { type DevicesWords, devicesJa } from "./devices-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the pages say. */
export function devicesWords(): DevicesWords {
  return speech.lang === "ja" ? devicesJa : devicesEn;
}
