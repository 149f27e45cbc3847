//! The words of profile, photo and verification, in the language in use. They come with those pages, not with the first load.
import { profileEn } from "./profile-en.ts";
import { type ProfileWords, profileJa } from "./profile-ja.ts";
import { speech } from "./speech.svelte.ts";

/** What the pages say. */
export function profileWords(): ProfileWords {
  return speech.lang === "ja" ? profileJa : profileEn;
}
