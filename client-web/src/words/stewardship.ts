//! The words of which office answers for a patient and whom it looks at again, in the language in use. They come with the pages
//! that say them.
import { speech } from "./speech.svelte.ts";
import { stewardshipEn } from "./stewardship-en.ts";
import { type StewardshipWords, stewardshipJa } from "./stewardship-ja.ts";

/** What these pages say. */
export function stewardshipWords(): StewardshipWords {
  return speech.lang === "ja" ? stewardshipJa : stewardshipEn;
}
